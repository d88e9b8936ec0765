/* global document, window, TextEncoder */
import { fileURLToPath } from "node:url";
import { chromium as playwright } from "playwright-core";
import { chromium } from "../../../scripts/chromium.mjs";
import { startPanelServer, stubHost } from "./panelServer.mjs";
import { themes } from "./themes.mjs";

const args =
  "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

/** The panel's page in a browser: opens pages, and gathers every error that one of them reports. */
export async function startPanelBrowser() {
  const server = await startPanelServer();
  const browser = await playwright.launch({ executablePath: await chromium(), args: args.split(" ") });
  const errors = [];
  const screenshots = fileURLToPath(new URL("../screenshots/", import.meta.url));
  return {
    server,
    browser,
    screenshots,
    errors,
    open: async ({ theme = "light", width = 1000, height = 900, state, kind, language, ...context } = {}) => {
      const page = await browser.newPage({ viewport: { width, height }, ...context });
      page.setDefaultTimeout(30_000);
      page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
      page.on("pageerror", (error) => errors.push(String(error)));
      await page.addInitScript(stubHost, { theme: themes[theme], state });
      const query = new URLSearchParams({ ...(kind && { page: kind }), ...(language && { language }) });
      await page.goto(`${server.address}?${query}`);
      return page;
    },
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

/** Posts a message to one of the other pages as the host does. */
export const sendPlain = (page, message) => page.evaluate((m) => window.postMessage(m, "*"), message);

/** Posts a message to the panel as the host does: figures as bytes, of which all but the last go ahead. */
export const send = (page, message) =>
  page.evaluate((m) => {
    const last = (value) => {
      const bytes = new TextEncoder().encode(JSON.stringify(value));
      let from = 0;
      for (; bytes.length - from > 10_000; from += 10_000) {
        window.postMessage({ type: "part", part: bytes.slice(from, from + 10_000) }, "*");
      }
      m.ahead = from / 10_000;
      return [bytes.slice(from)];
    };
    if (m.report) m.report = last(m.report);
    if (m.progress?.partial) m.progress.partial = last(m.progress.partial);
    window.postMessage(m, "*");
  }, message);

export const allDrawn = (page) =>
  page.waitForFunction(() => {
    const charts = [...document.querySelectorAll(".chart")];
    return charts.length > 0 && charts.every((chart) => chart.dataset.drawn === "true");
  });
