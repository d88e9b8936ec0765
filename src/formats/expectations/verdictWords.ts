/** What the verdicts of the summary's table may say, by the path that they are asked of. */
export const verdictWords: Readonly<Record<string, readonly string[]>> = {
  parallelism: ["parallel", "class direction only", "related words, no common direction", "not parallel", "too few pairs to tell"], // prettier-ignore
  linearity: ["linear", "partly linear", "not linear", "too few subjects to tell", "carries no information", "not computed", "causal", "partly causal", "no more than a random change"], // prettier-ignore
  linearityTransfer: ["one map for all paraphrases", "partly shared between paraphrases", "not shared between paraphrases", "not computed"], // prettier-ignore
  probes: ["readable", "already in the embedding", "no signal", "no better than the control", "too few to tell"],
  subspaces: ["aligned", "no more than by chance"],
  erasure: ["the answers need it", "no more than a random subspace"],
  steering: ["steers", "partly steers", "no more than a random vector", "too few prompts to tell", "specific", "touches other relations"], // prettier-ignore
  "origins.logOddsMatching": ["the same in all contexts", "steadier than random pairs", "as unsteady as random pairs", "too few pairs to tell"], // prettier-ignore
  "origins.alignment": ["embeddings aligned", "embeddings not aligned", "too few pairs to tell"],
};

const identifiable: readonly string[] = ["always", "underDiversity", "never"];

/** All that a figure in words may say, by its path without brackets; empty where it may say anything. */
export function wordsAt(path: string): readonly string[] {
  if (path.endsWith(".identifiable")) return identifiable;
  if (!path.endsWith(".verdict")) return [];
  return verdictWords[path.replace(/\.verdict$/, "")] ?? verdictWords[path.split(".", 1)[0] ?? ""] ?? [];
}
