import { beforeAll, describe, expect, it } from "vitest";
import { geometryFrom } from "../../../src/engine/analysis/geometry/geometry";
import { inline, type Compute, type TaskArguments } from "../../../src/engine/compute/tasks";
import { dot, zeros, type Matrix } from "../../../src/engine/linalg/matrix";
import { moves, withIdentifiable } from "../../../src/engine/report/identifiable";
import type { computeSections } from "../../../src/engine/sections/computeSections";
import { noFigures, type SectionFigures } from "../../../src/engine/sections/sectionFigures";
import { parallelismSection } from "../../../src/engine/sections/parallelism";
import type { Study } from "../../../src/engine/sections/study";
import { leavesOf } from "../../../src/engine/twins/leaves";
import type { Recording } from "../../../src/engine/twins/recordingModel";
import { twinStudyData } from "../../../src/engine/twins/twinStudyData";
import { isSame } from "../../../src/engine/twins/widest";
import { twinFigures } from "../../../src/engine/twins/twinFigures";
import { twinTest } from "../../../src/engine/twins/twinTest";
import type { Relation } from "../../../src/protocol/relation";
import { sections, type Section, type TwinRanges } from "../../../src/protocol/report";
import { embeddedStudy, figuresOf } from "./embeddedStudy";

/** Sections of a test's own in place of the report's. */
function computeWith(run: (study: Study) => Promise<SectionFigures>): Compute {
  const own: typeof computeSections = (_, hooks) => run(hooks.studyOf("parallelism"));
  return {
    run: (name, ...args) => {
      if (name !== "twinFigures") return inline.run(name, ...args);
      const [data, members, options] = args as unknown as Parameters<typeof twinFigures>;
      return twinFigures(data, members, options, inline, own) as ReturnType<typeof inline.run<typeof name>>;
    },
  };
}

interface Tested {
  readonly figures: SectionFigures;
  readonly ranges: TwinRanges;
  readonly warnings: readonly string[];
}

async function tested(
  { study, recording }: { study: Study; recording: Recording },
  only: readonly Section[],
  options: { count: number; condition?: number; compute?: Compute; figures?: SectionFigures },
): Promise<Tested> {
  const figures = options.figures ?? (await figuresOf(study, only));
  const warnings: string[] = [];
  const ranges = await twinTest(
    { study, recording, figures, only },
    { compute: inline, ...options, warn: (...parts) => warnings.push(parts.join(" · ")) },
  );
  return { figures: withIdentifiable(figures, ranges), ranges, warnings };
}

const few = (relation: Relation): Relation => ({ ...relation, samples: relation.samples.slice(0, 12) });

