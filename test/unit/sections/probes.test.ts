import { beforeAll, describe, expect, it } from "vitest";
import { wilsonInterval } from "../../../src/engine/analysis/statistics/intervals";
import { probesSection } from "../../../src/engine/sections/probes";
import { fewLayers } from "../../../src/engine/sections/probes/layers";
import type { Study } from "../../../src/engine/sections/study";
import type { ProbeResult, ProbeTransfer } from "../../../src/protocol/report";
import { embeddedStudy } from "../twins/embeddedStudy";

interface Computed {
  readonly probes: readonly ProbeResult[];
  readonly probeTransfer: readonly ProbeTransfer[];
  readonly codes: readonly string[];
}

async function compute(study: Study): Promise<Computed> {
  const codes: string[] = [];
  const figures = await probesSection({ ...study, warn: (code) => codes.push(code) });
  return { ...figures, codes };
}

const nameOf = ({ kind, context, estimator, pooling, layer }: ProbeResult) =>
  [kind, context ?? "", estimator, pooling, layer].join("|");

describe("probes of a relation whose subjects are several tokens long", () => {
  let study: Study;
  let own: Computed;
  beforeAll(async () => {
    // Its own pairs are too few groups for a concept probe.
    const pairs = [
      { from: "easy", to: "easiest" },
      { from: "lucky", to: "luckiest" },
      { from: "happy", to: "happiest" },
      { from: "busy", to: "busiest" },
      { from: "heavy", to: "heaviest" },
      { from: "tall", to: "tallest" },
    ];
    ({ study } = await embeddedStudy("equality.relation.yaml", (relation) => ({ ...relation, pairs })));
    own = await compute(study);
  });

  it("are there for every task, estimator and pooling, each once", () => {
    const names = own.probes.map(nameOf);
    expect(new Set(names).size).toBe(names.length);
    for (const layer of [0, 1, 2, 3, 4, "final"]) {
      expect(names).toContain(`answer||logistic|last|${layer}`);
      expect(names).toContain(`answerAcrossTemplates||logistic|last|${layer}`);
      expect(names).toContain(`concept|The word {}|logistic|last|${layer}`);
    }
    for (const layer of [2, "final"]) {
      for (const pooling of ["mean", "moments"]) expect(names).toContain(`answer||logistic|${pooling}|${layer}`);
      for (const estimator of ["mlp", "implied"]) expect(names).toContain(`answer||${estimator}|last|${layer}`);
    }
    expect(own.probes.filter(({ layer }) => layer === 1).every(({ estimator }) => estimator === "logistic")).toBe(true);
    expect(own.codes).not.toContain("probe-pooling-single-token");
  });

  it("read no answer that depends on two words at once, whatever the pooling", () => {
    const linear = own.probes.filter(({ kind, estimator }) => kind === "answer" && estimator === "logistic");
    expect(new Set(linear.map(({ pooling }) => pooling))).toEqual(new Set(["last", "mean", "moments"]));
    for (const { interval, majority, n, control } of linear) {
      expect(interval[0]).toBeLessThanOrEqual(majority);
      expect(n).toBe(28);
      expect(control).not.toBeNull();
    }
  });

  it("compare the implied probe with the trained one", () => {
    const implied = own.probes.filter(({ estimator }) => estimator === "implied");
    expect(implied).toHaveLength(2);
    for (const { againstTrained, control } of implied) {
      expect(againstTrained?.agreement).toBeGreaterThan(0);
      expect(againstTrained?.cosines).toHaveLength(1);
      expect(control).toBeNull();
    }
  });

  it("are tried across templates on f and the middle layer; causal cosines on f alone", () => {
    expect(own.probeTransfer.map(({ kind, layer }) => [kind, layer])).toEqual([
      ["answer", 2],
      ["answer", "final"],
    ]);
    for (const { layer, templates, accuracy, cosines } of own.probeTransfer) {
      expect(templates).toEqual(study.relation.templates);
      expect(accuracy.map((row) => row.length)).toEqual([3, 3, 3]);
      expect(cosines.causal === null).toBe(layer !== "final");
    }
  });

  it("for a twin are those of f, without what is random, and otherwise the same to the last digit", async () => {
    // As in a twin, the subjects' tokens have yet to be read.
    const { f, fSubject, tokens } = study.activations;
    const activations = { f, fSubject, tokens, residual: new Map<number, Float32Array>() };
    const few = await compute({ ...study, activations, layers: [], effort: "figures" });
    const expected = own.probes.filter(({ layer }) => layer === "final");
    expect(few.probes.map(nameOf)).toEqual(expected.map(nameOf));
    few.probes.forEach((probe, i) => {
      // What is pooled comes from another pass, whose batches may round otherwise.
      const digits = probe.pooling === "last" ? 14 : 5;
      shared(probe).forEach((value, k) => expect(value).toBeCloseTo(shared(expected[i])[k] ?? NaN, digits));
      expect(probe).toMatchObject({ control: null, controlDraws: 0, selectivity: null, directionStability: null });
    });
    expect(few.probeTransfer).toEqual(own.probeTransfer.filter(({ layer }) => layer === "final"));
  });
});

