import { describe, expect, it } from "vitest";
import { parseFromPanel, parsePanelState } from "../../../src/extension/views/panelMessages";

const params = {
  layer: 2,
  method: "pseudoInverse",
  alpha: 0.5,
  template: 0,
  sample: 1,
  to: 2,
  continuation: 12,
} as const;
const steer = (change: object) => parseFromPanel({ type: "steer", id: 1, params: { ...params, ...change } });

describe("messages from the page", () => {
  it("are taken as they are where they make sense", () => {
    expect(steer({})).toEqual({ type: "steer", id: 1, params });
    expect(steer({ layer: "final" })).not.toBeNull();
    expect(parseFromPanel({ type: "saveHtml" })).toEqual({ type: "saveHtml" });
  });
  it("are refused where the engine could not use them", () => {
    for (const change of [
      { alpha: NaN },
      { alpha: Infinity },
      { sample: -1 },
      { template: 0.5 },
      { layer: "last" },
      { method: "magic" },
      { continuation: 1e6 },
    ]) {
      expect(steer(change), JSON.stringify(change)).toBeNull();
    }
    expect(parseFromPanel({ type: "savePicture", name: "a", dataUrl: "javascript:1" })).toBeNull();
    expect(parseFromPanel(null)).toBeNull();
  });
  it("restores the state of this version alone", () => {
    expect(parsePanelState({ file: "a", report: null, tab: "overview" })?.file).toBe("a");
    expect(parsePanelState({ file: "a", report: { schemaVersion: 2, relation: {} }, tab: "" })).toBeNull();
  });
});
