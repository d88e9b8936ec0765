import { execFile } from "node:child_process";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { FrameLocator, Page } from "playwright-core";
import { launchBrowser } from "../../scripts/browser.mjs";
import { startEditorServer } from "../../scripts/editorServer.mjs";
import { openWorkbench, panelPage } from "../../scripts/workbench.mjs";
import { makeWorkspace } from "../host/workspace.mjs";
import type { Report } from "../../src/protocol/report";

const root = join(import.meta.dirname, "..", "..");
/** A package to install and test, rather than the extension under development. */
const vsix = process.env["RELATION_LENS_VSIX"];
/** What is tested, in file names. */
const build = vsix === undefined ? "" : "installed-";

export interface Editor {
  readonly page: Page;
  /** The page inside the panel. */
  readonly panel: FrameLocator;
  readonly folder: string;
  /** Folder of the extension. */
  readonly extension: string;
  /** Console messages that speak of a fault. */
  readonly faults: readonly string[];
  /** Writes the folder's settings (a window that develops an extension has no user settings); the editor follows. */
  configure(settings: Readonly<Record<string, unknown>>): Promise<void>;
  close(): Promise<void>;
}

/** A workbench on a folder of its own, with the samples in it, which the person `trusts` or not where that is asked. */
export async function openEditor(
  settings: Readonly<Record<string, unknown>>,
  { trusts }: { readonly trusts?: boolean } = {},
): Promise<Editor> {
  const workspace = await makeWorkspace();
  let current: Readonly<Record<string, unknown>> = {};
  const configure: Editor["configure"] = async (changed) => {
    current = { ...current, ...changed };
    await mkdir(join(workspace.folder, ".vscode"), { recursive: true });
    await writeFile(join(workspace.folder, ".vscode", "settings.json"), JSON.stringify(current));
  };
  await configure(settings);
  const server = await startEditorServer({ trust: trusts !== undefined, ...(vsix !== undefined && { vsix }) });
  const browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  const installed = vsix !== undefined;
  const options = { installed, ...(trusts !== undefined && { trusts }) };
  const faults = await openWorkbench(page, server.port, workspace.folder, options);
  return {
    page,
    panel: panelPage(page),
    folder: workspace.folder,
    extension: installed ? await installedIn(join(server.data, "extensions")) : root,
    faults,
    configure,
    close: async () => {
      await browser.close();
      await server.stop();
      await workspace.remove();
    },
  };
}

async function installedIn(folder: string): Promise<string> {
  const name = (await readdir(folder)).find((entry) => entry.startsWith("relation-lens."));
  if (name === undefined) throw new Error("The extension is not installed.");
  return join(folder, name);
}

/** The command line's report on a file, with its defaults. */
export async function reportOf(file: string, extension = root): Promise<Report> {
  const cli = join(extension, "dist", "cli.js");
  const { stdout } = await promisify(execFile)(process.execPath, [cli, "analyze", file, "--out", "-"], {
    maxBuffer: 2 ** 28,
  });
  return JSON.parse(stdout) as Report;
}

export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = join(import.meta.dirname, "screenshots");
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${build}${name}.png`) });
}
