import { spawn } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cache, root } from "./paths.mjs";

/** Every check of the project, one after the other; the last line counts what passed and failed over all. */
const results = join(cache, "test-results");
const none = Object.freeze({ passed: 0, failed: 0, skipped: 0 });
const line = (title, error) => `${title}: ${String(error).split("\n", 1)[0]}`;

/** Counts of a step's tests, and a line for each that failed. */
const vitest = (file) => async () => {
  const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites, testResults } = await readJson(file);
  // A file that cannot be loaded has no failed tests to count.
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && !assertionResults.length,
  );
  const failed = numFailedTests + unloaded.length;
  return {
    passed: numPassedTests,
    failed: Math.max(failed, numFailedTestSuites > 0 ? 1 : 0),
    skipped: numPendingTests,
    failures: [
      ...unloaded.map(({ name, message }) => line(name, message)),
      ...testResults.flatMap(({ assertionResults }) =>
        assertionResults
          .filter(({ status }) => status === "failed")
          .map(({ fullName, failureMessages }) => line(fullName, failureMessages[0])),
      ),
    ],
  };
};

const host = async () => {
  const { tests } = await readJson("host.json");
  const failures = tests.filter(({ error }) => error !== null).map(({ title, error }) => line(title, error));
  return { passed: tests.length - failures.length, failed: failures.length, skipped: 0, failures };
};

const tap = (file) => async () => {
  const text = await readFile(join(results, file), "utf8");
  const count = (name) => Number(new RegExp(`^# ${name} (\\d+)$`, "m").exec(text)?.[1]);
  const failures = [...text.matchAll(/^ *not ok \d+ - (.*)$/gm)].map(([, title]) => title);
  return { passed: count("pass"), failed: count("fail") + count("cancelled"), skipped: count("skipped"), failures };
};

/** npm script, and what counts its tests; a script without tests counts as one. */
const steps = [
  ["build"],
  ["lint"],
  ["typecheck"],
  ["test:unit", vitest("unit.json")],
  ["test:panel", tap("panel.tap")],
  ["test:host", host],
  ["test:ui", vitest("ui.json")],
  ["test:vsix", vitest("vsix.json")],
];

const readJson = async (name) => JSON.parse(await readFile(join(results, name), "utf8"));

function npmRun(script) {
  return new Promise((resolve) => {
    const child = spawn("npm", ["run", "--silent", script], { cwd: root, stdio: "inherit" });
    child.once("error", () => resolve(false));
    child.once("close", (code) => resolve(code === 0));
  });
}

async function runStep([script, count]) {
  console.log(`\n── ${script}`);
  const ok = await npmRun(script);
  const counts = count === undefined ? { ...none, passed: ok ? 1 : 0 } : await count().catch(() => ({ ...none }));
  // A script may fail without a test that does, such as when it cannot start.
  if (!ok && counts.failed === 0) counts.failed = 1;
  if (ok && counts.passed === 0) return { ...counts, failed: counts.failed + 1 };
  return counts;
}

await rm(results, { recursive: true, force: true });
await mkdir(results, { recursive: true });
const total = { ...none };
const [lines, failures] = [[], []];
for (const step of steps) {
  const counts = await runStep(step);
  for (const key of Object.keys(total)) total[key] += counts[key];
  lines.push(`${step[0].padEnd(10)} ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  failures.push(...(counts.failures ?? []).map((text) => `✗ ${step[0]}: ${text}`));
}
console.log(`\n${[...lines, ...failures].join("\n")}\n`);
const summary = `${total.passed} passed, ${total.failed} failed`;
await writeFile(join(results, "summary.txt"), `${summary}\n`);
console.log(summary);
process.exit(total.failed === 0 ? 0 : 1);
