import { describe, expect, it } from "vitest";
import { propertyRows } from "../../../src/engine/report/propertyRows";
import { noFigures } from "../../../src/engine/sections/sectionFigures";
import { erased, fit, map, parallelism, probe, steered } from "./figures";

type Figures = Parameters<typeof propertyRows>[0];
const rows = (figures: Partial<Figures>) => propertyRows({ prompts: [], ...noFigures, ...figures });
const caveats = (figures: Partial<Figures>) => rows(figures).map(({ caveat }) => caveat);

describe("the caveat of a property", () => {
  it("is that its contexts are few, each map's own, and only of maps over contexts", () => {
    const many = { effectiveContexts: 5, general: map(), generalEffectiveContexts: 5 };
    expect(caveats({ parallelism: parallelism(many) })).toEqual([null, null, null, null]);
    const [relation, general, causal] = caveats({
      parallelism: parallelism({ ...many, effectiveContexts: 1.84, generalEffectiveContexts: 4.9 }),
    });
    expect(relation).toMatch(/^over 1\.8 effective contexts/);
    expect(general).toMatch(/^over 4\.9 effective contexts/);
    expect(causal).toBeNull();
    expect(caveats({ parallelism: parallelism({ effectiveContexts: null }) })[0]).toBeNull();
  });

  it("is that the embedding has it already, where that is the verdict", () => {
    expect(caveats({ probes: [probe({ layer: 0, accuracy: 0.88 }), probe()] })).toEqual([
      expect.stringMatching(/embeddings of the words/),
    ]);
    expect(caveats({ probes: [probe({ layer: 0, accuracy: 0.3, interval: [0.2, 0.4] }), probe()] })).toEqual([null]);
  });

  it("is that steering at f follows by construction, and at a layer does not", () => {
    const said = rows({ steering: [steered(), steered({ layer: 2, method: "differenceOfMeans" })] });
    const successes = said.filter(({ path }) => path?.endsWith("successRate") === true);
    expect(successes.map(({ layer }) => layer)).toEqual(["final", 2]);
    expect(successes[0]?.caveat).toMatch(/follows from how the vector is made/);
    expect(successes[1]?.caveat).toBeNull();
  });
});

describe("the state that a property is about", () => {
  it("is f, or the hidden layer of an intervention", () => {
    expect(rows({ linearity: [fit()], parallelism: parallelism() }).map(({ layer }) => layer)).toEqual(
      expect.arrayContaining(["final"]),
    );
    expect(new Set(rows({ linearity: [fit()], parallelism: parallelism() }).map(({ layer }) => layer)).size).toBe(1);
    expect(rows({ erasure: [erased({ layer: 3 })] }).map(({ layer }) => layer)).toEqual([3]);
    const causal = fit({ layer: 1, causality: 0.8, causalityInterval: [0.6, 0.9], causalityRandom: 0.1 });
    expect(rows({ linearity: [fit(), causal] }).find(({ path }) => path?.endsWith(".causality"))?.layer).toBe(1);
  });
});
