/* global document, window */
/** What axe-core finds in the pages: `node --test test/ui/panelPage/accessibility.test.mjs`. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { allDrawn, send, sendPlain, startPanelBrowser } from "./browser.mjs";
import { assertFits } from "./checks.mjs";
import { themes } from "./themes.mjs";

const tabs = [
  ...["overview", "parallelism", "linearity", "probes", "subspaces", "steering"],
  ...["origins", "prompts", "comparison"],
];
const file = "/relations/superlative.relation.yaml";
let panel;
let axe;

before(async () => {
  panel = await startPanelBrowser();
  axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
});
after(() => panel.close());

/** What breaks a rule of WCAG 2.2, A or AA, or a best practice, and is serious. */
async function seriousFindings(page) {
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  assert.ok(passes.length > 10, "axe looked at nothing");
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`),
    );
}

async function openReport(options) {
  const page = await panel.open(options);
  await send(page, { type: "report", report: panel.server.exampleCompared(), file, problems: [] });
  return page;
}

async function show(page, tab) {
  await page.getByTestId(`tab-${tab}`).click();
  if (tab !== "prompts") await allDrawn(page);
}

test("axe finds what is wrong where something is", async () => {
  const page = await openReport({});
  await show(page, "overview");
  await page.evaluate(() => {
    const image = document.createElement("img");
    const text = document.createElement("p");
    text.textContent = "hardly seen";
    text.style.cssText = "color: #ddd; background: #fff";
    document.getElementById("app").append(image, text);
  });
  const found = (await seriousFindings(page)).map((finding) => finding.split(":")[0]);
  assert.deepEqual([...new Set(found)].sort(), ["color-contrast", "image-alt"]);
  await page.close();
});

for (const theme of Object.keys(themes)) {
  test(`no tab has a serious finding, as chart and as table (${theme})`, async () => {
    const page = await openReport({ theme });
    for (const tab of tabs) {
      await show(page, tab);
      assert.deepEqual(await seriousFindings(page), [], `${tab}, ${theme}`);
      for (const button of await page.locator("[data-testid^=table-]").all()) await button.click();
      assert.deepEqual(await seriousFindings(page), [], `${tab} as tables, ${theme}`);
    }
    await page.close();
  });

  test(`the other pages have no serious finding (${theme})`, async () => {
    const relations = panel.server.exampleRelations();
    const simulation = panel.server.exampleSimulation();
    for (const [kind, messages] of Object.entries({
      relations: [{ type: "relations", report: relations, problems: [] }],
      simulation: [
        { type: "started", settings: simulation.settings },
        { type: "simulation", report: simulation },
      ],
    })) {
      const page = await panel.open({ theme, kind });
      for (const message of messages) await sendPlain(page, message);
      await allDrawn(page);
      assert.deepEqual(await seriousFindings(page), [], `${kind}, ${theme}`);
      await page.close();
    }
  });
}

test("while it runs, and where something is wrong, there is no serious finding", async () => {
  const page = await panel.open({});
  assert.deepEqual(await seriousFindings(page), [], "empty");
  await send(page, { type: "started", file });
  const { relation, model, prompts, parallelism } = panel.server.exampleReport();
  const partial = { relation, model, prompts, parallelism };
  await send(page, { type: "progress", progress: { phase: "linearity", detail: "", fraction: 0.5, partial } });
  await allDrawn(page);
  assert.deepEqual(await seriousFindings(page), [], "running");
  const problem = { kind: "input", code: "relation-no-samples", severity: "error", file };
  const problems = [{ ...problem, message: "The relation has no samples.", remedy: "Add samples." }];
  await send(page, { type: "problems", file, problems });
  assert.deepEqual(await seriousFindings(page), [], "problems");
  await page.close();
});

test("at twice the size every tab fits, and is read without scrolling sideways", async () => {
  // The editor's zoom makes a page of 1000 pixels one of 500.
  const page = await openReport({ width: 500, height: 450, deviceScaleFactor: 2 });
  for (const tab of tabs) {
    await show(page, tab);
    await assertFits(page, `${tab} at 200%`);
  }
  await page.close();
});

test("nothing moves where a person asked for less motion", async () => {
  const page = await panel.open({ reducedMotion: "reduce" });
  await send(page, { type: "started", file });
  await send(page, { type: "report", report: panel.server.exampleCompared(), file, problems: [] });
  await allDrawn(page);
  const moving = await page.evaluate(() =>
    document
      .getAnimations()
      .flatMap((animation) =>
        animation.playState === "running" && (animation.effect?.getComputedTiming().duration ?? 0) > 1
          ? [animation.effect.target?.outerHTML.slice(0, 120)]
          : [],
      ),
  );
  assert.deepEqual(moving, []);
  await page.close();
});

test("the keyboard alone reaches everything that can be used, and its place is always seen", async () => {
  const page = await openReport({});
  for (const tab of tabs) {
    await show(page, tab);
    const wanted = await page.evaluate(() => {
      window.probe = document.createElement("span");
      window.probe.style.color = "var(--vscode-focusBorder)";
      document.body.append(window.probe);
      window.at = (e) => e.dataset.testid ?? e.id ?? e.outerHTML.slice(0, 120);
      const focusable = "button, a[href], input, select, vscode-button, [tabindex='0']";
      const usable = (e) => e.checkVisibility() && !e.disabled && e.tabIndex >= 0 && e.type !== "radio";
      return [...document.querySelectorAll(focusable)].filter(usable).map(window.at);
    });
    await page.getByTestId(`tab-${tab}`).focus();
    const reached = new Set();
    const unseen = [];
    for (let i = 0; i < wanted.length + 60; i++) {
      await page.keyboard.press("Tab");
      const now = await page.evaluate(() => {
        const host = document.activeElement;
        if (host === null || host === document.body) return null;
        const e = host.shadowRoot?.activeElement ?? host;
        const focusColour = window.getComputedStyle(window.probe).color;
        const ring = ({ outlineStyle, outlineWidth, boxShadow, borderTopColor, borderTopStyle }) =>
          (outlineStyle !== "none" && outlineWidth !== "0px") ||
          boxShadow !== "none" ||
          (borderTopStyle !== "none" && borderTopColor === focusColour);
        const frame = host.shadowRoot?.querySelector(".root") ?? null;
        const parts = [e, host, frame, host.nextElementSibling, host.parentElement].filter((part) => part !== null);
        return { name: window.at(host), seen: parts.some((part) => ring(window.getComputedStyle(part))) };
      });
      if (now === null) continue;
      if (reached.has(now.name) && reached.size >= new Set(wanted).size) break;
      reached.add(now.name);
      if (!now.seen) unseen.push(now.name);
    }
    assert.deepEqual(
      [...new Set(wanted)].filter((name) => !reached.has(name)),
      [],
      `${tab}: never reached`,
    );
    assert.deepEqual(unseen, [], `${tab}: focus that is not seen`);
  }
  await page.close();
});
