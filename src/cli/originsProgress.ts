import type { SimulationCheckpoint } from "../protocol/simulation";
import type { OutputStream } from "./io";
import { ProgressLine } from "./progressLine";

const linesInAll = 10;

/** The simulation's progress: a bar on a terminal, a line for each tenth of it elsewhere. */
export class OriginsProgress {
  private readonly bar: ProgressLine;
  private said = 0;

  constructor(
    private readonly stream: OutputStream,
    private readonly runs: number,
  ) {
    this.bar = new ProgressLine(stream, "origins");
  }

  show({ run, step, loss, unembedding, embedding }: SimulationCheckpoint, fraction: number): void {
    const detail =
      `run ${run + 1} of ${this.runs}, step ${step.toLocaleString("en")}, loss ${loss.toFixed(2)}, ` +
      `cosines ${unembedding.toFixed(2)} ${embedding.toFixed(2)}`;
    if (this.stream.isTerminal) {
      this.bar.show({ phase: "origins", detail, fraction });
      return;
    }
    const tenths = Math.floor(fraction * linesInAll);
    if (tenths <= this.said) return;
    this.said = tenths;
    void this.stream.write(`origins: ${Math.round(fraction * 100)}%, ${detail}\n`);
  }

  clear(): void {
    this.bar.clear();
  }
}
