/** Opens a model in this process, in one of two ways, and prints seconds, those of the processor, and the peak of its memory. */
import { createRequire } from "node:module";

const [how, path, loader] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const runtime = require("onnxruntime-node");
const before = process.cpuUsage();
const start = performance.now();
// Held until the peak has been read.
const opened =
  how === "onnxruntime"
    ? await runtime.InferenceSession.create(path, { logSeverityLevel: 4 })
    : await require(loader).openModel(path, { bos: "auto" });
const seconds = (performance.now() - start) / 1000;
const { user, system } = process.cpuUsage(before);
const peak = process.resourceUsage().maxRSS * 1024;
console.log(
  JSON.stringify({ seconds, processor: (user + system) / 1e6, peak, checks: opened.description?.checks ?? null }),
);
process.exit(0);
