import { chromium as playwright } from "playwright-core";
import { chromium } from "./chromium.mjs";

const options = [
  ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

/** A headless Chromium. */
export async function launchBrowser() {
  return playwright.launch({ executablePath: await chromium(), args: options });
}
