import type { Phase, Progress } from "../protocol/engine";
import type { OutputStream } from "./io";

const barWidth = 24;
const redrawMilliseconds = 80;

const phaseWords: Record<Phase, string> = {
  load: "opening the model",
  tokenize: "reading the prompts",
  forward: "running the model",
  parallelism: "parallelism",
  linearity: "linearity",
  probes: "probes",
  subspaces: "subspaces",
  steering: "steering",
  origins: "origins",
  comparison: "comparing",
  twins: "twin test",
  report: "writing the report",
  write: "writing the model",
};

/** Shows progress on a stream: a bar that is redrawn on a terminal, a line per phase elsewhere. */
export class ProgressLine {
  private stage: string | null = null;
  /** Phases run side by side; off a terminal, each is said once. */
  private readonly said = new Set<string>();
  private drawn = -Infinity;
  private visible = false;

  constructor(
    private readonly stream: OutputStream,
    /** Such as "superlative.relation.yaml", before every line. */
    private readonly title: string,
    private readonly now: () => number = () => performance.now(),
  ) {}

  show({ phase, detail, fraction, download }: Progress): void {
    const words = download === undefined ? phaseWords[phase] : "downloading";
    const newStage = words !== this.stage;
    this.stage = words;
    if (!this.stream.isTerminal) {
      const what = download === undefined ? "" : ` ${download.model}, ${(download.total / 1e6).toFixed(1)} MB`;
      if (!this.said.has(words)) void this.stream.write(`${this.title}: ${words}${what}\n`);
      this.said.add(words);
      return;
    }
    if (!newStage && this.now() - this.drawn < redrawMilliseconds) return;
    this.drawn = this.now();
    this.visible = true;
    const share = Math.min(Math.max(fraction, 0), 1);
    const full = Math.round(share * barWidth);
    const bar = "█".repeat(full) + "░".repeat(barWidth - full);
    const percent = `${Math.round(share * 100)}%`.padStart(4);
    // Below 80 columns in all, so that the line never wraps and can be redrawn.
    const rest = download === undefined ? [words, detail] : [detail];
    const text = `${bar} ${percent} ${rest.filter((part) => part !== "").join(" · ")}`.slice(0, 79);
    void this.stream.write(`\r\u001b[K${text}`);
  }

  /** Removes the bar before anything else is printed. */
  clear(): void {
    if (this.visible) void this.stream.write("\r\u001b[K");
    this.visible = false;
  }
}
