import type { PromptDigest, SampleDigest } from "../../protocol/digest";

/** What stands behind a sample, in signs and figures alone: `#1 .93 ∥ ✓`. The tooltip says it in words. */
export function hintText(
  { prompts, parallel }: SampleDigest,
  { template, all, fresh }: { readonly template: number; readonly all: boolean; readonly fresh: boolean },
): string | null {
  const prompt = prompts[template] ?? null;
  const signs = [
    ...(fresh ? [] : ["~"]),
    ...(prompt === null ? [] : answer(prompt)),
    ...(all && parallel !== null ? [parallel.holds ? "∥" : "∦"] : []),
    ...(all && prompt?.heldOut ? [prompt.heldOut.agrees ? "✓" : "✗"] : []),
  ];
  return signs.length > (fresh ? 0 : 1) ? signs.join(" ") : null;
}

function answer({ rank, probability, predicted }: PromptDigest): string[] {
  return [`#${rank}`, shortProbability(probability), ...(rank > 1 ? [`“${predicted.trim()}”`] : [])];
}

/** Two digits, without the zero before the point. */
export function shortProbability(probability: number): string {
  if (probability < 0.005) return "<.01";
  return probability >= 0.995 ? "1.0" : probability.toFixed(2).slice(1);
}
