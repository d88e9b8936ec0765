import type {
  CosineMatrix,
  MeanAndError,
  SimulationCheckpoint,
  SimulationReport,
  SimulationSettings,
} from "../../protocol/simulation";

export interface FinishedRun {
  readonly curve: readonly SimulationCheckpoint[];
  readonly converged: boolean;
  readonly edges: readonly (readonly [number, number])[];
}

type Figure = "loss" | "lossFloor" | "unembedding" | "embedding" | "cross" | "betweenConcepts";

/** Means over runs of what they began and ended with. */
export function simulationReport(
  settings: Required<SimulationSettings>,
  runs: readonly FinishedRun[],
  seconds: number,
): SimulationReport {
  const { concepts, optimizer, seed } = settings;
  const firsts = runs.flatMap(({ curve }) => curve.slice(0, 1));
  const lasts = runs.flatMap(({ curve }) => curve.slice(-1));
  const over = (ends: readonly SimulationCheckpoint[], figure: Figure) => meanAndError(ends.map((end) => end[figure]));
  const figures = {
    loss: over(lasts, "loss"),
    lossFloor: over(lasts, "lossFloor"),
    unembedding: over(lasts, "unembedding"),
    embedding: over(lasts, "embedding"),
    cross: over(lasts, "cross"),
    betweenConcepts: over(lasts, "betweenConcepts"),
  };
  const initial = {
    unembedding: over(firsts, "unembedding"),
    embedding: over(firsts, "embedding"),
    cross: over(firsts, "cross"),
    betweenConcepts: over(firsts, "betweenConcepts"),
  };
  const converged = runs.map((run) => run.converged);
  return {
    schemaVersion: 1,
    kind: "origins",
    ...{ concepts, runs: runs.length, optimizer, seed, settings, seconds },
    ...figures,
    initial,
    matrices: {
      unembedding: meanMatrix(lasts.map((last) => last.unembeddingMatrix)),
      embedding: meanMatrix(lasts.map((last) => last.embeddingMatrix)),
      cross: meanMatrix(lasts.map((last) => last.crossMatrix)),
    },
    curves: runs.map(({ curve }) => curve),
    converged,
    graphs: runs.map(({ edges }) => edges),
    headline: headline({ ...figures, initial, converged, lasts }),
  };
}

/** The standard error is the standard deviation over runs (n − 1) by √n. */
export function meanAndError(values: readonly number[]): MeanAndError {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, se: n < 2 ? null : Math.sqrt(squares / (n - 1) / n) };
}

/** Entry by entry, over the runs that have it. */
function meanMatrix(matrices: readonly CosineMatrix[]): CosineMatrix {
  return (matrices[0] ?? []).map((line, i) =>
    line.map((_, j) => {
      const values = matrices.map((matrix) => matrix[i]?.[j] ?? null).filter((value) => value !== null);
      return values.length === 0 ? null : meanAndError(values).mean;
    }),
  );
}

type Ends = Pick<
  SimulationReport,
  "loss" | "lossFloor" | "unembedding" | "embedding" | "cross" | "betweenConcepts" | "initial" | "converged"
> & { readonly lasts: readonly SimulationCheckpoint[] };

function headline({ converged, lasts, ...figures }: Ends): string[] {
  const { loss, lossFloor, unembedding, embedding, cross, betweenConcepts, initial } = figures;
  const number = ({ mean }: MeanAndError) =>
    mean
      .toFixed(2)
      .replace("-", "−")
      .replace(/^−0\.00$/, "0.00");
  const flat = converged.filter(Boolean).length;
  const steps = Math.max(...lasts.map(({ step }) => step)).toLocaleString("en");
  const ended =
    flat === converged.length
      ? `The curve became flat within ${steps} steps`
      : `The curve became flat in ${flat} of ${converged.length} runs, and the others stopped after ${steps} steps`;
  const excess = (loss.mean - lossFloor.mean).toFixed(3);
  return [
    `After training, the unembeddings of a concept are parallel with a mean cosine of ${number(unembedding)}, ` +
      `its embeddings with ${number(embedding)} (${number(initial.unembedding)} and ${number(initial.embedding)} before).`,
    `An embedding and an unembedding of one concept have a mean cosine of ${number(cross)}; ` +
      `unembeddings of different concepts, a mean |cosine| of ${number(betweenConcepts)}.`,
    `${ended}, ${excess} nats above the lowest loss possible.`,
  ];
}
