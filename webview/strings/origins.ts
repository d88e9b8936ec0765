import { plural } from "./words";

export const originStrings = {
  logOddsTitle: "Log-odds of each pair over contexts that do not speak of it",
  logOddsLegend: { dot: "mean over contexts, whiskers: ± 1 standard deviation" },
  logOddsHint:
    "log p(object | x) − log p(subject | x), in nats, over general contexts x. If what a context says and the concept are separate, each pair keeps its value wherever the context does not speak of it.",
  logOddsContexts: (contexts: number, leftOut: number) =>
    `${plural(contexts, "context", "contexts")}${leftOut > 0 ? `; ${leftOut} left out, because a word of the pairs occurs in them` : ""}.`,
  spreadTitle: "Against random word pairs",
  spreadLegend: {
    dot: "this relation, 95% interval",
    diamond: "random word pairs, mean",
    band: "from their 5% quantile",
  },
  spread: "spread over contexts",
  distance: "distance from its mean",
  spreadColumn: "Standard deviation",
  meanColumn: "Mean",
  random: "random word pairs",
  randomLower: "random word pairs, 5%",
  ownLogOdds: "concept's own log-odds",
  alignmentTitle: "Embedding against unembedding differences",
  alignmentHint:
    "Cosine of the mean f(object) − f(subject) of one concept with the mean g(object) − g(subject) of another: aligned concepts stand out on the diagonal.",
  embedding: "embeddings of",
  unembedding: "unembeddings of",
  ownAlignment: (own: string, interval: string, swapped: string, p: string) =>
    `This relation with itself: ${own} ${interval}; words of pairs swapped at random: ${swapped} (p ${p}).`,
  shownPairs: (shown: number, all: number) =>
    `${shown} of ${all} pairs, evenly through the file; the table has all of them.`,
} as const;
