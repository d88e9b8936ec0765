import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { launchBrowser } from "../../scripts/browser.mjs";
import { startEditorServer, workbenchAddress } from "../../scripts/editorServer.mjs";
import { faultsOf, patience } from "../../scripts/workbench.mjs";

const vsix = process.env["RELATION_LENS_VSIX"];

export interface EmptyWindow {
  readonly page: Page;
  /** An empty folder of the person's own. */
  readonly home: string;
  readonly faults: readonly string[];
  close(): Promise<void>;
}

/** A fresh profile as somebody has it who has just installed the extension: no folder is open, and trust is asked for. */
export async function openEmptyWindow(): Promise<EmptyWindow> {
  const home = await realpath(await mkdtemp(join(tmpdir(), "relation-lens-home-")));
  const server = await startEditorServer({ trust: true, ...(vsix !== undefined && { vsix }) });
  const browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  page.setDefaultTimeout(patience);
  const faults = faultsOf(page);
  await page.goto(workbenchAddress(server.port, null, { installed: vsix !== undefined }));
  // Keys that come before the workbench are lost.
  await page.locator('.activitybar .action-item a[aria-label="Relation Lens"]').waitFor();
  return {
    page,
    home,
    faults,
    close: async () => {
      await browser.close();
      await server.stop();
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
