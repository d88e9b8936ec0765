import { beforeAll, describe, expect, it } from "vitest";
import type { TwinFamily } from "../../../src/engine/analysis/twins/twin";
import { inline } from "../../../src/engine/compute/tasks";
import { steer } from "../../../src/engine/steer";
import type { Recording } from "../../../src/engine/twins/recordingModel";
import { twinStudy } from "../../../src/engine/twins/twinStudy";
import { twinStudyData } from "../../../src/engine/twins/twinStudyData";
import type { SectionFigures } from "../../../src/engine/sections/sectionFigures";
import { conceptDirectionFigures } from "../../../src/engine/sections/conceptDirections";
import { steeringSection } from "../../../src/engine/sections/steering";
import type { Study } from "../../../src/engine/sections/study";
import { subspacesSection } from "../../../src/engine/sections/subspaces";
import { embeddedStudy } from "../twins/embeddedStudy";

let study: Study;
let recording: Recording;
beforeAll(async () => {
  ({ study, recording } = await embeddedStudy("continent.relation.yaml"));
  // A twin knows the words that the model itself was asked for.
  conceptDirectionFigures(study);
});

/** Every number, in order. */
function numbersOf(value: unknown): number[] {
  if (typeof value === "number") return Number.isFinite(value) ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersOf) : [];
}

async function figures(
  of: Study,
): Promise<Pick<SectionFigures, "steering" | "coupling" | "subspaces" | "conceptDirections">> {
  const { steering, coupling } = await steeringSection(of, []);
  const { subspaces, conceptDirections } = await subspacesSection(of, []);
  return { steering, coupling, subspaces, conceptDirections };
}

describe("the embedded model and its twins", () => {
  it.each<TwinFamily>(["changeOfBasis", "changeOfDimension"])("share all that is identifiable: %s", async (family) => {
    const data = twinStudyData(study, recording, null);
    const of = (member: TwinFamily | null) => figures(twinStudy(data, { family: member, number: 0, condition: 100 }, inline)); // prettier-ignore
    const [own, twin] = [await of(null), await of(family)];
    expect(own.steering).toHaveLength(6);
    expect(own.coupling!.matrix).toHaveLength(3);
    expect(own.subspaces).toHaveLength(5);
    expect(own.conceptDirections!.names).toHaveLength(3);
    const identifiable = ({ steering, coupling, subspaces, conceptDirections }: typeof own) =>
      [steering, coupling, subspaces, conceptDirections!.distributional, family === "changeOfBasis" ? conceptDirections!.causal : null].flatMap(numbersOf); // prettier-ignore
    const [a, b] = [identifiable(own), identifiable(twin)];
    expect(b.length).toBe(a.length);
    expect(a.length).toBeGreaterThan(80);
    const furthest = Math.max(...a.map((x, i) => Math.abs(x - b[i]!) / Math.max(1e-3, Math.abs(x))));
    expect(furthest).toBeLessThan(1e-6);
    const euclidean = (one: typeof own) => numbersOf(one.conceptDirections!.euclidean);
    expect(Math.max(...euclidean(own).map((x, i) => Math.abs(x - euclidean(twin)[i]!)))).toBeGreaterThan(1e-2);
  });
});

describe("the embedded model, steered by hand", () => {
  it("answers the slider in less than 30 ms at f and 100 ms at a layer, once the vector is there", async () => {
    const params = { alpha: 1, template: 0, sample: 0, to: 13, continuation: 0 } as const;
    const timed = async (layer: "final" | number, method: "minimumNorm" | "pseudoInverse") => {
      await steer({ ...params, layer, method, alpha: 0.5 }, study);
      let fastest = Infinity;
      for (let run = 0; run < 5; run++) {
        const start = performance.now();
        await steer({ ...params, layer, method, alpha: 1 + run / 10 }, study);
        fastest = Math.min(fastest, performance.now() - start);
      }
      return fastest;
    };
    expect(await timed("final", "minimumNorm")).toBeLessThan(30);
    expect(await timed(0, "pseudoInverse")).toBeLessThan(100);
  });

  it("says another continent, in the text as well", async () => {
    for (const [layer, method] of [
      ["final", "minimumNorm"],
      [0, "pseudoInverse"],
    ] as const) {
      // prettier-ignore
      const result = await steer({ layer, method, alpha: 1.5, template: 0, sample: 0, to: 13, continuation: 2 }, study);
      expect([result.prompt, result.from.text, result.to.text]).toEqual([
        "The continent of Morocco is",
        " Africa",
        " Asia",
      ]);
      expect(result.textBefore).toBe(" Africa.");
      expect(result.textAfter).toBe(" Asia.");
    }
  });
});
