import { parentPort } from "node:worker_threads";
import { runTask } from "./tasks";
import type { Answer, Order } from "./workerPool";

/** A worker thread: runs one analysis after the other. */
parentPort?.on("message", ({ id, name, args }: Order) => {
  parentPort?.postMessage(answer(id, () => runTask(name, args)));
});

function answer(id: number, run: () => unknown): Answer {
  try {
    return { id, ok: true, value: run() };
  } catch (error) {
    return { id, ok: false, error };
  }
}
