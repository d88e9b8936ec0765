import { describe, expect, it } from "vitest";
import type { Problem } from "../../../src/protocol/problem";
import { receiver, type Received } from "../../../webview/received";
import { initialState, reduce, restored, shown, slim } from "../../../webview/state";
import { exampleReport } from "../../fixtures/reports/example";

const report = exampleReport();
const file = "a.relation.yaml";
const problem: Problem = { kind: "input", code: "c", severity: "error", message: "m.", remedy: "r." };
const run = (...messages: readonly Received[]) => messages.reduce(reduce, initialState);
const finished: Received = { type: "report", report, file, problems: [] };
const started: Received = { type: "started", file };
const progress = (partial: object): Received => ({
  type: "progress",
  progress: { phase: "probes", detail: "", fraction: 0.5, partial },
});

describe("what the panel shows", () => {
  it("gathers the parts of a report as they arrive", () => {
    const { relation, model, parallelism } = report;
    const state = run(started, progress({ relation, model }), progress({ parallelism }));
    expect(shown(state)).toEqual({ relation, model, parallelism });
    expect(state.running?.fraction).toBe(0.5);
  });
  it("keeps the last report of the same file in sight until the new one has something to show", () => {
    expect(shown(run(finished, started))).toBe(report);
    expect(shown(run(finished, started, progress({ relation: report.relation })))).toEqual({
      relation: report.relation,
    });
    expect(shown(run(finished, { type: "started", file: "other.relation.yaml" }))).toEqual({});
  });
  it("shows problems with the last report below, whatever file they are of", () => {
    const state = run(finished, { type: "started", file: "b" }, { type: "problems", file: "b", problems: [problem] });
    expect(state.problems).toEqual([problem]);
    expect(shown(state)).toBe(report);
    expect(state.running).toBeNull();
  });
  it("after a cancellation shows the last report, or else what had been computed", () => {
    const parts = { relation: report.relation, parallelism: report.parallelism };
    const cancelled: Received = { type: "cancelled", file };
    expect(shown(run(finished, started, progress(parts), cancelled))).toBe(report);
    expect(shown(run(started, progress(parts), cancelled))).toEqual(parts);
  });
  it("is no longer stale or cancelled once a report is there", () => {
    const state = run(finished, { type: "stale", stale: true }, started, { type: "cancelled", file }, finished);
    expect(state).toMatchObject({ stale: false, cancelled: false, running: null, draft: null, problems: [] });
    expect(run(finished, { type: "stale", stale: true }).stale).toBe(true);
  });
});

describe("what a reload restores", () => {
  it("a report of this version, and nothing else", () => {
    expect(shown(restored({ file, report, tab: "overview" }))).toBe(report);
    const later = { ...report, schemaVersion: 2 } as unknown as typeof report;
    expect(restored({ file, report: later, tab: "overview" }).report).toBeNull();
    expect(restored(undefined)).toEqual(initialState);
  });
  it("keeps every figure of a report of usual size", () => {
    expect(slim(report)).toBe(report);
  });
  it("drops details before figures, and says so when nothing helps", () => {
    const large = exampleReport({ samples: 60 });
    const size = JSON.stringify(large).length;
    const small = slim(large, Math.round(size * 0.8));
    expect(JSON.stringify(small).length).toBeLessThanOrEqual(size * 0.8);
    expect(small?.parallelism?.distributional).toEqual(large.parallelism?.distributional);
    expect(small?.linearity).toEqual(large.linearity);
    const smaller = slim(large, Math.round(size * 0.5));
    const cosines = smaller?.parallelism?.distributional?.matrix.flat() ?? [];
    expect(cosines).toHaveLength(3600);
    large.parallelism?.distributional?.matrix.flat().forEach((cosine, i) => expect(cosines[i]).toBeCloseTo(cosine, 4));
    expect(small?.prompts).toHaveLength(large.prompts.length);
    expect(slim(large, 1000)).toBeNull();
  });
});

describe("figures on their way to the page", () => {
  const bytes = (value: object) => [new TextEncoder().encode(JSON.stringify(value))];
  it("arrive as they were sent", () => {
    const received = receiver();
    const problems = [problem];
    expect(received({ type: "report", report: bytes(report), file, problems })).toEqual({ ...finished, problems });
    const step = { phase: "probes", detail: "2 → 3", fraction: 0.4 } as const;
    const partial = { relation: { ...report.relation, name: "größte ↵" } };
    expect(received({ type: "progress", progress: { ...step, partial: bytes(partial) } })).toEqual({
      type: "progress",
      progress: { ...step, partial },
    });
    expect(received({ type: "progress", progress: step })).toEqual({ type: "progress", progress: step });
    expect(received({ type: "cancelled", file })).toEqual({ type: "cancelled", file });
  });
  it("are put together from parts, wherever those begin", () => {
    const received = receiver();
    const partial = { relation: { ...report.relation, name: "größte ↵ 𝛼" } };
    const all = bytes(partial)[0]!;
    const step = { phase: "probes", detail: "", fraction: 0.4 } as const;
    for (const length of [1, 2, 3, 5, 1000]) {
      // From a page that is no more.
      received({ type: "part", part: all.slice(0, 1) });
      let from = 0;
      for (; all.length - from > length; from += length) {
        expect(received({ type: "part", part: all.slice(from, from + length) })).toBeNull();
      }
      const last = [all.slice(from)];
      expect(received({ type: "progress", progress: { ...step, partial: last }, ahead: from / length })).toEqual({
        type: "progress",
        progress: { ...step, partial },
      });
    }
  });
});
