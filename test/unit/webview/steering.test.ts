import { describe, expect, it } from "vitest";
import type { SteerOutcome, SteerParams } from "../../../src/protocol/engine";
import { pairedBars, tokenPairs } from "../../../webview/figures/pairedBars";
import { steerClient } from "../../../webview/steerClient";
import { exampleSteered } from "../../fixtures/reports/example";

const params = (alpha: number): SteerParams => ({
  layer: "final",
  method: "minimumNorm",
  alpha,
  template: 0,
  sample: 0,
  to: 1,
  continuation: 4,
});
const outcome = (message: string): SteerOutcome => ({
  ok: false,
  problems: [{ kind: "usage", code: "c", severity: "error", message, remedy: "" }],
});

describe("asking for steering", () => {
  const start = () => {
    const posted: { id: number; params: SteerParams }[] = [];
    const shown: string[] = [];
    const client = steerClient(({ id, params: asked }) => posted.push({ id, params: asked }));
    const ask = (alpha: number) =>
      client.request(params(alpha), (answer) => shown.push(`${alpha}: ${answer.problems[0]?.message ?? ""}`));
    return { client, posted, shown, ask };
  };
  it("has one request under way, and then asks for the latest of those made meanwhile", () => {
    const { client, posted, shown, ask } = start();
    for (const alpha of [0.1, 0.2, 0.3, 0.4]) ask(alpha);
    expect(posted.map(({ params: { alpha } }) => alpha)).toEqual([0.1]);
    client.receive(posted[0]!.id, outcome("first"));
    expect(posted.map(({ params: { alpha } }) => alpha)).toEqual([0.1, 0.4]);
    client.receive(posted[1]!.id, outcome("second"));
    expect(shown).toEqual(["0.1: first", "0.4: second"]);
    expect(posted).toHaveLength(2);
  });
  it("passes over answers that nobody waits for", () => {
    const { client, posted, shown, ask } = start();
    ask(0.1);
    client.receive(posted[0]!.id + 7, outcome("stray"));
    client.reset();
    client.receive(posted[0]!.id, outcome("late"));
    expect(shown).toEqual([]);
    ask(0.2);
    expect(posted.map(({ params: { alpha } }) => alpha)).toEqual([0.1, 0.2]);
  });
});

describe("answers without and with steering", () => {
  it("pairs the tokens of both lists, with the two that steering is about always among them", () => {
    const result = exampleSteered();
    const pairs = tokenPairs(result);
    expect(pairs.map(({ text }) => text)).toEqual([
      " easiest",
      " luckiest",
      " most",
      " happiest",
      " more",
      " earliest",
    ]);
    expect(pairs[0]?.before).toBeCloseTo(0.82, 12);
    expect(pairs[0]?.after).toBeCloseTo(0.17, 12);
    expect(pairs[1]?.before).toBeCloseTo(0.012, 12);
    expect(pairs[3]?.before).toBeNull();
    const rare = { ...result, to: { id: 5, text: " x", before: -30, after: -28 } };
    expect(tokenPairs(rare, 3).map(({ text }) => text)).toEqual([" easiest", " luckiest", " x"]);
  });
  it("draws lengths in proportion to probabilities", () => {
    const scene = pairedBars(tokenPairs(exampleSteered()), 400, (text) => text.length * 6);
    const bars = scene.marks.filter((mark) => mark.kind === "rect");
    expect(bars[0]!.width / bars[1]!.width).toBeCloseTo(0.82 / 0.17, 9);
    expect(bars).toHaveLength(9);
  });
});
