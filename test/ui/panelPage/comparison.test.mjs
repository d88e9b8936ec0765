/* global document, window */
/** Two models and the origins of a relation in the panel: `node --test test/ui/panelPage/comparison.test.mjs`. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { allDrawn, send, startPanelBrowser } from "./browser.mjs";
import { assertFits, assertNamed, posted, tableValues, text, values } from "./checks.mjs";

const file = "/relations/superlative.relation.yaml";
let panel;
let report;

before(async () => {
  panel = await startPanelBrowser();
  report = panel.server.exampleCompared();
});
after(() => panel.close());

async function openReport(tab, options = {}, made = report) {
  const page = await panel.open(options);
  await send(page, { type: "report", report: made, file, problems: [] });
  await page.getByTestId(`tab-${tab}`).click();
  if (made.comparison || tab !== "comparison") await allDrawn(page);
  return page;
}

const field = (page, name) => values(page, `[data-testid=compared] [data-field=${name}]`);

test("every property is shown in both models with its verdict, in words and shape", async () => {
  const page = await openReport("comparison");
  const { verdicts, headline } = report.comparison;
  assert.equal(await page.getByTestId("comparison-headline").textContent(), headline.join(""));
  assert.deepEqual(
    await field(page, "left"),
    verdicts.map(({ left }) => text(left)),
  );
  assert.deepEqual(
    await field(page, "right"),
    verdicts.map(({ right }) => text(right)),
  );
  const chips = await page
    .locator("[data-testid=compared] .chip")
    .evaluateAll((all) =>
      all.map((chip) => [chip.textContent, [...chip.querySelectorAll(".holds")].map((e) => e.className)]),
    );
  const mark = (side, holds) => `holds ${side} ${holds === null ? "unknown" : holds ? "yes" : "no"}`;
  assert.deepEqual(
    chips,
    verdicts.map(({ verdict, holds }) => [verdict, [mark("left", holds[0]), mark("right", holds[1])]]),
  );
  const spoken = await page.locator("[data-testid=compared] svg[role=img]").first().getAttribute("aria-label");
  assert.match(spoken, /^parallelism, distributional\. embedded-small: 0\.\d\d \[.*embedded-medium: 0\.\d\d/);
  assert.equal(await page.getByTestId("depends").count(), 1);
  await page.close();
});

test("properties are filtered by verdict and ordered by difference; a row opens its tab", async () => {
  const page = await openReport("comparison");
  const { verdicts } = report.comparison;
  await page.getByTestId("verdict-one").click();
  const one = verdicts.filter(({ verdict }) => verdict === "one");
  assert.ok(one.length > 0 && one.length < verdicts.length);
  assert.deepEqual(
    await field(page, "left"),
    one.map(({ left }) => text(left)),
  );
  await page.getByTestId("csv-all-or-none").click();
  const [csv] = await posted(page, "saveText");
  assert.equal(csv.text.trim().split("\r\n").length, one.length + 1);
  await page.getByTestId("verdict-all").click();
  await page.getByTestId("compared-order-difference").click();
  const differences = (await field(page, "left")).map(Number);
  const rights = (await field(page, "right")).map(Number);
  const first = Math.max(...verdicts.map(({ left, right }) => Math.abs(left - right)));
  assert.ok(Math.abs(Math.abs(differences[0] - rights[0]) - first) < 1e-12);
  await page.locator("[data-testid=compared] tr[data-section=probes] button").first().focus();
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("[role=tab][aria-selected=true]").textContent(), "Probes");
  await page.close();
});

test("the choice of verdicts is reached with the arrow keys", async () => {
  const page = await openReport("comparison");
  await page.getByTestId("verdict-all").focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.getByTestId("verdict-both").getAttribute("aria-checked"), "true");
  assert.equal(await page.evaluate(() => document.activeElement.id), "verdict-both");
  const both = report.comparison.verdicts.filter(({ verdict }) => verdict === "both");
  assert.equal((await field(page, "left")).length, both.length);
  await page.close();
});

test("the table of properties is saved as a picture with every value to scale", async () => {
  const page = await openReport("comparison");
  await page.getByTestId("svg-all-or-none").click();
  await page.getByTestId("png-all-or-none").click();
  const [svg, png] = await posted(page, "savePicture");
  assert.equal(svg.name, "superlative-all-or-none.svg");
  const circles = decodeURIComponent(svg.dataUrl).match(/<circle/g);
  const drawn = report.comparison.verdicts
    .flatMap(({ left, right }) => [left, right])
    .filter((value) => value !== null);
  // And one in the legend.
  assert.equal(circles.length, drawn.length + 1);
  assert.match(png.dataUrl, /^data:image\/png;base64,.{5000,}/);
  await page.close();
});

test("distances, equivalence, singular values and units have the report's figures", async () => {
  const page = await openReport("comparison");
  const { distances, relationDistances, equivalence, complexity, unitMatching } = report.comparison;
  const rows = await tableValues(page, "distances");
  assert.deepEqual(
    rows.map((row) => row[2]),
    [distances, relationDistances].flatMap((one) =>
      [one.jensenShannon, one.kl, one.klBackward, one.sameTopToken, one.logLikelihoodVariance].map(text),
    ),
  );
  const figures = await tableValues(page, "equivalence");
  assert.deepEqual(
    figures.map((row) => row[1]).toSorted(),
    Object.values(equivalence.figures)
      .map(({ value }) => text(value))
      .toSorted(),
  );
  const singular = await tableValues(page, "complexity");
  const [left, right] = complexity.singularValues;
  assert.equal(singular.length, right.length);
  assert.deepEqual(singular[40].slice(1), [text(left[40]), text(right[40])]);
  assert.equal(await page.locator("[data-testid=chart-complexity] path[class^=stroke]").count(), 2);
  assert.match(await page.getByTestId("complexity-words").textContent(), /94 and 121.*21\.3 and 26\.8/);
  const units = await tableValues(page, "unit-curves");
  assert.deepEqual(
    units.map((row) => row.slice(0, 3)),
    unitMatching.assignment.map((one) => [one.left, one.right, one.correlation].map(text)),
  );
  assert.deepEqual(
    await values(page, "[data-testid=data-unit-clusters] td.number"),
    unitMatching.clusters.map((one) => text(one.meanCorrelation)),
  );
  assert.match(await page.getByTestId("comparison-sources").textContent(), /1,500 contexts from 300 passages.*97%/);
  await page.close();
});

test("layer maps are walked with the keyboard, and each measure and phrasing has its own", async () => {
  const page = await openReport("comparison");
  const [cka, first, second] = report.comparison.layerMaps;
  const cells = async () => (await tableValues(page, "layer-map")).flatMap((row) => row.slice(1));
  assert.deepEqual(await cells(), cka.matrix.flat().map(text));
  await allDrawn(page);
  await page.locator("[data-testid=chart-layer-map] .heatmap-box").focus();
  for (const key of ["ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
  const spoken = await page.locator("[data-testid=chart-layer-map] [aria-live]").textContent();
  const [value, mean, upper] = [cka.matrix, cka.nullMatrix, cka.nullUpper].map((matrix) => matrix[2][3].toFixed(3));
  assert.equal(
    spoken,
    `embedded-small layer 2 · embedded-medium layer 3, CKA ${value}, permuted: mean ${mean}, 95% below ${upper}`,
  );
  await page.keyboard.press("Enter");
  const detail = page.getByTestId("detail-layer-map");
  assert.equal(await detail.locator("b").getAttribute("data-value"), text(cka.matrix[2][3]));
  await page.getByTestId("layer-map-subspaceOverlap").click();
  assert.deepEqual(await cells(), first.matrix.flat().map(text));
  await page.getByTestId("layer-map-template").click();
  await page.getByRole("option", { name: new RegExp(`^B.*${second.template.slice(0, 15)}`) }).click();
  assert.deepEqual(await cells(), second.matrix.flat().map(text));
  await page.close();
});

test("every other tab shows either model; only the report's own is steered", async () => {
  const page = await openReport("overview");
  const shown = () => values(page, "[data-testid=properties] [data-field=value]");
  assert.deepEqual(
    await shown(),
    report.summary.properties.map(({ value }) => text(value)),
  );
  await page.getByTestId("model-left").focus();
  await page.keyboard.press("ArrowRight");
  const { other } = report.comparison;
  assert.deepEqual(
    await shown(),
    other.summary.properties.map(({ value }) => text(value)),
  );
  assert.match(await page.getByTestId("about").textContent(), /^embedded-medium/);
  assert.equal(await page.evaluate(() => document.activeElement.id), "model-right");
  await page.getByTestId("tab-steering").click();
  assert.match(await page.getByTestId("steer-absent").textContent(), /the report's own model/);
  assert.deepEqual(await posted(page, "steer"), []);
  await page.getByTestId("tab-comparison").click();
  assert.deepEqual(
    await field(page, "left"),
    report.comparison.verdicts.map(({ left }) => text(left)),
  );
  const state = await page.evaluate(() => window.savedState);
  await page.close();
  const again = await panel.open({ state });
  await allDrawn(again);
  assert.equal(await again.getByTestId("model-right").getAttribute("aria-checked"), "true");
  await again.getByTestId("tab-overview").click();
  assert.deepEqual(
    await values(again, "[data-testid=properties] [data-field=value]"),
    other.summary.properties.map(({ value }) => text(value)),
  );
  await again.getByTestId("model-left").click();
  await again.getByTestId("tab-steering").click();
  assert.equal((await posted(again, "steer")).length, 1);
  await again.close();
});

test("a report of one model offers to compare it", async () => {
  const page = await openReport("comparison", {}, panel.server.exampleReport());
  assert.equal(await page.getByTestId("model-switch").count(), 0);
  assert.match(await page.getByTestId("absent-comparison").textContent(), /of one model/);
  await page.getByTestId("compare-models").click();
  assert.deepEqual(await posted(page, "compareModels"), [{ type: "compareModels" }]);
  await page.close();
});

test("two saved reports are shown without what needs their models", async () => {
  const { comparison } = report;
  const none = { vocabularyShared: null, vocabulary: null, contexts: null, distances: null, relationDistances: null };
  const parts = { equivalence: null, effectiveComplexity: null, complexity: null, layerMaps: [], unitMatching: null };
  const page = await panel.open();
  const made = { ...report, comparison: { ...comparison, ...none, ...parts } };
  await send(page, { type: "report", report: made, file, problems: [] });
  await page.getByTestId("tab-comparison").click();
  assert.equal((await field(page, "left")).length, comparison.verdicts.length);
  assert.match(await page.getByTestId("comparison-sources").textContent(), /two saved reports/);
  assert.equal(await page.locator("#panel-comparison .chart").count(), 0);
  await page.close();
});

test("origins: log-odds by pair, spread against random pairs, alignment in both geometries", async () => {
  const page = await openReport("origins");
  const { logOddsMatching: matching, alignment } = report.origins;
  assert.deepEqual(
    (await tableValues(page, "log-odds")).map((row) => row.slice(1)),
    matching.pairs.map(({ mean, spread }) => [mean, spread].map(text)),
  );
  assert.equal(await page.locator("[data-testid=chart-log-odds] circle").count(), matching.pairs.length);
  const [spread] = await tableValues(page, "log-odds-spread");
  assert.deepEqual(
    spread.slice(1),
    [matching.spread, ...matching.interval, matching.randomSpread, matching.randomSpreadLower].map(text),
  );
  for (const geometry of ["causal", "euclidean"]) {
    await page.getByTestId(`alignment-geometry-${geometry}`).click();
    const cells = (await tableValues(page, "alignment")).flatMap((row) => row.slice(1));
    assert.deepEqual(cells, alignment[geometry].matrix.flat().map(text));
  }
  await allDrawn(page);
  await page.locator("[data-testid=chart-alignment] .heatmap-box").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.match(
    await page.getByTestId("detail-alignment").textContent(),
    /embeddings of comparative · unembeddings of comparative: cosine 0\.\d\d\d/,
  );
  const words = await page.locator("#panel-origins").textContent();
  for (const { verdict } of report.summary.properties.filter(({ section }) => section === "origins")) {
    assert.ok(words.toLowerCase().includes(verdict.toLowerCase()), verdict);
  }
  await page.close();
});

test("parallelism over general contexts is a geometry of its own", async () => {
  const page = await openReport("parallelism");
  await page.getByTestId("geometry-general").click();
  const cells = (await tableValues(page, "parallelism")).flatMap((row) => row.slice(1));
  assert.deepEqual(cells, report.parallelism.general.matrix.flat().map(text));
  assert.match(await page.locator("#panel-parallelism").textContent(), /General contexts: 1500, effectively 31\.4/);
  await page.close();
});

test("names and places of both tabs hold at 320 pixels, in every control", async () => {
  for (const tab of ["comparison", "origins"]) {
    const page = await openReport(tab, { width: 320, deviceScaleFactor: 2 });
    await assertFits(page, tab);
    await assertNamed(page, tab);
    await page.close();
  }
});

test("nothing from a model's name or a template becomes markup", async () => {
  const bad = '<img src=x onerror="window.broken=1">';
  const words = report.comparison.verdicts.map((row) => ({ ...row, words: bad, property: `${bad} · ${bad}` }));
  const { comparison } = report;
  const made = {
    ...report,
    comparison: { ...comparison, headline: [bad], verdicts: words, model: { ...comparison.model, id: bad } },
  };
  const page = await openReport("comparison", {}, made);
  assert.equal(await page.locator("#app img").count(), 0);
  assert.equal(await page.evaluate(() => window.broken), undefined);
  assert.ok((await page.locator("#app").textContent()).includes(bad));
  await page.close();
});

test("no page reported an error or broke the content security policy", () => assert.deepEqual(panel.errors, []));
