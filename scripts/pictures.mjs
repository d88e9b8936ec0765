import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchBrowser } from "./browser.mjs";
import { startEditorServer } from "./editorServer.mjs";
import { root } from "./paths.mjs";
import { withPalette } from "./pictures/palette.mjs";
import { analyze, openView, settled, shoot } from "./pictures/scenes.mjs";
import { openWorkbench } from "./workbench.mjs";

/** Makes the pictures of the walkthrough and of the README from the built extension, in the real editor. */
const size = { width: 1500, height: 960 };
const themes = { light: "Default Light Modern", dark: "Default Dark Modern" };
/** Milliseconds that an analysis may take on a busy machine. */
const patience = 300_000;

const parent = await realpath(await mkdtemp(join(tmpdir(), "relation-lens-pictures-")));
const folder = join(parent, "samples");
await cp(join(root, "samples"), folder, { recursive: true });
await mkdir(join(folder, ".vscode"));
const settings = (theme, more = {}) =>
  writeFile(
    join(folder, ".vscode", "settings.json"),
    JSON.stringify({
      "workbench.colorTheme": themes[theme],
      "workbench.startupEditor": "none",
      "workbench.tips.enabled": false,
      "editor.minimap.enabled": false,
      "breadcrumbs.enabled": false,
      "files.exclude": { "**/.vscode": true },
      ...more,
    }),
  );
const target = join(root, "media", "walkthrough");
await mkdir(target, { recursive: true });
// For the list of results, the figures that its words come from are enough; the charts get all of them.
await settings("light", { "relationLens.twins": 0, "relationLens.layers": "last" });
const [server, browser] = [await startEditorServer(), await launchBrowser()];
try {
  const page = await browser.newPage({ viewport: size });
  await openWorkbench(page, server.port, folder);
  page.setDefaultTimeout(patience);
  await openView(page);
  for (const name of ["capital", "equality", "opposite"]) await analyze(page, name);
  await settings("light");
  await shoot(page, size, { take, settings: (more) => settings("light", more) });

  /** The same moment in each theme. */
  async function take(name, clip) {
    for (const theme of Object.keys(themes)) {
      await settings(theme);
      await page.locator(`.monaco-workbench.vs${theme === "dark" ? "-dark" : ""}`).waitFor();
      await settled(page);
      const picture = withPalette(await page.screenshot({ clip }));
      await writeFile(join(target, `${name}-${theme}.png`), picture);
      if (name === "analyze") await writeFile(join(root, "media", `panel-${theme}.png`), picture);
      console.log(`${name}-${theme}.png: ${(picture.length / 1000).toFixed(0)} kB`);
    }
    await settings("light");
  }
} catch (error) {
  console.error(`No pictures: ${error.message}`);
  process.exitCode = 1;
} finally {
  await browser.close();
  await server.stop();
  await rm(parent, { recursive: true, force: true, maxRetries: 5 });
}
