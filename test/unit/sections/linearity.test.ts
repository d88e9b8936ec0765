import { beforeAll, describe, expect, it } from "vitest";
import { linearitySection } from "../../../src/engine/sections/linearity";
import { rankIn, reportedRanks, type MapRank } from "../../../src/engine/sections/ranks";
import type { LinearityFit } from "../../../src/protocol/report";
import { linearStudy, relationA, subjects } from "./linearModel";

type Figures = Awaited<ReturnType<typeof linearitySection>>;

describe("the linearity section on a model that is linear throughout", () => {
  let figures: Figures;
  let warnings: readonly string[];
  const shares: number[] = [];
  let ranks: readonly MapRank[] = [];
  let sharesBefore = NaN;
  beforeAll(async () => {
    const linear = await linearStudy({ controls: [] });
    const pause = (done: number) => (shares.push(done), Promise.resolve());
    figures = await linearitySection({ ...linear.study, pause }, (known) => {
      ranks = known;
      sharesBefore = Math.max(...shares);
    });
    warnings = linear.warnings;
  });
  const fit = (template: string, layer: LinearityFit["layer"], estimator: LinearityFit["estimator"]) => {
    const found = figures.linearity.find(
      (one) => one.template === template && one.layer === layer && one.estimator === estimator,
    );
    if (found === undefined) throw new Error(`no ${estimator} at ${layer}`);
    return found;
  };

  it("finds R² and faithfulness of 1 on f and at every layer, for every template", () => {
    for (const template of relationA.templates) {
      for (const layer of ["final", 0, 1, 2] as const) {
        const { r2Logit, faithfulness, n, rank, p } = fit(template, layer, "leastSquares");
        expect(r2Logit).toBeGreaterThan(0.999);
        expect(faithfulness).toBe(1);
        expect(n).toBe(subjects.length);
        // Four answers differ in three directions.
        expect(rank).toBe(3);
        expect(p).toBeCloseTo(layer === "final" ? 1 / 201 : 1 / 40, 12);
        expect(fit(template, layer, "mean").r2Logit).toBe(0);
        expect(fit(template, layer, "shuffled").r2Logit).toBeLessThan(0.1);
      }
      expect(fit(template, "final", "kl").r2Logit).toBeGreaterThan(0.99);
      expect(fit(template, "final", "kl").faithfulness).toBe(1);
    }
  });

  it("tells the ranks of its maps before the rest is done", () => {
    const reported = reportedRanks(figures.linearity).filter(({ template }) => template !== "*");
    expect(ranks).toHaveLength(relationA.templates.length * 4);
    expect(ranks.map(({ rank }) => rank)).toEqual(ranks.map(() => 3));
    for (const { template, layer, rank } of reported) expect(rankIn(ranks, template, layer)).toBe(rank);
    expect(sharesBefore).toBeLessThan(1);
  });

  it("gives the other subject's answer after every change through the inverse map", () => {
    for (const layer of [0, 1]) {
      const { causality, causalityByRank } = fit("{} qa", layer, "leastSquares");
      expect(causality).toBe(1);
      expect(causalityByRank?.map(({ rank }) => rank)).toEqual([1, 2, 4, 8, 16]);
      expect(causalityByRank?.at(2)?.share).toBe(1);
      expect(causalityByRank?.at(0)?.share).toBeLessThan(1);
      expect(causalityByRank?.at(0)?.n).toBe(20);
    }
    // Nothing is left to compute after f, and no token reads the last layer's states.
    for (const layer of ["final", 2] as const) expect(fit("{} qa", layer, "leastSquares").causality).toBeNull();
    expect(fit("{} qa", 0, "mean").causality).toBeNull();
  });

  it("finds one map for both paraphrases", () => {
    const transfer = figures.linearityTransfer;
    expect(transfer?.templates).toEqual(relationA.templates);
    for (const line of transfer?.r2RefittedIntercept ?? []) for (const r2 of line) expect(r2).toBeGreaterThan(0.999);
    expect(transfer?.r2OwnIntercept[0]?.[0]).toBeCloseTo(fit("{} qa", "final", "leastSquares").r2Logit ?? -1, 10);
    expect(fit("*", "final", "leastSquares").r2Logit).toBeGreaterThan(0.999);
    expect(fit("*", "final", "leastSquares").faithfulness).toBe(1);
  });

  it("lists layers in order after f, says what the pooled fit lacks, and reports its progress", () => {
    const layers = figures.linearity
      .filter((one) => one.template === "{} qa" && one.estimator === "leastSquares")
      .map(({ layer }) => layer);
    expect(layers).toEqual(["final", 0, 1, 2]);
    expect(warnings).toContain("pooled-fit-partly-scored");
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
  });
});

describe("the Jacobian estimator on a model whose derivative is the same everywhere", () => {
  it("predicts every answer at every layer below the last, with β = 1; and is left out unless asked for", async () => {
    const relation = { ...relationA, templates: relationA.templates.slice(0, 1) };
    const { study, warnings } = await linearStudy({ relation, controls: [] });
    const jacobian = ({ linearity }: Figures) => linearity.filter(({ estimator }) => estimator === "jacobian");
    const found = jacobian(await linearitySection({ ...study, jacobian: true }));
    expect(found.map(({ layer }) => layer)).toEqual([0, 1]);
    for (const { r2Logit, faithfulness, beta, causality } of found) {
      expect(r2Logit).toBeGreaterThan(0.999);
      expect(faithfulness).toBe(1);
      expect(beta).toBe(1);
      expect(causality).toBeNull();
    }
    expect(warnings).not.toContain("jacobian-imprecise");
    expect(jacobian(await linearitySection(study))).toEqual([]);
    await linearitySection({ ...study, layers: [2], jacobian: true });
    expect(warnings).toContain("jacobian-no-layers");
  });
});

describe("the linearity section with effort for the figures alone", () => {
  it("has no nulls, intervals, layers or interventions, and the same figures on f", async () => {
    const { study } = await linearStudy({ controls: [] });
    const forward = () => Promise.reject(new Error("a twin has no forward pass"));
    const twin = { ...study, effort: "figures", layers: [], model: { ...study.model, forward } } as const;
    const [full, own] = await Promise.all([linearitySection(study), linearitySection(twin)]);
    expect(own.linearity.every(({ interval, p, layer }) => interval === null && p === null && layer === "final")).toBe(
      true,
    );
    expect(own.linearity.some(({ estimator }) => estimator === "shuffled")).toBe(false);
    for (const one of own.linearity) {
      const same = full.linearity.find(
        ({ template, layer, estimator }) =>
          template === one.template && layer === one.layer && estimator === one.estimator,
      );
      expect(same).toMatchObject({ r2Logit: one.r2Logit, kl: one.kl, faithfulness: one.faithfulness });
    }
    expect(own.linearityTransfer).toEqual(full.linearityTransfer);
  });
});
