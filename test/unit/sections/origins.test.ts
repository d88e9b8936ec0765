import { beforeAll, describe, expect, it } from "vitest";
import { alignContexts } from "../../../src/engine/contexts/alignContexts";
import { readPassages } from "../../../src/engine/contexts/passages";
import { inline } from "../../../src/engine/compute/tasks";
import { withIdentifiable } from "../../../src/engine/report/identifiable";
import { generalAlignment, generalContexts } from "../../../src/engine/sections/generalContexts";
import { originsSection } from "../../../src/engine/sections/origins";
import { mentions } from "../../../src/engine/sections/origins/mentions";
import type { SectionFigures } from "../../../src/engine/sections/sectionFigures";
import type { Study } from "../../../src/engine/sections/study";
import { twinTest } from "../../../src/engine/twins/twinTest";
import { multiplyTransposed, row, subtract } from "../../../src/engine/linalg/matrix";
import type { TwinRanges } from "../../../src/protocol/report";
import { embeddedStudy, figuresOf } from "../twins/embeddedStudy";
import { answersA, linearStudy, relationA, subjects } from "./linearModel";

describe("texts that name a word", () => {
  const speaks = mentions(["easy", " Post Office", "…"]);
  it("do so as whole words, in any case, and of several words only together", () => {
    expect(["It is EASY.", "the post-office", "easy-going"].map(speaks)).toEqual([true, true, true]);
    expect(["uneasy", "easier", "post", "an office post", "…"].map(speaks)).toEqual(Array(5).fill(false));
  });
});

describe("a planted model", () => {
  /** The study with these general contexts; every word of the pairs is an answer. */
  const planted = async (texts: readonly string[]) => {
    const pairs = [
      { from: answersA[0]!, to: answersA[1]! },
      { from: answersA[2]!, to: answersA[3]! },
    ];
    const { study, warnings } = await linearStudy({ relation: { ...relationA, pairs } });
    const general = alignContexts(texts, [study.model], { seed: 1, most: texts.length });
    return { study: { ...study, general }, warnings };
  };
  const neutral = Array.from({ length: 20 }, (_, i) => `w${i} w${i + 1} w${i + 2}`);

  it("whose contexts leave the concept alone has its log-odds without spread", async () => {
    const { study } = await planted(neutral);
    const found = (await originsSection(study)).origins!.logOddsMatching!;
    // f is 2 along the last axis, on which the first answer's g is ¼ and the others' are 0.
    expect(found.pairs.map(({ from, to }) => [from, to])).toEqual([[" a0", " a1"], [" a2", " a3"]]); // prettier-ignore
    expect(found.pairs[0]!.mean).toBeCloseTo(-0.5, 5);
    expect(found.pairs[1]!.mean).toBeCloseTo(0, 5);
    for (const { spread } of found.pairs) expect(spread).toBeLessThan(1e-5);
    expect(found.concept).toBeCloseTo(-0.25, 5);
    expect(found).toMatchObject({ n: 2, contexts: 20, contextsLeftOut: 0 });
  });

  it("whose contexts speak of it otherwise has a spread", async () => {
    const { study } = await planted(subjects.map((subject) => `w1 w2 ${subject}`));
    const found = (await originsSection(study)).origins!.logOddsMatching!;
    // Every fourth subject adds 3 to one of the answers: −3, 3 or 0.
    const odds = subjects.map((_, i) => -0.5 + (i % 4 === 0 ? -3 : i % 4 === 1 ? 3 : 0));
    const centre = odds.reduce((sum, x) => sum + x, 0) / odds.length;
    const spread = Math.sqrt(odds.reduce((sum, x) => sum + (x - centre) ** 2, 0) / (odds.length - 1));
    expect(found.pairs[0]!.spread).toBeCloseTo(spread, 4);
  });

  it("leaves out contexts that name a word of the pairs, and says when too few are left", async () => {
    const named = neutral.map((text, i) => (i < 4 ? `a1 ${text}` : text));
    const { study } = await planted(named);
    expect((await originsSection(study)).origins!.logOddsMatching).toMatchObject({ contexts: 16, contextsLeftOut: 4 });

    const most = await planted(neutral.map((text, i) => (i < 15 ? `a1 ${text}` : text)));
    expect((await originsSection(most.study)).origins?.logOddsMatching ?? null).toBeNull();
    expect(most.warnings).toContain("log-odds-not-computed");
  });

  it("says so without general contexts", async () => {
    const { study, warnings } = await linearStudy();
    expect((await originsSection(study)).origins?.logOddsMatching ?? null).toBeNull();
    expect(warnings).toContain("log-odds-not-computed");
  });
});

