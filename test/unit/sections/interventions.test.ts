import { beforeAll, describe, expect, it } from "vitest";
import { erasureFigures } from "../../../src/engine/sections/erasure";
import { interventionLayers } from "../../../src/engine/sections/interventions";
import { steeringSection } from "../../../src/engine/sections/steering";
import { alphas } from "../../../src/engine/sections/steering/finalSteering";
import type { Study } from "../../../src/engine/sections/study";
import { subspacesSection } from "../../../src/engine/sections/subspaces";
import { steer } from "../../../src/engine/steer";
import type { SteerParams } from "../../../src/protocol/engine";
import { ProblemError } from "../../../src/protocol/problem";
import type { SteeringResult } from "../../../src/protocol/report";
import { code, linearStudy, relationA, relationB, subjects } from "./linearModel";

let study: Study;
let warnings: string[];
beforeAll(async () => {
  ({ study, warnings } = await linearStudy());
});

it("the toy model answers every prompt rightly", () => {
  for (const { readouts } of [study, ...study.controls]) expect(readouts.map(({ rank }) => rank)).toEqual(readouts.map(() => 1)); // prettier-ignore
});

describe("erasure", () => {
  it("sends exactly the relation's answers to chance, and leaves another relation alone", async () => {
    const results = await erasureFigures(study, []);
    expect(results.map(({ template, layer }) => [template, layer])).toEqual(
      relationA.templates.flatMap((template) => [[template, 0], [template, 1]]), // prettier-ignore
    );
    for (const { rank, n, before, after, interval, afterRandom, kl, controls } of results) {
      // Three directions tell four answers apart; without them the first answer wins everywhere.
      expect([rank, n, before, after]).toEqual([3, 24, 1, 1 / 4]);
      expect(interval[0]).toBeLessThan(1 / 4);
      expect(interval[1]).toBeGreaterThan(1 / 4);
      expect(afterRandom).toBeGreaterThan(0.6);
      expect(kl).toBeGreaterThan(0.5);
      expect(controls).toHaveLength(1);
      expect(controls[0]).toMatchObject({ relation: "B", n: 24, before: 1, after: 1 });
      expect(controls[0]!.kl).toBeLessThan(0.05 * kl);
    }
  });

  it("uses the rank of the layer's fit, at most 8, and says where there is no map", async () => {
    const fit = (template: string, layer: "final" | number, rank: number | null) =>
      ({ template, layer, estimator: "leastSquares", rank }) as Parameters<typeof erasureFigures>[1][number];
    const { study: own, warnings: said } = await linearStudy({ controls: [] });
    const results = await erasureFigures(own, [
      ...relationA.templates.map((template) => fit(template, "final", 2)),
      fit("{} qa", 1, 1),
      fit("w1 {} qa", 0, null),
    ]);
    expect(results.map(({ template, layer, rank }) => [template, layer, rank])).toEqual([
      ["{} qa", 0, 2],
      ["{} qa", 1, 1],
      ["w1 {} qa", 0, 2],
      ["w1 {} qa", 1, 2],
    ]);
    // One of three directions is not enough.
    expect(results[1]!.after).toBeGreaterThan(1 / 4);
    expect(said).toEqual([]);
    const messages: string[] = [];
    const heard: Study = { ...own, warn: (code, message) => messages.push(`${code}: ${message}`) };
    const nothing = await erasureFigures(heard, relationA.templates.map((template) => fit(template, "final", null))); // prettier-ignore
    expect(nothing).toEqual([]);
    const because = "the linear maps there predict nothing on held-out subjects.";
    expect(messages).toEqual([
      `erasure-without-subspace: Nothing is erased in “{} qa” and “w1 {} qa” at layers 0, 1: ${because}`,
    ]);
    messages.length = 0;
    // A fit at a layer without a rank leaves that of f.
    await erasureFigures(heard, [fit("{} qa", "final", null), fit("{} qa", 0, 2), fit("w1 {} qa", "final", null)]);
    expect(messages).toEqual([
      `erasure-without-subspace: Nothing is erased in “{} qa” at layer 1; in “w1 {} qa” at layers 0, 1: ${because}`,
    ]);
  });

  it("is left out for models into which nothing can be injected", async () => {
    const closed = { ...study, model: { ...study.model, injectable: [] } };
    expect(await erasureFigures(closed, [])).toEqual([]);
    const { steering } = await steeringSection(closed, []);
    expect(new Set(steering.map(({ layer }) => layer))).toEqual(new Set(["final"]));
  });
});