/** Figures that no draw has a part in. */
function shared(probe: ProbeResult | undefined): number[] {
  if (probe === undefined) throw new Error("no probe");
  const { accuracy, logLoss, macroF1 } = probe;
  return [accuracy, logLoss, macroF1, Math.log(probe.lambda)];
}

describe("probes of a one-to-one relation of single tokens", () => {
  it("have no trained probe of the answer, but an implied one over all answers", async () => {
    const { study } = await embeddedStudy("superlative.relation.yaml");
    const { probes, probeTransfer, codes } = await compute(study);
    const answer = probes.filter(({ kind }) => kind === "answer");
    expect(answer.map(({ estimator, layer }) => [estimator, layer])).toEqual([
      ["implied", 2],
      ["implied", "final"],
    ]);
    const n = study.relation.samples.length;
    for (const { accuracy, classes, againstTrained, heldOut, majority } of answer) {
      expect(classes).toBe(n);
      expect(accuracy).toBeGreaterThan(0.5);
      expect(majority).toBeCloseTo(1 / n, 12);
      expect(againstTrained).toBeNull();
      expect(heldOut).toBe("5 folds by subject");
    }
    expect(probeTransfer).toEqual([]);
    expect(codes.filter((code) => code === "probe-no-repeated-answers")).toHaveLength(1);
    expect(new Set(probes.map(({ pooling }) => pooling))).toEqual(new Set(["last"]));
  });

  it("say that poolings are all the same where there is a probe to pool for", async () => {
    const { study } = await embeddedStudy("continent.relation.yaml", (relation) => ({
      ...relation,
      templates: relation.templates.slice(0, 1),
    }));
    const { probes, codes } = await compute({ ...study, effort: "figures" });
    expect(codes).toContain("probe-pooling-single-token");
    expect(probes.some(({ pooling }) => pooling !== "last")).toBe(false);
  });
});

describe("concept probes of a relation whose objects repeat", () => {
  async function conceptsOf(sample: string) {
    const { study } = await embeddedStudy(sample, (relation) => ({ ...relation, templates: relation.templates.slice(0, 1) })); // prettier-ignore
    const messages: string[] = [];
    const { probes } = await probesSection({ ...study, effort: "figures", warn: (code, text) => messages.push(`${code}: ${text}`) }); // prettier-ignore
    return { concepts: probes.filter(({ kind }) => kind === "concept"), messages };
  }

  it("count the three continents, not the 36 countries", async () => {
    const { concepts } = await conceptsOf("continent.relation.yaml");
    expect(concepts.length).toBeGreaterThan(0);
    for (const { n, accuracy, interval, majority } of concepts) {
      expect(n).toBe(3);
      expect(interval).toEqual(wilsonInterval(3 * accuracy, 3));
      expect(majority).toBeCloseTo(36 / 39, 12);
    }
  });

  it("do not exist for two objects", async () => {
    const { concepts, messages } = await conceptsOf("equality.relation.yaml");
    expect(concepts).toEqual([]);
    expect(messages.filter((text) => /^probe-too-few-pairs: .*28 pairs make only 2/.test(text))).toHaveLength(1);
  });
});

describe("the layers of costly probes", () => {
  it("are f and the middle one of those that were read", () => {
    const of = (layers: readonly ("final" | number)[]) => [...fewLayers(new Map(layers.map((l) => [l, l]))).keys()];
    expect(of([0, 1, 2, 3, 4, "final"])).toEqual([2, "final"]);
    expect(of([3, "final"])).toEqual([3, "final"]);
    expect(of(["final"])).toEqual(["final"]);
  });
});

describe("a cancelled section", () => {
  it("rejects once, whatever was under way", async () => {
    const { study } = await embeddedStudy("continent.relation.yaml");
    const unhandled: unknown[] = [];
    const listen = (reason: unknown) => unhandled.push(reason);
    process.on("unhandledRejection", listen);
    const cancelled = new Error("cancelled");
    const pause = () => Promise.reject(cancelled);
    const run = () => Promise.reject(cancelled);
    await expect(probesSection({ ...study, pause, compute: { run } })).rejects.toBe(cancelled);
    const model = { ...study.model, forward: () => Promise.reject(cancelled) };
    await expect(probesSection({ ...study, model, compute: { run } })).rejects.toBe(cancelled);
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off("unhandledRejection", listen);
    expect(unhandled).toEqual([]);
  });
});
