import { spawn } from "node:child_process";

/** Runs a program to its end; rejects, with the last lines that it wrote, where it fails. */
export function run(command, args, { cwd, env = process.env, show = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: show ? "inherit" : ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => (output += data));
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) resolve(output);
      else {
        const tail = output.trim().split("\n").slice(-8).join("\n");
        reject(new Error(`\`${command} ${args.join(" ")}\` ended with ${signal ?? `status ${code}`}\n${tail}`.trim()));
      }
    });
  });
}
