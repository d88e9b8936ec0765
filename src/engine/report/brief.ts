import type { Report } from "../../protocol/report";
import { judgedMaps } from "./headline";
import type { LinearityVerdict } from "./verdicts";

/** Verdicts that a figure tells nothing more about are null. */
const linearityWords: Readonly<Record<LinearityVerdict, { readonly words: string; readonly figure: boolean } | null>> =
  {
    linear: { words: "linear", figure: true },
    "partly linear": { words: "partly linear", figure: true },
    "not linear": { words: "not linear", figure: true },
    "too few subjects to tell": { words: "too few subjects", figure: false },
    "carries no information": { words: "one answer for all", figure: false },
    "not computed": null,
  };

/** The headline in a few words: of the least linear template's verdict, and of the parallelism of pairs. */
export function brief({ linearity, prompts, parallelism }: Pick<Report, "linearity" | "prompts" | "parallelism">) {
  return [...linearityBrief({ linearity, prompts }), ...parallelismBrief(parallelism)];
}

function linearityBrief({ linearity, prompts }: Pick<Report, "linearity" | "prompts">): string[] {
  const judged = judgedMaps(linearity, prompts);
  const weakest = judged[judged.length - 1];
  const verdict = weakest && linearityWords[weakest.verdict];
  if (verdict == null) return [];
  const shares = judged.flatMap(({ fit }) => fit.faithfulness ?? []);
  if (!verdict.figure || shares.length === 0) return [verdict.words];
  const ends = [...new Set([Math.min(...shares), Math.max(...shares)].map(decimal))];
  return [`${verdict.words} ${ends.join("–")}`];
}

function parallelismBrief(parallelism: Report["parallelism"]): string[] {
  const map = parallelism?.distributional ?? parallelism?.causal;
  if (map == null) return [];
  return [map.verdict === "too few pairs to tell" ? "too few pairs" : `${map.verdict} ${decimal(map.mean)}`];
}

/** `.96`, `1.00`, `−.05`. */
function decimal(value: number): string {
  return value
    .toFixed(2)
    .replace(/^(-?)0\./, "$1.")
    .replace("-", "−");
}