describe("steering", () => {
  let results: readonly SteeringResult[];
  let section: Awaited<ReturnType<typeof steeringSection>>;
  beforeAll(async () => {
    section = await steeringSection(study, []);
    results = section.steering;
  });
  const at = (layer: "final" | number, method: string, alpha: number) =>
    results.find((one) => one.layer === layer && one.method === method && one.alpha === alpha)!;

  it("has every method at every layer below the last, for every α", () => {
    const expected = [
      "final minimumNorm",
      ...[0, 1].flatMap((layer) => ["differenceOfMeans", "probeNormal", "pseudoInverse"].map((m) => `${layer} ${m}`)),
    ].flatMap((name) => alphas.map((alpha) => `${name} ${alpha}`));
    expect(results.map(({ layer, method, alpha }) => `${layer} ${method} ${alpha}`)).toEqual(expected);
    expect(warnings).not.toContain("steering-method-left-out");
  });

  it.each(["differenceOfMeans", "probeNormal", "pseudoInverse"])("flips exactly its answers: %s", (method) => {
    for (const layer of [0, 1]) {
      expect(at(layer, method, 0)).toMatchObject({
        successRate: 0,
        randomSuccessRate: 0,
        controlKl: 0,
        controlKept: 1,
      });
      expect(at(layer, method, 1)).toMatchObject({ successRate: 1, n: 20, controlKept: 1, controlN: 20 });
      expect(at(layer, method, 1).randomSuccessRate).toBeLessThan(0.3);
      expect(at(layer, method, 1).controlKl!).toBeLessThan(0.1);
      expect(at(layer, method, 1).targetLogProbability).toBeGreaterThan(at(layer, method, 0.5).targetLogProbability);
      expect(at(layer, method, 2).sourceLogProbability).toBeLessThan(at(layer, method, 1).sourceLogProbability);
      expect(at(layer, method, 1).interval[0]).toBeLessThan(1);
    }
  });

  it("moves the log-odds at a layer by what tells the subjects apart", () => {
    // 2 · code, but for what the noise axes let the means differ by.
    const odds = (alpha: number) => {
      const { targetLogProbability, sourceLogProbability } = at(0, "differenceOfMeans", alpha);
      return targetLogProbability - sourceLogProbability;
    };
    expect(odds(1) - odds(0)).toBeCloseTo(2 * code, 1);
    expect(odds(2) - odds(0)).toBeCloseTo(4 * code, 1);
  });

  it("flips them at f too, by the log-odds themselves, and leaves the control's log-ratios alone", () => {
    const [none, one] = [at("final", "minimumNorm", 0), at("final", "minimumNorm", 1)];
    expect(one).toMatchObject({ successRate: 1, n: 24, controlKept: 1, controlN: 24, heldOut: "5 folds by subject" });
    const gap = one.targetLogProbability - one.sourceLogProbability - (none.targetLogProbability - none.sourceLogProbability); // prettier-ignore
    expect(gap).toBeGreaterThan(2 * code - 1);
    expect(one.controlKl!).toBeLessThan(0.05);
  });

  it("gives three continuations at the best place, with the smallest α that reaches it", () => {
    expect(section.steeringExamples).toHaveLength(3);
    for (const { layer, method, alpha, from, to, without, with: steered } of section.steeringExamples) {
      const best = Math.max(...results.filter((one) => one.alpha > 0).map(({ successRate }) => successRate));
      expect(at(layer, method, alpha).successRate).toBe(best);
      expect(without.startsWith(from.text)).toBe(true);
      expect(steered.startsWith(to.text)).toBe(true);
      expect(without.trim().split(" ")).toHaveLength(8);
      expect(steered.trim().split(" ")).toHaveLength(8);
    }
  });

  it("couples answers as their codes do: of four equal ones, each takes a third from the others", () => {
    const { names, matrix } = section.coupling!;
    expect(names).toEqual([" a0", " a1", " a2", " a3"]);
    matrix.forEach((line, i) => {
      expect(line[i]).toBe(1);
      expect(line.reduce((sum, x) => sum + x, 0)).toBeCloseTo(0, 6);
      line.forEach((x, j) => i !== j && expect(x).toBeLessThan(0));
    });
  });

  it("says what it lacks: controls, subjects, different answers, answers that repeat", async () => {
    const alone = await linearStudy({ controls: [] });
    const { steering } = await steeringSection(alone.study, []);
    expect(alone.warnings).toEqual(["steering-without-controls"]);
    expect(steering.every(({ controlKl, controlKept, controlN }) => controlKl === null && controlKept === null && controlN === 0)).toBe(true); // prettier-ignore

    const few = await linearStudy({ relation: { ...relationA, samples: relationA.samples.slice(0, 3) } });
    expect((await steeringSection(few.study, [])).steering).toEqual([]);
    expect(few.warnings).toEqual(["steering-too-few-subjects"]);

    const same = await linearStudy({ relation: { ...relationA, samples: relationA.samples.filter((_, i) => i % 4 === 0) } }); // prettier-ignore
    expect((await steeringSection(same.study, [])).steering).toEqual([]);
    expect(same.warnings).toContain("steering-one-answer");

    const oneToOne = await linearStudy({ relation: { ...relationA, samples: relationA.samples.slice(0, 4) } });
    const methods = new Set((await steeringSection(oneToOne.study, [])).steering.map(({ method }) => method));
    expect(methods.has("probeNormal")).toBe(false);
    expect(oneToOne.warnings).toContain("steering-method-left-out");
  });

  it("computes the figures alone for a twin: nothing at layers, no random vectors", async () => {
    const twin = await steeringSection({ ...study, effort: "figures", layers: [] }, []);
    expect(twin.steeringExamples).toEqual([]);
    const own = results.filter(({ layer }) => layer === "final");
    expect(twin.steering).toEqual(own.map((one) => ({ ...one, randomSuccessRate: null })));
  });
});