describe("the twin test of a section of one's own", () => {
  let embedded: Awaited<ReturnType<typeof embeddedStudy>>;
  beforeAll(async () => (embedded = await embeddedStudy("superlative.relation.yaml", few)));

  /** A report with one figure, in a place where an object carries `identifiable`. */
  const reportOf = (figure: number): SectionFigures => ({
    ...noFigures,
    coupling: { names: [], matrix: [[figure]], identifiable: null },
  });
  const verdictOf = async (figure: (study: Study) => number) => {
    const compute = computeWith((study) => Promise.resolve(reportOf(figure(study))));
    const figures = reportOf(figure(embedded.study));
    const { figures: marked, ranges } = await tested(embedded, ["steering"], { count: 3, compute, figures });
    return { verdict: marked.coupling?.identifiable, range: ranges.changeOfBasis["coupling.matrix"] ?? [0, 0] };
  };
  const norm = (values: ArrayLike<number>) => Math.sqrt(Array.from(values).reduce((sum, x) => sum + x * x, 0));

  it("catches a Euclidean norm of f in raw coordinates", async () => {
    const { verdict, range } = await verdictOf(({ activations, model }) =>
      norm(activations.f.subarray(0, model.description.hiddenSize)),
    );
    expect(verdict).toBe("never");
    expect(range[1] / range[0]).toBeGreaterThan(1.1);
  });

  it("calls the whitened norm of f the same in all models", async () => {
    const { verdict, range } = await verdictOf(({ activations, model, geometry }) => {
      const d = model.description.hiddenSize;
      return norm(geometry.embed({ rows: 1, cols: d, data: Float64Array.from(activations.f.subarray(0, d)) }).data);
    });
    expect(verdict).toBe("always");
    expect(range[0]).toBeGreaterThan(0.1);
  });

  it("tells a change of dimension from a change of basis", async () => {
    const { verdict } = await verdictOf(({ geometry, readouts, model }) => {
      const id = readouts[0]?.answer ?? 0;
      expect(geometry.dimension).toBe(model.description.hiddenSize);
      const row = geometry.rows([id]);
      return norm(geometry.unembed({ ...row, data: row.data.map((x, j) => x - (geometry.mean[j] ?? NaN)) }).data);
    });
    expect(verdict).toBe("underDiversity");
  });

  it("catches an analysis that sees the orientation of its inputs, though twins share what it gives", async () => {
    const firstPrompts = ({ activations, model, geometry }: Study): Matrix => {
      const d = model.description.hiddenSize;
      return geometry.embed({ rows: 2, cols: d, data: Float64Array.from(activations.f.subarray(0, 2 * d)) });
    };
    let computed = 0;
    const seeing = (of: (inputs: Matrix) => number): Compute => ({
      run: (name, ...args) => {
        if (name !== "linearity") return inline.run(name, ...args);
        computed++;
        const [[template]] = args as unknown as TaskArguments<"linearity">;
        const found = { fits: [{ r2Logit: of(template!.inputs) }], warnings: [] };
        return Promise.resolve(found) as unknown as ReturnType<typeof inline.run<typeof name>>;
      },
    });
    const own: typeof computeSections = async (_, hooks) => {
      const study = hooks.studyOf("steering");
      const template = {
        inputs: firstPrompts(study),
        answerLogits: zeros(2, 1),
        inputAnswerLogits: null,
        vocabulary: null,
      };
      const options = { seed: 1, where: "", standardise: false };
      const { fits } = await study.compute.run("linearity", [template], options);
      return reportOf(fits[0]?.r2Logit ?? NaN);
    };
    const verdict = async (of: (inputs: Matrix) => number) => {
      computed = 0;
      const compute: Compute = {
        run: (name, ...args) => {
          if (name !== "twinFigures") return inline.run(name, ...args);
          const [data, members, options] = args as unknown as Parameters<typeof twinFigures>;
          return twinFigures(data, members, options, seeing(of), own) as ReturnType<typeof inline.run<typeof name>>;
        },
      };
      const figures = reportOf(of(firstPrompts(embedded.study)));
      const result = await tested(embedded, ["steering"], { count: 3, compute, figures });
      // The model itself, and the first twin of the batch.
      expect(computed).toBe(2);
      return result.figures.coupling?.identifiable;
    };
    expect(await verdict(({ data }) => data[0]!)).toBe("never");
    expect(await verdict(({ data, cols }) => dot(data.subarray(0, cols), data.subarray(cols)))).toBe("always");

    // Also in one batch with them, the model itself computes for itself.
    computed = 0;
    const data = twinStudyData(embedded.study, embedded.recording, null);
    const members = ([null, "changeOfBasis", "changeOfBasis"] as const).map((family, number) => ({
      family,
      number,
      condition: 100,
    }));
    const only: readonly Section[] = ["steering"];
    await twinFigures(
      data,
      members,
      { only, thrifty: true },
      seeing(({ data: [first] }) => first!),
      own,
    );
    expect(computed).toBe(2);
  });

  it("would see the rounding of float32, and so has to keep twins in float64", async () => {
    const rounded = (study: Study): Study => {
      const f = Float64Array.from(Float32Array.from(study.activations.f));
      const { unembedding } = study.model;
      const weight = Float64Array.from(Float32Array.from(unembedding.weight));
      const geometry = geometryFrom({ ...unembedding, weight }, study.geometry);
      return { ...study, geometry, activations: { ...study.activations, f } };
    };
    const parallelism = async (study: Study) => ({ ...noFigures, parallelism: await parallelismSection(study) });
    const compute = computeWith((study) => parallelism(rounded(study)));
    const exact = computeWith(parallelism);
    const options = { count: 5, figures: await parallelism(embedded.study) };
    const verdict = async (of: Compute) =>
      (await tested(embedded, ["parallelism"], { ...options, compute: of })).figures.parallelism?.distributional
        ?.identifiable;
    expect(await verdict(exact)).toBe("always");
    expect(await verdict(compute)).not.toBe("always");
  });

  it("says which section could not be run, and goes on", async () => {
    const compute: Compute = {
      run: (name, ...args) =>
        inline.run(name, ...args).then((found) => {
          if (name !== "twinFigures") return found;
          const members = found as Awaited<ReturnType<typeof twinFigures>>;
          return members.map((member) => ({
            ...member,
            failures: [{ section: "probes", message: "no such context" }],
          })) as unknown as typeof found;
        }),
    };
    const { warnings, ranges } = await tested(embedded, ["parallelism"], { count: 1, compute });
    expect(warnings).toEqual([
      "twins-section-failed · The twin test of this section could not be run: no such context. · probes",
    ]);
    expect(ranges.changeOfBasis["parallelism.causal.mean"]).toBeDefined();
  });
});

