import { build } from "esbuild";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LinearityTemplate } from "../../../src/engine/analysis/linearity/linearity";
import { inline } from "../../../src/engine/compute/tasks";
import { WorkerPool } from "../../../src/engine/compute/workerPool";
import { zeros } from "../../../src/engine/linalg/matrix";
import { random } from "../../../src/engine/linalg/random";

let folder: string;
let pool: WorkerPool;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "relation-lens-worker-"));
  const outfile = join(folder, "analysisWorker.cjs");
  await build({
    entryPoints: ["src/engine/compute/analysisWorker.ts"],
    bundle: true,
    platform: "node",
    format: "cjs",
    outfile,
    logLevel: "silent",
    external: ["onnxruntime-node"],
  });
  pool = new WorkerPool(outfile, 2);
});

afterAll(async () => {
  await pool.close();
  rmSync(folder, { recursive: true });
});

const options = { seed: 1, where: "test", standardise: false, shuffles: 20 };
const live = () => new AbortController().signal;

describe("WorkerPool", () => {
  test("gives what the same analysis gives in this thread", async () => {
    const here = await Promise.all([1, 2, 3].map((seed) => inline.run("linearity", [template(seed, 12)], options)));
    const there = await Promise.all(
      [1, 2, 3].map((seed) => pool.under(live()).run("linearity", [template(seed, 12)], options)),
    );
    expect(there).toEqual(here);
    expect(there[0]?.fits[0]?.r2Logit).not.toBe(there[1]?.fits[0]?.r2Logit);
  });

  test("hands on what the analysis throws, and goes on working", async () => {
    const broken = { ...template(1, 12), inputs: { rows: 12, cols: 4, data: new Float64Array(3).fill(NaN) } };
    await expect(pool.under(live()).run("linearity", [broken], options)).rejects.toThrow();
    const { fits } = await pool.under(live()).run("linearity", [template(1, 12)], options);
    expect(fits.length).toBeGreaterThan(0);
  });

  test("takes first what passes of the model wait for", async () => {
    const compute = pool.under(live());
    const order: string[] = [];
    const noted = (name: string, run: Promise<unknown>) => run.then(() => order.push(name));
    const plain = () =>
      noted("plain", compute.run("linearityTransfer", [template(1, 12), template(2, 12)], { seed: 1 }));
    const long = { ...options, shuffles: 500 };
    // The first two find both threads idle.
    const running = [1, 2].map((seed) => noted("running", compute.run("linearity", [template(seed, 40)], long)));
    const waiting = [plain(), plain(), plain()];
    const urgent = noted("urgent", compute.run("linearity", [template(3, 12)], options));
    await Promise.all([...running, ...waiting, urgent]);
    expect(order).toHaveLength(6);
    expect(order.indexOf("urgent")).toBeLessThan(3);
    expect(order.indexOf("urgent")).toBeLessThan(order.lastIndexOf("plain") - 1);
  });

  test("stops a running analysis when its signal is aborted, and leaves those of others alone", async () => {
    const controller = new AbortController();
    const long = pool.under(controller.signal).run("linearity", [template(1, 60)], { ...options, shuffles: 100_000 });
    const waiting = pool
      .under(controller.signal)
      .run("linearity", [template(2, 60)], { ...options, shuffles: 100_000 });
    const other = pool.under(live()).run("linearity", [template(3, 12)], options);
    setTimeout(() => controller.abort(new Error("cancelled")), 50);
    await expect(long).rejects.toThrow("cancelled");
    await expect(waiting).rejects.toThrow("cancelled");
    expect((await other).fits.length).toBeGreaterThan(0);
  });

  test("refuses a task under a signal that is aborted already", async () => {
    await expect(
      pool.under(AbortSignal.abort(new Error("too late"))).run("linearity", [template(1, 12)], options),
    ).rejects.toThrow("too late");
  });
});

function template(seed: number, n: number): LinearityTemplate {
  const draws = random(seed, "worker pool");
  const normal = (rows: number, cols: number) => {
    const out = zeros(rows, cols);
    out.data.forEach((_, k) => (out.data[k] = draws.normal()));
    return out;
  };
  return { inputs: normal(n, 4), answerLogits: normal(n, 3), inputAnswerLogits: null, vocabulary: null };
}
