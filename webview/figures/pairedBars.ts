import type { SteerResult } from "../../src/protocol/engine";
import { fit, probability, token } from "../format";
import { place } from "./scene";
import type { Mark, Measure, Scene } from "./scene";

/** A token's probability without and with steering; null where it was not among the top answers. */
export interface TokenPair {
  readonly id: number;
  readonly text: string;
  readonly before: number | null;
  readonly after: number | null;
  /** The prompt's own answer or the one steered to. */
  readonly named: boolean;
}

/** Every token among the top answers of either, the two that steering is about included; most probable first. */
export function tokenPairs({ topBefore, topAfter, from, to }: SteerResult, most = 8): readonly TokenPair[] {
  const pairs = new Map<number, TokenPair>();
  const put = (id: number, change: Partial<TokenPair> & { readonly text: string }) => {
    const known = pairs.get(id) ?? { id, before: null, after: null, named: false };
    pairs.set(id, { ...known, ...change });
  };
  for (const { id, text, logProbability } of topBefore) put(id, { text, before: Math.exp(logProbability) });
  for (const { id, text, logProbability } of topAfter) put(id, { text, after: Math.exp(logProbability) });
  for (const { id, text, before, after } of [from, to]) {
    put(id, { text, before: Math.exp(before), after: Math.exp(after), named: true });
  }
  const size = ({ before, after }: TokenPair) => Math.max(before ?? 0, after ?? 0);
  const sorted = [...pairs.values()].sort((a, b) => size(b) - size(a));
  const kept = new Set(
    [...sorted.filter(({ named }) => named), ...sorted.filter(({ named }) => !named)].slice(0, most),
  );
  return sorted.filter((pair) => kept.has(pair));
}

const rowHeight = 30;
const thickness = 10;

/** Two bars a token on one axis from 0 to 1: without steering above, with it below. */
export function pairedBars(pairs: readonly TokenPair[], width: number, measure: Measure): Scene {
  const labelWidth = Math.min(width * 0.35, Math.max(40, ...pairs.map(({ text }) => measure(token(text)))) + 6);
  const left = labelWidth + 8;
  const right = width - 50;
  const x = (value: number) => place(value, { lower: 0, upper: 1 }, left, right);
  const height = pairs.length * rowHeight + 4;
  const marks: Mark[] = [0, 0.5, 1].map((value) => ({
    kind: "line",
    x1: x(value),
    x2: x(value),
    y1: 0,
    y2: height,
    ink: "line",
  }));
  pairs.forEach(({ text, before, after, named }, row) => {
    const top = row * rowHeight + 4;
    const middle = top + thickness + 0.5;
    const label = fit(token(text), labelWidth, measure);
    marks.push({ kind: "text", x: 0, y: middle, text: label, anchor: "start", ink: "foreground", bold: named });
    for (const [i, value] of [before, after].entries()) {
      if (value === null) continue;
      const y = top + i * (thickness + 1);
      const ink = i === 0 ? "muted" : "accent";
      const title = `${token(text)}: ${percent(value)}`;
      marks.push({ kind: "rect", x: left, y, width: Math.max(1, x(value) - left), height: thickness, ink, title });
      const at = { x: Math.max(left, x(value)) + 4, y: y + thickness / 2 };
      marks.push({ kind: "text", ...at, text: percent(value), anchor: "start", ink: "muted" });
    }
  });
  return { width, height, marks };
}

const percent = (value: number) => probability(Math.log(value));
