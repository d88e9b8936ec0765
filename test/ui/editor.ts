import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { FrameLocator, Page } from "playwright-core";
import { launchBrowser } from "../../scripts/browser.mjs";
import { startEditorServer } from "../../scripts/editorServer.mjs";
import { openWorkbench, panelPage } from "../../scripts/workbench.mjs";
import { makeWorkspace } from "../host/workspace.mjs";
import type { Report } from "../../src/protocol/report";

const root = join(import.meta.dirname, "..", "..");

export interface Editor {
  readonly page: Page;
  /** The page inside the panel. */
  readonly panel: FrameLocator;
  readonly folder: string;
  /** Console messages that speak of a fault. */
  readonly faults: readonly string[];
  /** Writes the folder's settings (a window that develops an extension has no user settings); the editor follows. */
  configure(settings: Readonly<Record<string, unknown>>): Promise<void>;
  close(): Promise<void>;
}

/** A workbench on a folder of its own, with the samples in it. */
export async function openEditor(settings: Readonly<Record<string, unknown>>): Promise<Editor> {
  const workspace = await makeWorkspace();
  let current: Readonly<Record<string, unknown>> = {};
  const configure: Editor["configure"] = async (changed) => {
    current = { ...current, ...changed };
    await mkdir(join(workspace.folder, ".vscode"), { recursive: true });
    await writeFile(join(workspace.folder, ".vscode", "settings.json"), JSON.stringify(current));
  };
  await configure(settings);
  const server = await startEditorServer();
  const browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  const faults = await openWorkbench(page, server.port, workspace.folder);
  return {
    page,
    panel: panelPage(page),
    folder: workspace.folder,
    faults,
    configure,
    close: async () => {
      await browser.close();
      await server.stop();
      await workspace.remove();
    },
  };
}

/** The command line's report on a file, with its defaults. */
export async function reportOf(file: string): Promise<Report> {
  const cli = join(root, "dist", "cli.js");
  const { stdout } = await promisify(execFile)(process.execPath, [cli, "analyze", file, "--out", "-"], {
    maxBuffer: 2 ** 28,
  });
  return JSON.parse(stdout) as Report;
}

export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = join(import.meta.dirname, "screenshots");
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
