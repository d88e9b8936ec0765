/* global document, getComputedStyle, window */
/** The simulation's page outside the editor: `node --test test/ui/panelPage/simulation.test.mjs`. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { allDrawn, sendPlain, startPanelBrowser } from "./browser.mjs";
import { assertFits, assertNamed, posted, tableValues, text, values } from "./checks.mjs";

const settings = { concepts: 4, runs: 3, optimizer: "sgd", seed: 0 };
let panel;
let report;

before(async () => {
  panel = await startPanelBrowser();
  report = panel.server.exampleSimulation();
});
after(() => panel.close());

const checkpoint = (run, index) => ({
  type: "checkpoint",
  checkpoint: report.curves[run][index],
  fraction: 0.1 * run + 0.01 * index,
});
const box = (page, id) => page.getByTestId(id).boundingBox();

async function openFinished(options = {}) {
  const page = await panel.open({ ...options, kind: "simulation" });
  await sendPlain(page, { type: "started", settings });
  await sendPlain(page, { type: "simulation", report });
  await allDrawn(page);
  return page;
}

test("runs with the settings of the form, and with no others", async () => {
  const page = await panel.open({ kind: "simulation" });
  assert.match(await page.getByTestId("nothing-run").textContent(), /press Run/);
  await page.getByTestId("field-concepts").fill("11");
  await page.getByTestId("run").click();
  assert.match(await page.getByTestId("form-errors").textContent(), /Concepts m: a whole number from 3 to 10/);
  assert.equal(await page.getByTestId("field-concepts").getAttribute("aria-invalid"), "true");
  assert.equal(await page.evaluate(() => document.activeElement.id), "field-concepts");
  assert.deepEqual(await posted(page, "again"), []);
  await page.getByTestId("field-concepts").fill("5");
  await page.getByTestId("field-runs").fill("2");
  await page.getByTestId("field-seed").fill("9");
  await page.getByTestId("field-optimizer").selectOption("adam");
  await page.getByTestId("advanced").locator("summary").click();
  await page.getByTestId("field-masks").fill("0.5");
  await page.getByTestId("field-dimension").fill("3");
  await page.getByTestId("field-dimension").press("Enter");
  assert.deepEqual(await posted(page, "again"), [
    { type: "again", settings: { concepts: 5, runs: 2, optimizer: "adam", seed: 9, dimension: 3, masks: 0.5 } },
  ]);
  assert.equal(await page.getByTestId("form-errors").isVisible(), false);
  await page.close();
});

test("curves and maps follow every checkpoint, in their places", async () => {
  const page = await panel.open({ kind: "simulation" });
  await sendPlain(page, { type: "started", settings });
  await allDrawn(page);
  const before = await Promise.all(["chart-loss", "chart-cosines", "chart-map-cross"].map((id) => box(page, id)));
  await sendPlain(page, checkpoint(0, 0));
  await sendPlain(page, checkpoint(0, 1));
  const path = () => page.locator("[data-testid=chart-loss] path.stroke-accent").first().getAttribute("d");
  await page.waitForFunction(() =>
    document.querySelector("[data-testid=chart-loss] path.stroke-accent")?.getAttribute("d").includes("L"),
  );
  const first = await path();
  const colour = () =>
    page
      .locator("[data-testid=chart-map-unembedding] canvas")
      .first()
      .evaluate((canvas) => {
        const { width, height } = canvas;
        return [...canvas.getContext("2d").getImageData(width * 0.9, height * 0.85, 1, 1).data].join();
      });
  const pale = await colour();
  for (let i = 2; i < 30; i++) await sendPlain(page, checkpoint(0, i));
  await page.waitForFunction(
    (d) => document.querySelector("[data-testid=chart-loss] path.stroke-accent")?.getAttribute("d") !== d,
    first,
  );
  await page.waitForTimeout(150);
  assert.equal((await path()).match(/[ML]/g).length, 30);
  assert.notEqual(await colour(), pale);
  assert.match(await page.getByTestId("progress-phase").textContent(), /^Run 1 of 3, step 72,500$/);
  assert.equal(await page.getByTestId("progress-spoken").textContent(), "20%");
  const afterwards = await Promise.all(["chart-loss", "chart-cosines", "chart-map-cross"].map((id) => box(page, id)));
  assert.deepEqual(afterwards, before, "nothing moves");
  // What is copied is what is there by now.
  await page.getByTestId("copy-loss").click();
  const [copy] = await posted(page, "copy");
  assert.deepEqual(
    copy.text
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => Number(line.split("\t")[2])),
    report.curves[0].slice(0, 30).map(({ loss }) => loss),
  );
  await page.close();
});

test("cancel asks the host and keeps what was computed", async () => {
  const page = await panel.open({ kind: "simulation" });
  await sendPlain(page, { type: "started", settings });
  for (let i = 0; i < 6; i++) await sendPlain(page, checkpoint(0, i));
  await page.getByTestId("cancel").click();
  assert.equal((await posted(page, "cancel")).length, 1);
  await page.getByTestId("run").click({ force: true });
  assert.deepEqual(await posted(page, "again"), [], "one run at a time");
  await sendPlain(page, { type: "cancelled" });
  await page.getByTestId("note").waitFor();
  assert.equal((await tableValues(page, "loss")).length, 6);
  await page.getByTestId("run").click();
  assert.deepEqual(await posted(page, "again"), [{ type: "again", settings }]);
  await page.close();
});

test("the result has means, errors and where they began; maps have the report's entries", async () => {
  const page = await openFinished();
  const keys = ["unembedding", "embedding", "cross", "betweenConcepts"];
  assert.deepEqual(
    await values(page, "[data-testid=data-simulation-result] td.number"),
    keys.flatMap((key) =>
      [report[key].mean, report[key].se, report.initial[key].mean, report.initial[key].se].map(text),
    ),
  );
  assert.equal(await page.getByTestId("headline").textContent(), report.headline.join(""));
  assert.match(await page.getByTestId("result").textContent(), /2 of 3 runs had a flat curve/);
  for (const key of ["unembedding", "embedding", "cross"]) {
    const cells = (await tableValues(page, `map-${key}`)).flatMap((row) => row.slice(1));
    assert.deepEqual(cells, report.matrices[key].flat().map(text));
  }
  await page.getByTestId("save-report").click();
  assert.equal((await posted(page, "saveReport")).length, 1);
  await allDrawn(page);
  await page.locator("[data-testid=chart-map-cross] .heatmap-box").focus();
  await page.keyboard.press("ArrowDown");
  assert.match(
    await page.locator("[data-testid=chart-map-cross] [aria-live]").textContent(),
    /Embeddings concept 2 – Unembeddings concept 2, cosine 0\.\d\d\d/,
  );
  await page.close();
});

test("a reload restores settings, result and curves", async () => {
  const page = await openFinished();
  const state = await page.evaluate(() => window.savedState);
  await page.close();
  const again = await panel.open({ kind: "simulation", state });
  await allDrawn(again);
  assert.deepEqual(await posted(again, "ready"), [{ type: "ready", hasReport: true }]);
  assert.equal(await again.getByTestId("field-concepts").inputValue(), "4");
  assert.equal((await tableValues(again, "loss")).length, report.curves.flat().length);
  const cells = (await tableValues(again, "map-cross")).flatMap((row) => row.slice(1));
  assert.deepEqual(cells, report.matrices.cross.flat().map(text));
  await again.close();
});

test("problems are shown with what had been computed", async () => {
  const page = await panel.open({ kind: "simulation" });
  await sendPlain(page, { type: "started", settings });
  await sendPlain(page, checkpoint(0, 0));
  const problems = [{ kind: "usage", code: "c", severity: "error", message: "Too few strings.", remedy: "Use more." }];
  await sendPlain(page, { type: "problems", problems });
  assert.match(await page.getByTestId("problems").textContent(), /Too few strings\..*Use more\./);
  assert.ok(await page.getByTestId("chart-loss").isVisible());
  await page.close();
});

test("takes little work at every checkpoint", async () => {
  const page = await panel.open({ kind: "simulation" });
  const many = panel.server.exampleSimulation({ ...settings, concepts: 10, runs: 5 });
  await sendPlain(page, { type: "started", settings: { ...settings, concepts: 10, runs: 5 } });
  await allDrawn(page);
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const work = async () =>
    (await session.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration").value;
  const start = await work();
  for (const one of many.curves.flat()) await sendPlain(page, { type: "checkpoint", checkpoint: one, fraction: 0.5 });
  await page.waitForTimeout(300);
  const seconds = (await work()) - start;
  const each = (1000 * seconds) / many.curves.flat().length;
  console.log(`# ${each.toFixed(1)} ms of processor time at a checkpoint`);
  assert.ok(each > 0.1 && each < 60, `${each} ms`);
  await page.close();
});

test("less motion, narrow pages and names", async () => {
  const page = await openFinished({ width: 320, deviceScaleFactor: 2, reducedMotion: "reduce" });
  await assertFits(page, "simulation");
  await assertNamed(page, "simulation");
  await sendPlain(page, { type: "started", settings });
  await page.locator(".spinner").waitFor();
  assert.equal(await page.locator(".spinner").evaluate((e) => getComputedStyle(e).animationName), "none");
  assert.equal(await page.locator(".progress-fill").evaluate((e) => getComputedStyle(e).transitionProperty), "none");
  await page.close();
});

test("no page reported an error or broke the content security policy", () => assert.deepEqual(panel.errors, []));
