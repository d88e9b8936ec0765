/* global document, window */
/**
 * Pictures of the panel outside the editor, in test/ui/screenshots/: every tab in three themes and
 * two widths, and the states in between. Fails on errors in the page, charts that are not drawn and
 * content wider than the page. `node test/ui/panelPage/shoot.mjs [report.json] [only] [--language=de]`
 */
import { mkdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { send, sendPlain, startPanelBrowser } from "./browser.mjs";
import { themes } from "./themes.mjs";

const given = process.argv.slice(2);
const language = given.find((argument) => argument.startsWith("--language="))?.split("=")[1] ?? "en";
const [reportFile] = given.filter((argument) => argument.endsWith(".json"));
const [only] = given.filter((argument) => !argument.endsWith(".json") && !argument.startsWith("--"));
const tabs = [
  ...["overview", "parallelism", "linearity", "probes", "subspaces", "steering"],
  ...["origins", "prompts", "comparison"],
];
const folder = fileURLToPath(new URL("../screenshots/", import.meta.url));

await mkdir(folder, { recursive: true });
const { server, errors: problems, open: openPage, close } = await startPanelBrowser();
const open = (options) => openPage({ ...options, language });
const saved = reportFile ? JSON.parse(await readFile(reportFile, "utf8")) : null;
const report = saved && !saved.kind ? saved : server.exampleCompared();
const file = "/relations/superlative.relation.yaml";
const steered = server.exampleSteered();
async function shoot(page, name) {
  await page.waitForFunction(() => [...document.querySelectorAll(".chart")].every((c) => c.dataset.drawn === "true"));
  await page.waitForTimeout(120);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (over > 0) problems.push(`${name}: ${over} px wider than the page`);
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  const { width } = page.viewportSize();
  await page.setViewportSize({ width, height: Math.max(500, Math.min(3600, height)) });
  await page.screenshot({ path: `${folder}panel-${language === "en" ? "" : `${language}-`}${name}.png` });
}

const wanted = (name) => only === undefined || name.includes(only);

for (const theme of Object.keys(themes)) {
  for (const width of [480, 1000]) {
    for (const tab of tabs) {
      const name = `${theme}-${width}-${tab}`;
      if (!wanted(name)) continue;
      const page = await open({ theme, width });
      await send(page, { type: "report", report, file, problems: [] });
      await page.getByTestId(`tab-${tab}`).click();
      if (tab === "parallelism") {
        const canvas = page.getByTestId("chart-parallelism").locator(".heatmap-box canvas");
        await page.waitForFunction(() => document.querySelector("[data-testid=chart-parallelism][data-drawn]"));
        const box = await canvas.boundingBox();
        await canvas.click({ position: { x: box.width * 0.6, y: box.height * 0.5 } });
      }
      if (tab === "steering") {
        const [{ id }] = await page.evaluate(() => window.posted.filter(({ type }) => type === "steer"));
        await send(page, { type: "steered", id, outcome: { ok: true, value: steered, problems: [] } });
      }
      await shoot(page, name);
      await page.close();
    }
  }
}

const relations = saved?.kind === "relations" ? saved : server.exampleRelations();
const simulation = saved?.kind === "origins" ? saved : server.exampleSimulation();
const pages = {
  relations: [
    { type: "started", files: relations.relations.map((one) => one.file) },
    { type: "relations", report: relations, problems: [] },
  ],
  simulation: [
    { type: "started", settings: simulation.settings },
    { type: "simulation", report: simulation },
  ],
};
for (const theme of Object.keys(themes)) {
  for (const width of [320, 1000]) {
    for (const [kind, messages] of Object.entries(pages)) {
      const name = `${kind}-${theme}-${width}`;
      if (!wanted(name)) continue;
      const page = await open({ theme, width, kind });
      for (const message of messages) await sendPlain(page, message);
      await shoot(page, name);
      await page.close();
    }
  }
}

if (wanted("simulation-states")) {
  const page = await open({ width: 700, kind: "simulation" });
  await shoot(page, "simulation-states-0-empty");
  await sendPlain(page, { type: "started", settings: { concepts: 4, runs: 3, optimizer: "sgd", seed: 0 } });
  await shoot(page, "simulation-states-1-started");
  const some = simulation.curves.flatMap((curve, run) => curve.slice(0, 16 - 5 * run));
  for (const checkpoint of some) await sendPlain(page, { type: "checkpoint", checkpoint, fraction: 0.4 });
  await shoot(page, "simulation-states-2-running");
  await sendPlain(page, { type: "cancelled" });
  await shoot(page, "simulation-states-3-cancelled");
  await page.close();
}

if (wanted("compare-states")) {
  const page = await open({ width: 700 });
  await send(page, { type: "report", report: server.exampleReport(), file, problems: [] });
  await page.getByTestId("tab-comparison").click();
  await shoot(page, "compare-states-0-none");
  await page.close();
}

if (wanted("states")) {
  const { relation, model, prompts, parallelism } = report;
  for (const theme of ["light", "dark"]) {
    const page = await open({ theme, width: 700 });
    await shoot(page, `states-${theme}-0-empty`);
    await send(page, { type: "started", file });
    await shoot(page, `states-${theme}-1-started`);
    const progress = { phase: "linearity", detail: "phrasing 2 of 3", fraction: 0.58 };
    await send(page, {
      type: "progress",
      progress: { ...progress, partial: { relation, model, prompts, parallelism } },
    });
    await shoot(page, `states-${theme}-2-partial`);
    await send(page, { type: "report", report, file, problems: [] });
    await send(page, { type: "stale", stale: true });
    await shoot(page, `states-${theme}-3-stale`);
    await send(page, { type: "started", file });
    await send(page, {
      type: "problems",
      file,
      problems: [
        {
          kind: "input",
          code: "template-without-slot",
          severity: "error",
          message: "The template “The superlative is” has no subject slot.",
          remedy: "Write {} where the subject belongs.",
          file,
          position: { line: 3, column: 5 },
        },
        {
          kind: "internal",
          code: "engine-stopped",
          severity: "warning",
          message: "The engine stopped and was started again.",
          remedy: "Analyze again; the log says more.",
        },
      ],
    });
    await shoot(page, `states-${theme}-4-problems`);
    await page.close();
  }
}

await close();
console.log(`bundle ${Math.round(server.bundleBytes / 1024)} kB, pictures in ${folder}`);
for (const problem of new Set(problems)) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
