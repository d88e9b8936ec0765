/* global document, window, getComputedStyle, DOMParser, TextEncoder */
/** The panel outside the editor: `node --test test/ui/panelPage/`. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { allDrawn, send, startPanelBrowser } from "./browser.mjs";
import { themes } from "./themes.mjs";

const tabs = ["overview", "parallelism", "linearity", "probes", "subspaces", "steering", "origins", "prompts"];
const file = "/relations/superlative.relation.yaml";
let panel;
let report;

before(async () => {
  panel = await startPanelBrowser();
  report = panel.server.exampleReport();
});
after(() => panel.close());

const posted = (page, type) => page.evaluate((t) => window.posted.filter((message) => message.type === t), type);
const finished = (made = report) => ({ type: "report", report: made, file, problems: [] });

async function openReport(options, tab = "overview", made = report) {
  const page = await panel.open(options);
  await send(page, finished(made));
  await page.getByTestId(`tab-${tab}`).click();
  if (tab !== "prompts") await allDrawn(page);
  return page;
}

const values = (page, selector) =>
  page.locator(selector).evaluateAll((cells) => cells.map((cell) => cell.getAttribute("data-value")));

test("says that it is ready, and shows the report's own figures", async () => {
  const page = await openReport();
  assert.deepEqual(await posted(page, "ready"), [{ type: "ready", hasReport: false }]);
  assert.equal(await page.getByTestId("relation-name").textContent(), "superlative");
  assert.match(
    await page.getByTestId("about").textContent(),
    /embedded-small.*teaching model.*24 samples × 3 phrasings/,
  );
  assert.deepEqual(
    await values(page, "[data-testid=properties] [data-field=value]"),
    report.summary.properties.map((row) => String(row.value)),
  );
  await page.close();
});

test("a property's row opens its tab; arrows, Home and End move between tabs", async () => {
  const page = await openReport();
  await page.locator("tr[data-section=probes] button").first().focus();
  await page.keyboard.press("Enter");
  const selected = () => page.locator("[role=tab][aria-selected=true]").textContent();
  assert.equal(await selected(), "Probes");
  await page.keyboard.press("ArrowRight");
  assert.equal(await selected(), "Subspaces");
  await page.keyboard.press("End");
  assert.equal(await selected(), "Compare");
  await page.keyboard.press("ArrowRight");
  assert.equal(await selected(), "Overview");
  assert.equal(await page.evaluate(() => document.activeElement.id), "tab-overview");
  await page.close();
});

test("the heatmap's table has the matrix of the chosen geometry in full precision", async () => {
  const page = await openReport({}, "parallelism");
  for (const geometry of ["distributional", "euclidean"]) {
    await page.getByTestId(`geometry-${geometry}`).click();
    await allDrawn(page);
    await page.getByTestId("table-parallelism").click();
    const cells = await values(page, "[data-testid=data-parallelism] td.number");
    assert.deepEqual(cells, report.parallelism[geometry].matrix.flat().map(String));
    await page.getByTestId("table-parallelism").click();
    await allDrawn(page);
  }
  await page.close();
});

test("the heatmap is walked with the keyboard and opens the prompts of a cell", async () => {
  const page = await openReport({}, "parallelism");
  await page.locator("[data-testid=chart-parallelism] .heatmap-box").focus();
  for (const key of ["ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
  const spoken = await page.locator("[data-testid=chart-parallelism] [aria-live]").textContent();
  assert.match(spoken, /happy → happiest.*busy → busiest.*cosine/);
  await page.keyboard.press("Enter");
  const detail = page.getByTestId("pair-detail");
  assert.equal(
    await detail.getByTestId("cell-value").getAttribute("data-value"),
    String(report.parallelism.distributional.matrix[2][3]),
  );
  assert.match(await detail.textContent(), /The superlative of happy is.*The superlative of busy is/);
  await page.close();
});

test("clustered order draws the same cells in another order", async () => {
  const page = await openReport({}, "parallelism");
  await page.getByTestId("order-clustered").click();
  await page.getByTestId("table-parallelism").click();
  const cells = await values(page, "[data-testid=data-parallelism] td.number");
  const matrix = report.parallelism.distributional.matrix.flat().map(String);
  assert.notDeepEqual(cells, matrix);
  assert.deepEqual(cells.toSorted(), matrix.toSorted());
  await page.close();
});

test("copies, saves tables and saves pictures through the host", async () => {
  const page = await openReport({}, "probes");
  for (const tool of ["copy", "csv", "png", "svg"]) await page.getByTestId(`${tool}-probes`).click();
  const [copy] = await posted(page, "copy");
  const [{ context, pooling }] = report.probes;
  const first = report.probes.filter((probe) => probe.context === context && probe.pooling === pooling);
  assert.deepEqual(
    copy.text
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => Number(line.split("\t")[1])),
    first.map((probe) => probe.accuracy),
  );
  const [csv] = await posted(page, "saveText");
  assert.match(csv.name, /^superlative-probes-.*\.csv$/);
  assert.equal(csv.text.trim().split("\r\n").length, first.length + 1);
  const [png, svg] = await posted(page, "savePicture");
  assert.match(png.dataUrl, /^data:image\/png;base64,.{2000,}/);
  const drawn = decodeURIComponent(svg.dataUrl.slice(svg.dataUrl.indexOf(",") + 1));
  for (const { accuracy } of first.filter(({ estimator }) => estimator === "logistic")) {
    assert.ok(drawn.includes(`: ${accuracy.toFixed(2)}</title>`), accuracy);
  }
  await page.close();
});

test("charts made of marks are saved as SVG that stands alone", async () => {
  const page = await openReport({}, "linearity");
  await page.getByTestId("svg-linearity").click();
  const [{ name, dataUrl }] = await posted(page, "savePicture");
  assert.equal(name, "superlative-linearity.svg");
  const svg = await page.evaluate((url) => {
    const text = decodeURIComponent(url.slice(url.indexOf(",") + 1));
    const root = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
    const fills = [...root.querySelectorAll("circle")].map((dot) => dot.getAttribute("fill"));
    return { tag: root.tagName, fills, text: root.textContent };
  }, dataUrl);
  assert.equal(svg.tag, "svg");
  assert.ok(svg.fills.length >= 15 && svg.fills.every((fill) => fill !== "" && !fill.includes("var(")));
  assert.match(svg.text, /Held-out R².*least squares/);
  await page.close();
});

test("the table of properties says how far twins move each figure, on the axis of its value", async () => {
  const page = await openReport();
  const { changeOfBasis, changeOfDimension } = report.twins;
  const rows = await page.locator("[data-testid=properties] tbody tr").evaluateAll((all) =>
    all.map((row) => ({
      words: row.querySelector(".range")?.textContent ?? "",
      bar: row.querySelector("rect.fill-fourth")?.getBoundingClientRect().toJSON() ?? null,
      dot: row.querySelector("circle")?.getBoundingClientRect().toJSON() ?? null,
    })),
  );
  const wide = (row) => row.bar.width > 30;
  for (const [i, { path, identifiable }] of report.summary.properties.entries()) {
    const tested = path in changeOfBasis || path in changeOfDimension;
    assert.equal(rows[i].bar !== null, tested, path);
    if (!tested) continue;
    assert.equal(wide(rows[i]), identifiable !== "always", path);
    if (identifiable === "always") assert.equal(rows[i].words, "unchanged in all twins");
    if (identifiable === "never") assert.match(rows[i].words, /^moves −?\d\.\d\d to \d\.\d\d$/);
    const middle = (box) => box.x + box.width / 2;
    if (identifiable === "always") assert.ok(Math.abs(middle(rows[i].bar) - middle(rows[i].dot)) < 0.6, path);
  }
  assert.ok(rows.filter(({ bar }) => bar).length > 10);
  await page.close();
});

test("verdicts come from the report, whatever its figures say", async () => {
  const properties = report.summary.properties.map((row) => ({ ...row, verdict: `words of ${row.section}` }));
  const made = { ...report, summary: { ...report.summary, properties } };
  for (const section of ["linearity", "probes", "subspaces"]) {
    const page = await openReport({}, section, made);
    const text = await page.locator(`#panel-${section}`).textContent();
    assert.match(text, new RegExp(`[Ww]ords of ${section}`));
    // Words that are part of no label.
    const own = report.summary.properties.filter((one) => one.section === section && one.verdict.includes(" "));
    assert.ok(own.length > 0);
    for (const { verdict } of own) assert.ok(!text.includes(verdict), `${section} says "${verdict}" by itself`);
    await page.close();
  }
});

test("a point of a curve is reached with the keyboard and shows the row of figures behind it", async () => {
  const page = await openReport({}, "linearity");
  await page.locator("[data-testid=chart-linearity-layers] .curve-box").focus();
  for (const key of ["ArrowRight", "ArrowRight", "ArrowRight", "ArrowDown"]) await page.keyboard.press(key);
  const fit = report.linearity.find(({ estimator, layer }) => estimator === "kl" && layer === 2);
  const spoken = await page.locator("[data-testid=chart-linearity-layers] [aria-live]").textContent();
  assert.equal(spoken, `KL, 2: ${fit.r2Logit.toFixed(2)}`);
  await page.keyboard.press("Enter");
  const shown = await page
    .getByTestId("detail-linearity-layers")
    .locator("dd")
    .evaluateAll((cells) => cells.map((one) => one.getAttribute("data-value")));
  for (const value of [fit.r2Logit, fit.faithfulness, fit.kl, fit.causality]) assert.ok(shown.includes(String(value)));
  await page.close();
});

test("a click on a point shows the figures behind it", async () => {
  const page = await openReport({}, "probes");
  const canvas = page.locator("[data-testid=chart-probes] canvas");
  const detail = page.getByTestId("detail-probes");
  // A chart that still takes its size has its points elsewhere.
  for (let tries = 0; tries < 20 && (await detail.locator("dd").count()) === 0; tries++) {
    const box = await canvas.boundingBox();
    // Nearest to the implied probe, at f.
    await canvas.click({ position: { x: box.width - 12, y: 90 } });
    await page.waitForTimeout(50);
  }
  const implied = report.probes.find(({ estimator, layer }) => estimator === "implied" && layer === "final");
  assert.match(await detail.textContent(), /probe implied by the linear map, final/);
  assert.equal(await detail.locator(`dd[data-value="${implied.logLoss}"]`).count(), 1);
  assert.ok((await detail.locator("dd").count()) > 8);
  await page.close();
});

test("a cell of the transfer map shows both phrasings' prompts, and each measure its own matrix", async () => {
  const page = await openReport({}, "linearity");
  const { r2OwnIntercept, r2RefittedIntercept } = report.linearityTransfer;
  for (const [choice, matrix] of [
    ["own", r2OwnIntercept],
    ["refitted", r2RefittedIntercept],
  ]) {
    await page.getByTestId(`map-transfer-${choice}`).click();
    await page.getByTestId("table-map-transfer").click();
    assert.deepEqual(await values(page, "[data-testid=data-map-transfer] td.number"), matrix.flat().map(String));
    await page.getByTestId("table-map-transfer").click();
  }
  await allDrawn(page);
  await page.locator("[data-testid=chart-map-transfer] .heatmap-box").focus();
  for (const key of ["ArrowDown", "ArrowLeft"]) await page.keyboard.press(key);
  await page.keyboard.press("Enter");
  const text = await page.getByTestId("detail-map-transfer").textContent();
  assert.match(text, /Fitted on Nothing is more \{\}/);
  const shown = report.prompts.filter((prompt) => text.includes(prompt.text));
  assert.equal(new Set(shown.map(({ template }) => template)).size, 2);
  for (const { topTokens } of shown) assert.ok(text.includes(topTokens[0].text.trim()));
  await page.close();
});

test("steering by hand asks for the latest slider position and draws what comes back", async () => {
  const page = await openReport({}, "steering");
  const [first] = await posted(page, "steer");
  assert.deepEqual(first.params, {
    ...{ template: 0, sample: 0, to: 1, layer: "final", method: "minimumNorm", alpha: 1 },
    continuation: first.params.continuation,
  });
  const slider = page.getByTestId("live-alpha");
  await slider.focus();
  for (let i = 0; i < 6; i++) await page.keyboard.press("ArrowRight");
  assert.equal((await posted(page, "steer")).length, 1, "one request under way");
  const outcome = { ok: true, value: panel.server.exampleSteered(), problems: [] };
  await send(page, { type: "steered", id: first.id, outcome });
  await page.getByTestId("steer-change").waitFor();
  const asked = await posted(page, "steer");
  assert.equal(asked.length, 2);
  assert.ok(Math.abs(asked[1].params.alpha - 1.3) < 1e-9);
  assert.match(await page.getByTestId("steer-change").textContent(), /easiest: 82.0% → 17.0%.*luckiest: 1.2% → 61.0%/);
  assert.match(await page.getByTestId("steer-result").textContent(), /luckiest, and the superlative of lucky/);
  assert.ok((await page.locator("[data-testid=steer-result] rect").count()) >= 9);
  const problems = [
    { kind: "usage", code: "no-study", severity: "error", message: "Nothing to steer.", remedy: "Again." },
  ];
  await send(page, { type: "steered", id: asked[1].id, outcome: { ok: false, problems } });
  await page.getByTestId("steer-problem").getByText("Analyze again").click();
  assert.equal((await posted(page, "analyzeAgain")).length, 1);
  await page.close();
});

test("progress moves, parts are drawn as they come, and cancel asks the host", async () => {
  const page = await panel.open();
  await send(page, { type: "started", file });
  const { relation, model, prompts, parallelism } = report;
  const partial = { relation, model, prompts, parallelism };
  await send(page, { type: "progress", progress: { phase: "probes", detail: "layer 2", fraction: 0.6, partial } });
  await page.getByTestId("tab-parallelism").click();
  await allDrawn(page);
  assert.equal(await page.getByRole("progressbar").getAttribute("aria-valuenow"), "60");
  assert.match(await page.getByTestId("progress-phase").textContent(), /Probes · layer 2/);
  await page.getByTestId("tab-linearity").click();
  assert.match(await page.getByTestId("absent-linearity").textContent(), /being computed/);
  await page.getByTestId("cancel").click();
  assert.equal((await posted(page, "cancel")).length, 1);
  await send(page, { type: "cancelled", file });
  await page.getByTestId("progress").waitFor({ state: "hidden" });
  await page.getByTestId("tab-parallelism").click();
  await allDrawn(page);
  await page.close();
});

test("problems are shown with their place, above the last report", async () => {
  const page = await openReport();
  const problem = {
    kind: "input",
    code: "no-slot",
    severity: "error",
    message: "No slot.",
    remedy: "Write {}.",
    file,
    position: { line: 3, column: 1 },
  };
  await send(page, { type: "problems", file, problems: [problem] });
  await page.getByRole("button", { name: "superlative.relation.yaml:3" }).click();
  assert.deepEqual(await posted(page, "openFile"), [{ type: "openFile", file, line: 3 }]);
  assert.match(await page.getByTestId("problems").textContent(), /No slot\..*Write \{\}/);
  assert.ok(await page.getByTestId("properties").isVisible());
  await page.close();
});

test("a reload restores report, tab and choices", async () => {
  const page = await openReport({}, "parallelism");
  await page.getByTestId("geometry-causal").click();
  const state = await page.evaluate(() => window.savedState);
  await page.close();
  const again = await panel.open({ state });
  await allDrawn(again);
  assert.deepEqual(await posted(again, "ready"), [{ type: "ready", hasReport: true }]);
  assert.equal(await again.locator("[role=tab][aria-selected=true]").textContent(), "Parallelism");
  assert.equal(await again.getByTestId("geometry-causal").getAttribute("aria-checked"), "true");
  await again.close();
});

test("nothing from a file becomes markup", async () => {
  const bad = '<img src=x onerror="window.broken=1"><b>';
  const text = JSON.stringify(report).replaceAll("easy", JSON.stringify(bad).slice(1, -1));
  const made = { ...JSON.parse(text), warnings: [{ code: bad, message: bad, where: bad }] };
  for (const tab of ["overview", "parallelism", "linearity", "steering", "prompts"]) {
    const page = await openReport({}, tab, made);
    if (tab === "parallelism") await page.getByTestId("table-parallelism").click();
    assert.equal(await page.locator("#app img").count(), 0);
    assert.equal(await page.evaluate(() => window.broken), undefined);
    if (tab !== "overview") assert.ok((await page.locator("#app").textContent()).includes(bad));
    await page.close();
  }
});

test("colours follow the theme without a reload", async () => {
  const page = await openReport({ theme: "light" }, "probes");
  const ink = () =>
    page.evaluate(() => {
      const canvas = document.querySelector("[data-testid=chart-probes] canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      const sum = [0, 0, 0];
      for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) sum.forEach((_, c) => (sum[c] += data[i + c]));
      return sum.join();
    });
  const light = await ink();
  await page.evaluate((theme) => window.applyTheme(theme), themes.dark);
  await page.waitForFunction(() => getComputedStyle(document.body).backgroundColor === "rgb(31, 31, 31)");
  await page.waitForTimeout(200);
  assert.notEqual(await ink(), light);
  await page.close();
});

test("every picture and control has a name, and nothing moves when less motion is asked for", async () => {
  for (const tab of tabs) {
    const page = await openReport({ reducedMotion: "reduce" }, tab);
    const unnamed = await page.evaluate(() =>
      [...document.querySelectorAll("[role=img], [role=application], [role=radiogroup], [role=region], button")]
        .filter((e) => !(e.getAttribute("aria-label") ?? e.textContent).trim())
        .map((e) => e.outerHTML.slice(0, 120)),
    );
    assert.deepEqual(unnamed, [], tab);
    await send(page, { type: "started", file });
    await page.locator(".spinner").waitFor();
    assert.equal(await page.locator(".spinner").evaluate((e) => getComputedStyle(e).animationName), "none");
    await page.close();
  }
});

test("fits a narrow panel at 200% zoom", async () => {
  for (const tab of tabs) {
    const page = await openReport({ width: 320, deviceScaleFactor: 2 }, tab);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(over <= 0, `${tab} is ${over} px too wide`);
    await page.close();
  }
});

test("a large report takes little work to draw", async () => {
  const large = panel.server.exampleReport({ samples: 120 });
  const page = await panel.open();
  await page.getByTestId("tab-parallelism").evaluate((tab) => tab.click());
  await page.evaluate((message) => {
    const report = [new TextEncoder().encode(JSON.stringify(message.report))];
    window.prepared = { ...message, report };
  }, finished(large));
  // Processor time of the page's thread: what it takes on a busy machine as well.
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const work = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find((metric) => metric.name === "TaskDuration").value;
  };
  const before = await work();
  await page.evaluate(() => window.postMessage(window.prepared, "*"));
  await allDrawn(page);
  const seconds = (await work()) - before;
  console.log(`# drawn in ${Math.round(1000 * seconds)} ms of processor time`);
  assert.ok(seconds > 0.01 && seconds < 1.5, `${seconds} s`);
  await page.close();
});

test("no page reported an error or broke the content security policy", () => assert.deepEqual(panel.errors, []));