describe("on the embedded model", () => {
  let study: Study;
  let figures: SectionFigures;
  let ranges: TwinRanges;
  let passes = 0;

  beforeAll(async () => {
    const { study: bare, recording } = await embeddedStudy("superlative.relation.yaml");
    const counted: Study["model"] = {
      ...bare.model,
      forward: (prompts, options) => {
        if (prompts.some(({ ids }) => ids.length > 40)) passes++;
        return bare.model.forward(prompts, options);
      },
    };
    study = { ...bare, model: counted, general: generalAlignment(await readPassages(null), bare.model, 5) };
    const only = ["parallelism", "origins"] as const;
    const computed = await figuresOf(study, only);
    ranges = await twinTest({ study, recording, figures: computed, only }, { count: 2, compute: inline, warn: () => undefined }); // prettier-ignore
    figures = withIdentifiable(computed, ranges);
  });

  it("figures that follow from log-probabilities are the same in all models, cosines as their geometry says", () => {
    expect(figures.origins!.logOddsMatching!.identifiable).toBe("always");
    expect(figures.origins!.alignment).toMatchObject({
      identifiable: "underDiversity",
      causal: { identifiable: "underDiversity" },
      euclidean: { identifiable: "never" },
    });
    expect(figures.parallelism!.general!.identifiable).toBe("always");
    const [low, high] = ranges.changeOfBasis["origins.alignment.own"]!;
    expect(high - low).toBeLessThan(1e-9);
  });

  it("compares this relation with its control relations, at the same place in rows and columns", () => {
    const { names, n, causal, own, interval } = figures.origins!.alignment!;
    expect(names).toEqual(["superlative", "past tense", "capital"]);
    expect(n).toEqual([28, 24, 24]);
    expect(causal!.matrix[0]![0]).toBeCloseTo(own!, 12);
    expect(interval![0]).toBeLessThan(own!);
    expect(interval![1]).toBeGreaterThan(own!);
  });

  it("compares like with like: this relation's embeddings are those of its first template, as its controls' are", async () => {
    const { study: first } = await embeddedStudy("superlative.relation.yaml", (relation) => ({
      ...relation,
      templates: relation.templates.slice(0, 1),
    }));
    const alone = (await originsSection(first)).origins!.alignment!;
    const { causal, own } = figures.origins!.alignment!;
    expect(study.relation.templates.length).toBeGreaterThan(1);
    expect(alone.own).toBeCloseTo(own!, 6);
    for (const j of [0, 1, 2]) expect(alone.causal!.matrix[0]![j]).toBeCloseTo(causal!.matrix[0]![j]!, 6);
  });

  it("the general map is that of log-ratios over the general contexts", async () => {
    const { f } = (await generalContexts(study))!;
    const { pairs, general } = figures.parallelism!;
    const words = (ids: number[]) => multiplyTransposed(study.geometry.rows(ids), f);
    const ratios = subtract(words(pairs.map(({ toId }) => toId)), words(pairs.map(({ fromId }) => fromId)));
    const [a, b] = [row(ratios, 0), row(ratios, 7)];
    const inner = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
    expect(general!.matrix[0]![7]).toBeCloseTo(inner(a, b) / Math.sqrt(inner(a, a) * inner(b, b)), 10);
    expect(figures.parallelism!.generalContexts).toBe(f.rows);
    expect(figures.parallelism!.generalEffectiveContexts).toBeGreaterThan(1);
  });

  it("runs the general contexts once for all sections", () => {
    expect(passes).toBe(1);
  });
});
