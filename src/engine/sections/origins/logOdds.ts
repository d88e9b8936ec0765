import type { LogOddsMatching } from "../../../protocol/report";
import { logitVectors } from "../../analysis/parallelism/logRatios";
import { sampleRandomPairs } from "../../analysis/parallelism/randomPairs";
import { selectRows } from "../../linalg/matrix";
import { generalContexts } from "../generalContexts";
import type { Study } from "../study";
import { tokenPairs } from "../wordPairs";
import { mentions } from "./mentions";

/** Fewer contexts have no spread worth the name. */
const fewestContexts = 10;

/**
 * Log-odds of the pairs in general contexts that name none of their words.
 * @returns null, with a warning, without pairs or contexts
 * @throws Cancelled
 */
export async function logOdds(study: Study): Promise<LogOddsMatching | null> {
  const { geometry, seed, effort } = study;
  // What is left out was said where the pairs are compared with one another.
  const pairs = tokenPairs({ ...study, warn: () => undefined }).filter(({ fromId, toId }) => fromId !== toId);
  const general = await generalContexts(study);
  if (pairs.length === 0 || general === null) {
    const what = general === null ? "general contexts" : "pairs whose words are one token each";
    study.warn("log-odds-not-computed", `Log-odds matching is not computed: there are no ${what}.`, "origins");
    return null;
  }
  const speaks = mentions(pairs.flatMap(({ from, to }) => [from, to]));
  const kept = general.texts.flatMap((text, i) => (speaks(text) ? [] : [i]));
  const contextsLeftOut = general.texts.length - kept.length;
  if (kept.length < fewestContexts) {
    study.warn(
      "log-odds-not-computed",
      `Log-odds matching is not computed: ${contextsLeftOut} of ${general.texts.length} general contexts name a word of the pairs, and ${kept.length} are left; ${fewestContexts} are needed.`,
      "origins",
    );
    return null;
  }

  const f = selectRows(general.f, kept);
  const wordsOf = (ids: ArrayLike<number>) => logitVectors(geometry.rows(ids), f);
  const sample = effort === "full" ? sampleRandomPairs(geometry.tokens, { pairs: pairs.length, seed }) : null;
  const found = await study.compute.run(
    "logOddsMatching",
    { from: wordsOf(pairs.map(({ fromId }) => fromId)), to: wordsOf(pairs.map(({ toId }) => toId)) },
    sample && { sample, words: wordsOf(sample.tokens) },
    { seed, ...(effort === "figures" && { resamples: 0 }) },
  );
  const { means, spreads, ...figures } = found;
  return {
    pairs: pairs.map(({ from, to }, i) => ({ from, to, mean: means[i] ?? NaN, spread: spreads[i] ?? NaN })),
    ...figures,
    n: pairs.length,
    contexts: kept.length,
    contextsLeftOut,
    identifiable: null,
  };
}
