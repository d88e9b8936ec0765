import type { MeanAndError, SimulationReport } from "../protocol/simulation";
import { style, wrap } from "./style";

const width = 100;

/** The simulation's figures as text of at most 100 columns, for people. */
export function renderOrigins(report: SimulationReport, colour: boolean): string {
  const paint = style(colour);
  const { settings, initial, converged, curves } = report;
  const title = [
    "origins",
    `${settings.concepts} concepts in ${settings.dimension} dimensions`,
    settings.optimizer,
    report.runs === 1 ? "1 run" : `${report.runs} runs`,
    `seed ${settings.seed}`,
  ].join(" · ");
  const start = (figure: keyof typeof initial) => initial[figure].mean;
  const rows: readonly (readonly [string, number | null, MeanAndError])[] = [
    ["cosine of a concept's unembeddings", start("unembedding"), report.unembedding],
    ["cosine of a concept's embeddings", start("embedding"), report.embedding],
    ["cosine between the two", start("cross"), report.cross],
    ["|cosine| between concepts", start("betweenConcepts"), report.betweenConcepts],
    ["loss, nats", null, report.loss],
    ["lowest loss possible, nats", null, report.lossFloor],
  ];
  const columns = ["before", "after", "± standard error"];
  const line = (name: string, cells: readonly string[]) =>
    `  ${name.padEnd(36)}${cells.map((cell, i) => cell.padStart(columns[i]?.length ?? 0)).join("   ")}`.trimEnd();
  const steps = curves.map((curve) => curve.at(-1)?.step.toLocaleString("en") ?? "0");
  const ends = steps.map((step, run) => `${step}${converged[run] === true ? "" : " (not flat yet)"}`).join(", ");
  return [
    paint.bold(title),
    "",
    ...report.headline.flatMap((sentence) => wrap(sentence, width)),
    "",
    paint.dim(line("", columns)),
    ...rows.map(([name, before, { mean, se }]) =>
      line(name, [before === null ? "" : number(before), number(mean), se === null ? "" : number(se)]),
    ),
    "",
    ...wrap(`steps: ${ends}`, width).map(paint.dim),
    paint.dim(`${report.seconds.toFixed(1)} s`),
    "",
  ].join("\n");
}

const number = (value: number) => value.toFixed(3).replace("-", "−").replace("−0.000", "0.000");
