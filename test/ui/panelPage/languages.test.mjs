/* global document, window, NodeFilter */
/** The pages in German: every label, and room for its longer words. `node --test test/ui/panelPage/` */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { allDrawn, send, sendPlain, startPanelBrowser } from "./browser.mjs";
import { assertFits, assertNamed } from "./checks.mjs";

const tabs = {
  overview: "Überblick",
  parallelism: "Parallelität",
  linearity: "Linearität",
  probes: "Proben",
  subspaces: "Unterräume",
  steering: "Steering",
  origins: "Ursprünge",
  prompts: "Prompts",
  comparison: "Vergleich",
};
const file = "/relations/superlative.relation.yaml";
let panel;

before(async () => {
  panel = await startPanelBrowser();
});
after(() => panel.close());

/** What stands in the page, is drawn as SVG or read aloud. */
const words = (page) =>
  page.evaluate(() => {
    const walker = document.createTreeWalker(document.getElementById("app"), NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) found.push(walker.currentNode.textContent);
    for (const element of document.querySelectorAll("[aria-label]")) found.push(element.getAttribute("aria-label"));
    return found.map((text) => text.trim()).filter((text) => /\p{L}{3}/u.test(text));
  });

/** Charts follow the width of the page with the next frame. */
async function assertFitsAt(page, width, name) {
  await page.setViewportSize({ width, height: 900 });
  await page
    .waitForFunction(() => document.documentElement.scrollWidth <= window.innerWidth, null, { timeout: 5000 })
    .catch(() => null);
  await assertFits(page, `${name} at ${width} px`);
}

/** Figures, and the letter of a phrasing. */
const edges = /^[A-Z]\s+|^[\d.\s]+|[\d.%−[\]\s]+$/g;

/** In both languages, because they come from the report, are names, or the same word. */
function isShared(text, report) {
  const ofReport = JSON.stringify(report);
  const parts = text.split(/\. |[·:;,()×→–␣↵◇\n]|\s{2,}/).map((part) => part.replace(edges, ""));
  return parts.every((part) => !/\p{L}{3}/u.test(part) || same.has(part) || ofReport.includes(part));
}
const same = new Set([
  "Null",
  "Mahalanobis",
  "d_LLV",
  "d_SVD",
  "Prompts",
  "Prompt",
  "Steering",
  "AUROC",
  "CKA",
  "CSV",
  "PNG",
  "SVG",
  "Relation",
  "Pooling",
]);

test("every tab, in German and no wider than the page", async () => {
  const report = panel.server.exampleCompared();
  const [english, german] = await Promise.all(["en", "de"].map((language) => panel.open({ width: 320, language })));
  for (const page of [english, german]) await send(page, { type: "report", report, file, problems: [] });
  const left = [];
  for (const [tab, label] of Object.entries(tabs)) {
    for (const page of [english, german]) {
      await page.getByTestId(`tab-${tab}`).click();
      if (tab !== "prompts") await allDrawn(page);
    }
    assert.equal((await german.getByTestId(`tab-${tab}`).textContent()).trim(), label);
    await assertNamed(german, label);
    for (const width of [480, 320]) {
      await assertFitsAt(german, width, label);
    }
    const inEnglish = new Set(await words(english));
    const alike = (await words(german)).filter((text) => inEnglish.has(text) && !isShared(text, report));
    left.push(...alike.map((text) => `${tab}: ${text}`));
  }
  assert.deepEqual(left, []);
  assert.deepEqual(panel.errors, []);
  await Promise.all([english.close(), german.close()]);
});

for (const [kind, title] of Object.entries({
  relations: "Relationen nebeneinander",
  simulation: "Simulation der Ursprünge",
})) {
  test(`the page ${kind} in German`, async () => {
    const page = await panel.open({ width: 320, kind, language: "de-AT" });
    const example = panel.server[kind === "relations" ? "exampleRelations" : "exampleSimulation"]();
    await sendPlain(page, { type: kind, report: example, problems: [] });
    await allDrawn(page);
    assert.ok((await page.textContent("#app")).includes(title));
    await assertNamed(page, title);
    for (const width of [320, 480]) {
      await assertFitsAt(page, width, title);
    }
    await page.close();
  });
}

test("a language that there is no translation of is English", async () => {
  const page = await panel.open({ language: "den" });
  await page.getByText("No analysis yet").waitFor();
  await page.close();
});
