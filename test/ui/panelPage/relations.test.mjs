/* global window */
/** Several relations side by side, outside the editor: `node --test test/ui/panelPage/relations.test.mjs`. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { allDrawn, sendPlain, startPanelBrowser } from "./browser.mjs";
import { assertFits, assertNamed, posted, tableValues, text, values } from "./checks.mjs";

let panel;
let report;
let files;

before(async () => {
  panel = await startPanelBrowser();
  report = panel.server.exampleRelations();
  files = report.relations.map(({ file }) => file);
});
after(() => panel.close());

const finished = () => ({ type: "relations", report, problems: [] });

async function openRelations(options = {}) {
  const page = await panel.open({ ...options, kind: "relations" });
  await sendPlain(page, { type: "started", files });
  await sendPlain(page, finished());
  await allDrawn(page);
  return page;
}

const cells = async (page, id) => (await tableValues(page, id)).flatMap((row) => row.slice(1));
const flat = (matrix) => matrix.flat().map(text);

test("is ready, and shows the relations with what they share", async () => {
  const page = await openRelations();
  assert.deepEqual(await posted(page, "ready"), [{ type: "ready", hasReport: false }]);
  assert.match(await page.getByTestId("about").textContent(), /embedded-small · 6 relations/);
  assert.equal(await page.getByTestId("headline").textContent(), report.headline.join(""));
  assert.deepEqual(
    await values(page, "[data-testid=data-relations] td:nth-child(6)"),
    report.relations.map(({ r2Logit }) => text(r2Logit)),
  );
  assert.deepEqual(await cells(page, "subspaces"), flat(report.subspaces.matrix));
  await page.getByRole("button", { name: "Open plural" }).click();
  assert.deepEqual(await posted(page, "openFile"), [{ type: "openFile", file: files[1] }]);
  await page.close();
});

test("each geometry and each layer has its own map", async () => {
  const page = await openRelations();
  for (const geometry of ["distributional", "causal", "euclidean"]) {
    await page.getByTestId(`parallelism-geometry-${geometry}`).click();
    assert.deepEqual(await cells(page, "parallelism"), flat(report.parallelism[geometry].matrix));
  }
  for (const geometry of ["causal", "mahalanobis"]) {
    await page.getByTestId(`direction-geometry-${geometry}`).click();
    assert.deepEqual(await cells(page, "directions"), flat(report.conceptDirections[geometry].matrix));
  }
  assert.deepEqual(await cells(page, "probes"), flat(report.probeTransfer.at(-1).matrix));
  await page.getByTestId("probe-layer").click();
  await page.getByRole("option", { name: "1", exact: true }).click();
  assert.deepEqual(await cells(page, "probes"), flat(report.probeTransfer[0].matrix));
  await page.close();
});

test("cells are walked in the clustered order, and tell both relations and their null", async () => {
  const page = await openRelations();
  const spoken = page.locator("[data-testid=chart-subspaces] [aria-live]");
  await page.locator("[data-testid=chart-subspaces] .heatmap-box").focus();
  await page.keyboard.press("ArrowDown");
  // The second in the clustered order is the comparative, the third of the files.
  assert.match(await spoken.textContent(), /^comparative – comparative, overlap 1\.000/);
  await page.keyboard.press("ArrowLeft");
  assert.match(
    await spoken.textContent(),
    /^comparative – superlative, overlap 0\.520, 95% interval .*null, 95%: 0\.210/,
  );
  await page.keyboard.press("Enter");
  const detail = await page.getByTestId("detail-subspaces").textContent();
  assert.match(detail, /comparative.*The comparative of \{\} is.*superlative.*The superlative of \{\} is/);
  await page.getByTestId("relation-order-given").click();
  await allDrawn(page);
  await page.locator("[data-testid=chart-subspaces] .heatmap-box").focus();
  await page.keyboard.press("ArrowDown");
  assert.match(await spoken.textContent(), /^plural – plural/);
  await page.close();
});

test("entries within their null have its sign, and no others", async () => {
  const page = await openRelations();
  /** Whether the middle of a cell has more than one colour. */
  const signs = () =>
    page
      .locator("[data-testid=chart-parallelism] canvas")
      .first()
      .evaluate((canvas) => {
        const { width, height } = canvas;
        const context = canvas.getContext("2d");
        /** Middles of the stretches of a line that are long enough to be cells. */
        const middles = (data) => {
          const found = [];
          for (let start = 0, i = 0; i * 4 <= data.length; i++) {
            if (data[4 * i + 3] === 255) continue;
            if (i - start > 40) found.push((start + i) / 2);
            start = i + 1;
          }
          return found;
        };
        // Beside the middle of the last column, and of the last row, where no sign is.
        const columns = middles(context.getImageData(0, height - 40, width, 1).data);
        const rows = middles(context.getImageData(columns.at(-1) - 24, 0, 1, height).data);
        return rows.map((y) =>
          columns.map((x) => {
            const { data } = context.getImageData(x - 12, y - 12, 24, 24);
            const colours = new Set();
            for (let p = 0; p < data.length; p += 4) colours.add(data.slice(p, p + 3).join());
            return colours.size > 1;
          }),
        );
      });
  await page.getByTestId("relation-order-given").click();
  await allDrawn(page);
  const { matrix, upper } = report.parallelism.distributional;
  assert.deepEqual(
    await signs(),
    matrix.map((row, i) => row.map((value, j) => value <= upper[i][j])),
  );
  await page.close();
});

