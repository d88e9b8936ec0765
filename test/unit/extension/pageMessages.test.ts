import { describe, expect, it } from "vitest";
import { parseFromPage, parsePageState } from "../../../src/extension/views/pageMessages";

const settings = { concepts: 4, runs: 3, optimizer: "sgd", seed: 0 } as const;
const again = (change: object) => parseFromPage({ type: "again", settings: { ...settings, ...change } });

describe("messages from the pages", () => {
  it("are taken as they are where they make sense", () => {
    expect(parseFromPage({ type: "again" })).toEqual({ type: "again" });
    const all = { dimension: 6, steps: 1000, masks: 0.5, strings: 1, optimizer: "adam" };
    expect(again(all)).toEqual({ type: "again", settings: { ...settings, ...all } });
    expect(parseFromPage({ type: "ready", hasReport: true })).not.toBeNull();
    expect(parseFromPage({ type: "openFile", file: "a" })).not.toBeNull();
  });

  it("are refused where the engine could not use them, or they are another page's", () => {
    for (const change of [
      { concepts: 2 },
      { concepts: 11 },
      { concepts: 4.5 },
      { runs: 0 },
      { runs: 1e6 },
      { seed: -1 },
      { optimizer: "magic" },
      { steps: 0 },
      { masks: 0 },
      { strings: 1.5 },
      { dimension: Infinity },
    ]) {
      expect(again(change), JSON.stringify(change)).toBeNull();
    }
    expect(parseFromPage({ type: "analyzeAgain" })).toBeNull();
    expect(parseFromPage({ type: "saveHtml" })).toBeNull();
  });

  it("restore the state of this version alone", () => {
    const relations = { page: "relations", files: ["a"], report: null };
    expect(parsePageState(relations)).toEqual(relations);
    const simulation = { page: "simulation", settings, report: { schemaVersion: 1, kind: "origins" } };
    expect(parsePageState(simulation)).toEqual(simulation);
    for (const state of [
      { ...relations, files: [1] },
      { ...relations, report: { schemaVersion: 1, kind: "origins" } },
      { ...simulation, report: { schemaVersion: 2, kind: "origins" } },
      { ...simulation, settings: null },
      { ...relations, page: "report" },
      null,
    ]) {
      expect(parsePageState(state), JSON.stringify(state)).toBeNull();
    }
  });
});
