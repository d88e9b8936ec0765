/**
 * `npm run bench -- large`: what opening a model of 1 GiB takes, against onnxruntime's own load by path in
 * the same run. Every opening is a process of its own; the two ways take turns.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { cache, root } from "../../scripts/paths.mjs";
import { weightBytes, writeLargeModel } from "./largeModel.mjs";

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

export async function benchLarge(repeats) {
  const loader = join(cache, "benchLoader.cjs");
  await build({
    stdin: {
      resolveDir: root,
      contents: `export * from "./src/engine/models/openModel";
        export * from "./src/engine/models/onnxProto";
        export { create, toBinary } from "@bufbuild/protobuf";`,
    },
    absWorkingDir: root,
    outfile: loader,
    bundle: true,
    platform: "node",
    format: "cjs",
    external: ["onnxruntime-node"],
    logLevel: "warning",
  });
  const folder = mkdtempSync(join(tmpdir(), "relation-lens-bench-"));
  try {
    const { default: product } = await import(loader);
    const path = writeLargeModel(folder, product);
    const ways = ["onnxruntime", "relation-lens"];
    const results = new Map(ways.map((way) => [way, []]));
    for (let i = 0; i < repeats; i++) for (const way of ways) results.get(way).push(open(way, path, folder, loader));
    const middle = (way, key) => median(results.get(way).map((result) => result[key]));
    console.log(`opening ${weightBytes / 2 ** 30} GiB of weights in one file, median of ${repeats} processes each`);
    console.table(
      ways.map((way) => {
        const peak = Math.max(...results.get(way).map((result) => result.peak));
        return {
          way,
          seconds: middle(way, "seconds").toFixed(2),
          "÷ onnxruntime": (middle(way, "seconds") / middle("onnxruntime", "seconds")).toFixed(2),
          // Of the processor: does not grow where others use the machine.
          "processor s": middle(way, "processor").toFixed(2),
          "÷ onnxruntime's": (middle(way, "processor") / middle("onnxruntime", "processor")).toFixed(2),
          "highest peak MiB": Math.round(peak / 2 ** 20),
          "peak ÷ weights": (peak / weightBytes).toFixed(2),
        };
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function open(way, path, folder, loader) {
  const script = join(import.meta.dirname, "openLarge.mjs");
  const args = [script, way, way === "onnxruntime" ? path : folder, loader];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${way} ended with ${status}:\n${stderr}`);
  const result = JSON.parse(stdout.trim().split("\n").at(-1));
  if (result.checks?.some(({ ok }) => !ok)) throw new Error(`a check failed: ${JSON.stringify(result.checks)}`);
  return result;
}
