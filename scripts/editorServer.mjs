import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cache, root } from "./paths.mjs";
import { run } from "./run.mjs";

/** The last release whose server runs on Node 20; it carries VS Code 1.100.3. */
const version = "4.100.3";
const ripgrep = `@vscode/ripgrep-${process.platform}-${process.arch}@1.18.0`;

/** Folder of VS Code's own server, fetched through npm on first use. */
export async function editorServer() {
  const folder = join(cache, `vscode-server-${version}`);
  if (existsSync(join(folder, "out", "server-main.js"))) return folder;
  console.error("Fetching VS Code's server through npm (once, about 10 s) …");
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, "fetch-"));
  try {
    await run("npm", ["pack", "--silent", `code-server@${version}`], { cwd: work });
    await run("tar", ["xzf", (await readdir(work)).find((name) => name.endsWith(".tgz"))], { cwd: work });
    const server = join(work, "package", "lib", "vscode");
    // Its shrinkwrap lacks a package, which `npm ci` refuses.
    await run("npm", ["install", "--omit=dev", "--ignore-scripts", "--no-save"], { cwd: server });
    await addRipgrep(work, server);
    await rename(server, folder).catch((error) => {
      // Somebody else was faster.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return folder;
}

/** File search needs it; its own install script would download it. */
async function addRipgrep(work, server) {
  const folder = join(work, "ripgrep");
  await mkdir(folder);
  await writeFile(join(folder, "package.json"), "{}");
  await run("npm", ["install", "--ignore-scripts", "--no-save", ripgrep], { cwd: folder });
  const program = process.platform === "win32" ? "rg.exe" : "rg";
  const target = join(server, "node_modules", "@vscode", "ripgrep", "bin", program);
  await mkdir(dirname(target), { recursive: true });
  const source = ripgrep.slice(0, ripgrep.lastIndexOf("@"));
  await cp(join(folder, "node_modules", source, "bin", program), target);
}

/**
 * Starts the server on a free loopback port, with a data folder of its own.
 * @param trust whether it asks if a folder is trusted; trusts every folder otherwise
 * @param vsix an extension to install first
 * @returns its port, the folder, and `stop`
 */
export async function startEditorServer({ trust = false, vsix } = {}) {
  const main = join(await editorServer(), "out", "server-main.js");
  const data = await mkdtemp(join(tmpdir(), "relation-lens-editor-"));
  const env = { ...process.env, TMPDIR: data, XDG_RUNTIME_DIR: data, EXTENSIONS_GALLERY: '{"serviceUrl":""}' };
  const profile = [
    "--accept-server-license-terms",
    ...["--server-data-dir", data, "--extensions-dir", join(data, "extensions")],
  ];
  if (vsix !== undefined)
    await run(process.execPath, [main, ...profile, "--install-extension", vsix, "--force"], { env });
  const options = [
    ...["--telemetry-level", "off", "--host", "127.0.0.1", "--port", "0", "--without-connection-token"],
    ...(trust ? [] : ["--disable-workspace-trust"]),
  ];
  const child = spawn(process.execPath, [main, ...profile, ...options], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env,
  });
  const kill = () => {
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended already.
    }
  };
  process.once("exit", kill);
  const stop = async () => {
    kill();
    process.off("exit", kill);
    await rm(data, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    return { port: await listeningPort(child), data, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function listeningPort(child) {
  return new Promise((resolve, reject) => {
    let output = "";
    const timer = setTimeout(() => reject(new Error(`The editor's server did not start in 30 s.\n${output}`)), 30_000);
    const read = (data) => {
      output += data;
      const port = /Extension host agent listening on (\d+)/.exec(output)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", (code) => {
      clearTimeout(timer);
      reject(new Error(`The editor's server ended with status ${code}.\n${output}`));
    });
  });
}

/** Address of the workbench on a folder, or of an empty window where it is null; with this repository as the extension under development, unless it is installed. */
export function workbenchAddress(port, folder, { tests, installed = false } = {}) {
  const remote = (path) => `vscode-remote://127.0.0.1:${port}${path}`;
  const payload = installed ? [] : [["extensionDevelopmentPath", remote(root)]];
  if (tests !== undefined) payload.push(["extensionTestsPath", remote(tests)]);
  const query = new URLSearchParams({
    ...(folder === null ? { ew: "true" } : { folder }),
    payload: JSON.stringify(payload),
  });
  return `http://127.0.0.1:${port}/?${query}`;
}
