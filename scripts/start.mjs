import { spawn } from "node:child_process";
import { join } from "node:path";
import { findProgram } from "./chromium.mjs";
import { startEditorServer, workbenchAddress } from "./editorServer.mjs";
import { check } from "./check.mjs";
import { root } from "./paths.mjs";

/** Opens the editor on the samples, with the extension; `--check` does so unseen and tells what it saw. */
const samples = join(root, "samples");

if (process.argv.includes("--check")) {
  process.exit(await check(samples));
}

const code = findProgram("code");
if (code !== null && !process.argv.includes("--server")) {
  spawn(code, ["--new-window", `--extensionDevelopmentPath=${root}`, samples], { stdio: "inherit" }).on(
    "exit",
    (status) => process.exit(status ?? 1),
  );
} else {
  const server = await startEditorServer();
  console.log(`Open ${workbenchAddress(server.port, samples)}`);
  console.log("Right-click a *.relation.yaml file → Analyze Relation. Ctrl+C ends the server.");
  for (const signal of ["SIGINT", "SIGTERM"])
    process.once(signal, () => void server.stop().then(() => process.exit(0)));
}
