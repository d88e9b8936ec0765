import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { cache } from "../../scripts/paths.mjs";
import { openTests } from "./openTests.mjs";

const file = join(cache, "test-results", "startups.jsonl");
const windows = 10;
/** Milliseconds that an activation may take, loading included. */
const most = 50;

/**
 * Activates the extension in one new window after the other.
 * @returns tests and measurements, as the host tests write them
 */
export async function startups(browser, address) {
  await rm(file, { force: true });
  const began = performance.now();
  for (let i = 0; i < windows; i++) await openTests(browser, address, 60_000);
  const lines = (await readFile(file, "utf8")).trim().split("\n");
  const all = lines.map((line) => JSON.parse(line));
  const middle = median(all.map(({ milliseconds }) => milliseconds));
  const processor = median(all.map(({ processor }) => processor));
  const took = `median of ${windows} windows ${middle.toFixed(1)} ms, ${processor.toFixed(1)} ms of the processor`;
  const milliseconds = Math.round(performance.now() - began);
  const test = (title, error) => ({ title: `a new window: ${title}`, milliseconds, error });
  return {
    tests: [
      test("every window told what it took", all.length === windows ? null : `${all.length} of ${windows} did`),
      // On a machine with other work, the wall clock measures that work.
      test(`activates within ${most} ms`, Math.min(middle, processor) < most ? null : took),
      test(
        "starts nothing by itself",
        all.some(({ activeBefore }) => activeBefore) ? "active before it was asked" : null,
      ),
      test(
        "starts no engine for a relation file that is opened",
        all.some(({ engine }) => engine !== null) ? "an engine was started" : null,
      ),
    ],
    measurements: [`activation, with the loading of its bundle: ${took}`],
  };
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