describe("the subspaces section", () => {
  it("compares templates, layers and the control relation, and finds orthogonal concepts' cosines", async () => {
    const { subspaces, conceptDirections, erasure } = await subspacesSection(study, []);
    const kinds = subspaces.map(({ between, layers }) => `${between} ${layers!.join("-")}`);
    expect(kinds).toEqual([
      "templates final-final",
      "relations final-final",
      ...["0-0", "1-1", "2-2"].map((pair) => `templates ${pair}`),
      ...["0-1", "0-2", "1-2", "0-final", "1-final", "2-final"].map((pair) => `layers ${pair}`),
    ]);
    const of = (kind: string) => subspaces[kinds.indexOf(kind)]!;
    expect(of("templates final-final").overlap).toBeGreaterThan(0.99);
    expect(of("templates final-final").p).toBeLessThan(0.05);
    expect(of("relations final-final")).toMatchObject({ left: "A", right: "B", ranks: [3, 2] });
    expect(of("relations final-final").overlap).toBeLessThan(0.1);
    expect(of("layers 0-1").overlap).toBeCloseTo(1, 9);
    expect(of("layers 0-final").overlap).toBeGreaterThan(0.9);
    expect(erasure).toHaveLength(4);
    expect(conceptDirections!.names).toEqual(["A", "B"]);
    expect(conceptDirections!.n).toEqual([24, 24]);
    for (const map of ["distributional", "causal", "euclidean", "mahalanobis"] as const) {
      const { matrix } = conceptDirections![map]!;
      expect([matrix[0]![0], matrix[1]![1]]).toEqual([1, 1]);
      expect(matrix[0]![1]).toBe(matrix[1]![0]);
    }
  });

  it("says which control relations directions need", async () => {
    const alone = await linearStudy({ controls: [] });
    expect((await subspacesSection(alone.study, [])).conceptDirections).toBeNull();
    expect(alone.warnings).toContain("concept-directions-need-controls");
  });
});

describe("interventionLayers", () => {
  it("are below the last, read and injectable; six of many, the ends among them", () => {
    const of = (layers: number, injectable: readonly number[], read: readonly number[]) =>
      interventionLayers({
        ...study,
        layers: read,
        model: { ...study.model, injectable, description: { ...study.model.description, layers } },
      });
    const upTo = (n: number) => Array.from({ length: n + 1 }, (_, layer) => layer);
    expect(of(4, upTo(4), upTo(4))).toEqual([0, 1, 2, 3]);
    expect(of(4, [1, 2], [0, 1])).toEqual([1]);
    expect(of(24, upTo(24), upTo(24))).toEqual([0, 5, 9, 14, 18, 23]);
    expect(of(24, upTo(24), [24])).toEqual([]);
  });
});