test("progress moves, cancel asks the host, and the last report stays", async () => {
  const page = await openRelations();
  await sendPlain(page, { type: "started", files });
  await sendPlain(page, { type: "progress", progress: { phase: "subspaces", detail: "plural", fraction: 0.4 } });
  assert.equal(await page.getByRole("progressbar").getAttribute("aria-valuenow"), "40");
  assert.match(await page.getByTestId("progress-phase").textContent(), /Subspaces · plural/);
  assert.equal(await page.getByTestId("again").isVisible(), false);
  await page.getByTestId("cancel").click();
  assert.equal((await posted(page, "cancel")).length, 1);
  await sendPlain(page, { type: "cancelled" });
  await page.getByTestId("note").waitFor();
  assert.ok(await page.getByTestId("chart-subspaces").isVisible());
  await page.getByTestId("again").click();
  assert.deepEqual(await posted(page, "again"), [{ type: "again" }]);
  const problems = [
    {
      kind: "input",
      code: "c",
      severity: "error",
      message: "No slot.",
      remedy: "Write {}.",
      file: files[0],
      position: { line: 2, column: 1 },
    },
  ];
  await sendPlain(page, { type: "problems", problems });
  await page.getByRole("button", { name: "superlative.relation.yaml:2" }).click();
  assert.deepEqual((await posted(page, "openFile")).at(-1), { type: "openFile", file: files[0], line: 2 });
  await page.close();
});

test("before anything has run, says how to begin; restores report and choices", async () => {
  const empty = await panel.open({ kind: "relations" });
  assert.match(await empty.getByTestId("about").textContent(), /choose Compare Relations/);
  await empty.close();
  const page = await openRelations();
  await page.getByTestId("parallelism-geometry-euclidean").click();
  const state = await page.evaluate(() => window.savedState);
  await page.close();
  const again = await panel.open({ kind: "relations", state });
  await allDrawn(again);
  assert.deepEqual(await posted(again, "ready"), [{ type: "ready", hasReport: true }]);
  assert.equal(await again.getByTestId("parallelism-geometry-euclidean").getAttribute("aria-checked"), "true");
  await again.close();
});

test("what could not be computed is said", async () => {
  const page = await panel.open({ kind: "relations" });
  const none = {
    subspaces: null,
    parallelism: { distributional: null, causal: null, euclidean: null },
    probeTransfer: [],
    conceptDirections: null,
  };
  await sendPlain(page, { type: "relations", report: { ...report, ...none }, problems: [] });
  const words = await page.locator("main").textContent();
  for (const part of ["Overlap of subspaces", "Parallelism across relations", "Probe transfer", "Concept directions"]) {
    assert.ok(words.includes(`${part}: could not be computed.`), part);
  }
  await page.close();
});

test("fits 320 pixels, and every control has a name", async () => {
  const page = await openRelations({ width: 320, deviceScaleFactor: 2 });
  await assertFits(page, "relations");
  await assertNamed(page, "relations");
  await page.close();
});

test("no page reported an error or broke the content security policy", () => assert.deepEqual(panel.errors, []));
