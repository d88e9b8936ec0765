import { parentPort } from "node:worker_threads";
import { runTask } from "./tasks";
import type { Answer, Order } from "./workerPool";

/** A worker thread: runs one analysis after the other. */
parentPort?.on("message", ({ id, name, args }: Order) => {
  void answer(id, () => runTask(name, args)).then((found) => parentPort?.postMessage(found));
});

async function answer(id: number, run: () => Promise<unknown>): Promise<Answer> {
  try {
    return { id, ok: true, value: await run() };
  } catch (error) {
    return { id, ok: false, error };
  }
}
