import type { FrameLocator, Locator, Page } from "playwright-core";

export const patience: number;
export function openWorkbench(
  page: Page,
  port: number,
  folder: string,
  options?: { readonly installed?: boolean; readonly trusts?: boolean },
): Promise<string[]>;
export function faultsOf(page: Page): readonly string[];
export function answerTrust(page: Page, trusts: boolean): Promise<void>;
export function explorerRow(page: Page, file: string): Locator;
export function analyzeFromExplorer(page: Page, file: string): Promise<number>;
export function panelPage(page: Page): FrameLocator;
export function waitForCharts(panel: FrameLocator, count?: number): Promise<void>;
export function waitForReport(panel: FrameLocator): Promise<string>;
export function inkOfCharts(panel: FrameLocator): Promise<[name: string | undefined, amount: number][]>;