describe("the model itself, as the twins see it", () => {
  it("has the report's own figures on f, up to the rounding of float32", async () => {
    const { study, recording } = await embeddedStudy("superlative.relation.yaml", few);
    const figures = await figuresOf({ ...study, layers: [] }, sections);
    const itself = { family: null, number: 0, condition: 100 };
    const all = { only: sections, thrifty: false };
    const [found] = await twinFigures(twinStudyData(study, recording, null), [itself], all, inline);
    expect(found?.failures).toEqual([]);
    const own = leavesOf(figures);
    const different = own.flatMap(({ path, key, values }) => {
      const other = found?.values.get(key);
      return other === undefined || isSame(values, other, 1e-3) ? [] : [path];
    });
    expect(different).toEqual([]);
    expect(own.filter(({ key }) => found?.values.has(key)).length).toBeGreaterThan(200);
  });
});

describe("the twin test of a report on the embedded model", () => {
  let result: Tested;
  beforeAll(async () => {
    result = await tested(await embeddedStudy("superlative.relation.yaml", few), sections, { count: 4 });
  }, 300_000);

  it("runs every section", () => {
    expect(result.warnings).toEqual([]);
    const parts = (paths: string[]) => [...new Set(paths.map((path) => path.split(/[.[]/)[0]))].sort();
    // Erasure is an intervention at hidden layers.
    const expected = parts(leavesOf(result.figures).map(({ path }) => path)).filter((part) => part !== "erasure");
    expect(parts(Object.keys(result.ranges.changeOfBasis))).toEqual(expected);
    expect(parts(Object.keys(result.ranges.changeOfDimension))).toEqual(expected);
  });

  it("contains the report's own value in every range, up to the rounding of float32", () => {
    const values = new Map(leavesOf(result.figures).map(({ path, values }) => [path, values]));
    const outside = Object.entries(result.ranges.changeOfBasis).filter(([path, [low, high]]) => {
      const own = values.get(path);
      // Of an array, the range is that of any entry, and float32 rounds by the largest.
      const slack = 1e-4 * Math.max(...(own ?? []).map(Math.abs), Math.abs(low), Math.abs(high)) + 1e-6;
      return own === undefined || !own.some((x) => x >= low - slack && x <= high + slack);
    });
    expect(outside).toEqual([]);
  });

  it("finds what the theory says of parallelism", () => {
    const { parallelism } = result.figures;
    expect(parallelism?.distributional?.identifiable).toBe("always");
    expect(parallelism?.causal?.identifiable).toBe("underDiversity");
    expect(parallelism?.euclidean?.identifiable).toBe("never");
    expect(parallelism?.embeddings?.causal?.identifiable).toBe("always");
    expect(parallelism?.embeddings?.euclidean?.identifiable).toBe("never");
    const [low, high] = result.ranges.changeOfBasis["parallelism.euclidean.mean"] ?? [0, 0];
    expect(high - low).toBeGreaterThan(0.1);
    expect(moves(result.ranges.changeOfDimension["parallelism.effectiveContexts"])).toBe(false);
    expect(moves(result.ranges.changeOfDimension["parallelism.slopes"])).toBe(false);
  });

  it("covers the costly fits too: KL of every template, and probes with a hidden layer", () => {
    const { linearity, probes } = result.figures;
    const costly = [
      ...linearity.filter(({ estimator, layer }) => estimator === "kl" && layer === "final"),
      ...probes.filter(({ estimator, layer }) => estimator === "mlp" && layer === "final"),
    ];
    expect(costly.length).toBeGreaterThan(2);
    expect(costly.map(({ identifiable }) => identifiable)).toEqual(costly.map(() => "always"));
    for (const [index, { estimator, layer }] of linearity.entries()) {
      if (estimator !== "kl" || layer !== "final") continue;
      for (const family of ["changeOfBasis", "changeOfDimension"] as const) {
        const [low, high] = result.ranges[family][`linearity[${index}].klInAnswers`] ?? [0, 1];
        expect(high - low).toBeLessThan(1e-6 * high);
      }
    }
  });
});

describe("steering and coupling at f", () => {
  // Relations whose contexts hardly differ in some directions, which must not enter with their rounding.
  it.each(["gender", "opposite"])("are the same in every twin: %s", async (name) => {
    const { figures, ranges, warnings } = await tested(await embeddedStudy(`${name}.relation.yaml`), ["steering"], {
      count: 3,
    });
    expect(warnings).toEqual([]);
    expect(figures.coupling?.identifiable).toBe("always");
    const moved = Object.entries(ranges.changeOfDimension).filter(([, range]) => moves(range));
    expect(moved).toEqual([]);
    const final = figures.steering.filter(({ layer }) => layer === "final");
    expect(final.length).toBeGreaterThan(3);
    expect(new Set(final.map(({ identifiable }) => identifiable))).toEqual(new Set(["always"]));
  });
});