describe("steering by hand", () => {
  const params: SteerParams = { layer: "final", method: "minimumNorm", alpha: 1, template: 0, sample: 0, to: 1, continuation: 4 }; // prettier-ignore

  it.each([
    ["final", "minimumNorm"],
    [0, "differenceOfMeans"],
    [1, "probeNormal"],
    [1, "pseudoInverse"],
  ] as const)("changes one prompt: %s %s", async (layer, method) => {
    const none = await steer({ ...params, layer, method, alpha: 0 }, study);
    expect(none.to.after).toBeCloseTo(none.to.before, 5);
    expect(none.textAfter).toBe(none.textBefore);
    const one = await steer({ ...params, layer, method }, study);
    expect([one.prompt, one.from.text, one.to.text]).toEqual(["s0 qa", " a0", " a1"]);
    expect(one.topBefore[0]).toMatchObject({ text: " a0", logProbability: one.from.before });
    expect(one.topAfter[0]).toMatchObject({ text: " a1", logProbability: one.to.after });
    expect(one.textBefore.startsWith(" a0")).toBe(true);
    expect(one.textAfter.startsWith(" a1")).toBe(true);
    expect(one.to.after - one.from.after - (one.to.before - one.from.before)).toBeCloseTo(2 * code, 0);
  });

  it("is exact at f: twice the vector, twice the change of the log-odds", async () => {
    const odds = async (alpha: number) => {
      const { from, to } = await steer({ ...params, alpha, continuation: 0 }, study);
      return to.after - from.after;
    };
    const [zero, one, two] = [await odds(0), await odds(1), await odds(2)];
    const target = await steer({ ...params, sample: 1, to: 0, alpha: 0, continuation: 0 }, study);
    // α = 1 gives the target prompt's own log-odds.
    expect(one).toBeCloseTo(target.from.before - target.to.before, 3);
    expect(two - one).toBeCloseTo(one - zero, 3);
  });

  it("keeps its vectors: another α runs no fit", async () => {
    const { study: fresh } = await linearStudy();
    let passes = 0;
    const model = { ...fresh.model, forward: (...args: Parameters<typeof fresh.model.forward>) => (passes++, fresh.model.forward(...args)) }; // prettier-ignore
    let read = 0;
    const counted: Study = { ...fresh, model, logitsOf: (template) => (read++, fresh.logitsOf(template)) };
    await steer({ ...params, continuation: 0 }, counted);
    const first = read;
    await steer({ ...params, alpha: 2, continuation: 0 }, counted);
    expect([first > 2, read - first, passes]).toEqual([true, 1, 0]);
    await steer({ ...params, layer: 0, method: "pseudoInverse", continuation: 0 }, counted);
    expect(passes).toBe(1);
  });

  it.each<[string, Partial<SteerParams>]>([
    ["steer-not-there", { template: 2 }],
    ["steer-not-there", { sample: subjects.length }],
    ["steer-not-there", { to: -1 }],
    ["steer-not-there", { sample: 0.5 }],
    ["steer-not-there", { layer: 0 }],
    ["steer-not-there", { method: "probeNormal" }],
    ["steer-not-there", { layer: 7, method: "probeNormal" }],
    ["steer-same-answer", { to: 4 }],
  ])("refuses with a reason: %s %o", async (problem, change) => {
    const error: unknown = await steer({ ...params, ...change }, study).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProblemError);
    expect((error as ProblemError).problems.map((one) => one.code)).toEqual([problem]);
  });

  it("says where a method has no vector", async () => {
    const few = await linearStudy({ relation: { ...relationA, samples: relationA.samples.slice(0, 4) } });
    const error: unknown = await steer({ ...params, layer: 0, method: "probeNormal" }, few.study).catch(
      (e: unknown) => e,
    );
    expect((error as ProblemError).problems[0]).toMatchObject({ code: "steer-no-vector", kind: "usage" });
    // Both answers are among those that must keep their log-ratios.
    const locked = await linearStudy({ controls: [{ ...relationA, name: "itself" }, relationB] });
    const other: unknown = await steer(params, locked.study).catch((e: unknown) => e);
    expect((other as ProblemError).problems[0]).toMatchObject({ code: "steer-no-vector" });
  });
});
