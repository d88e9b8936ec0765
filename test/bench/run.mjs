/**
 * `npm run bench`: how long the main job takes from the command line, and where the time goes. Machines are noisy,
 * so every figure stands beside one of the same run: the start of an empty Node.js process, alternating with it.
 * `npm run bench -- stages` is about the stages of one report, `npm run bench -- large` about opening a model of 1 GiB.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../scripts/paths.mjs";
import { benchLarge } from "./large.mjs";
import { benchStages } from "./stages.mjs";

if (process.argv[2] === "large") {
  await benchLarge(Number(process.argv[3] ?? 5));
  process.exit();
}

if (process.argv[2] === "stages") {
  benchStages(Number(process.argv[3] ?? 5));
  process.exit();
}

const repeats = Number(process.argv[2] ?? 5);
const folder = mkdtempSync(join(tmpdir(), "relation-lens-bench-"));
const reportFile = join(folder, "report.json");
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

function seconds(args) {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}:\n${stderr}`);
  return (performance.now() - start) / 1000;
}

const relations = ["superlative", "capital"];
const rows = [];
for (const relation of relations) {
  const walls = [];
  const empty = [];
  const timings = [];
  for (let i = 0; i < repeats; i++) {
    empty.push(seconds(["-e", ""]));
    walls.push(seconds(["dist/cli.js", "analyze", `samples/${relation}.relation.yaml`, "--out", reportFile]));
    timings.push(JSON.parse(readFileSync(reportFile, "utf8")).timing);
  }
  const part = (name) => median(timings.map((timing) => timing[name])).toFixed(2);
  rows.push({
    relation,
    "wall s": median(walls).toFixed(2),
    "best s": Math.min(...walls).toFixed(2),
    "÷ empty process": (median(walls) / median(empty)).toFixed(0),
    "load s": part("load"),
    "forward s": part("forward"),
    "analyses s": part("analyse"),
  });
}
rmSync(folder, { recursive: true });
console.log(`analyze, median of ${repeats} runs; an empty process of Node.js ${process.version} runs in between`);
console.table(rows);
