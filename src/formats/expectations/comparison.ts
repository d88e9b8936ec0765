import type { Parsed } from "./fieldPath";

/** What a figure is expected to be. */
export type Comparison =
  /** Between the two; with `interval`, the whole 95% interval is. */
  | {
      readonly kind: "range";
      readonly low: number;
      readonly high: number;
      /** The end itself does not count. */
      readonly open: boolean;
      readonly interval: boolean;
    }
  | { readonly kind: "number"; readonly value: number; readonly not: boolean }
  /** One of them; none of them with `not`. */
  | { readonly kind: "words"; readonly words: readonly string[]; readonly not: boolean };

const remedy = 'Write such as ">= 0.6", "0.5..0.8", "0.72 ± 0.05", "interval > 0", 1 or parallel.';
const number = String.raw`([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*%?)`;
const bound = new RegExp(String.raw`^(>=|<=|≥|≤|>|<)\s*${number}$`, "i");
const between = new RegExp(String.raw`^${number}\s*(?:\.\.|…)\s*${number}$`, "i");
const around = new RegExp(String.raw`^${number}\s*(?:±|\+-|\+\/-)\s*${number}$`, "i");
const exact = new RegExp(`^${number}$`, "i");

/** Reads what an expectation expects. Never throws. */
export function parseComparison(written: string): Parsed<Comparison> {
  const text = written.trim();
  if (text === "") return { ok: false, message: "The expectation is empty.", remedy };
  const ofInterval = /^interval\b\s*(.*)$/i.exec(text)?.[1];
  const range = readRange(ofInterval ?? text);
  if (range !== null) {
    if (range.low > range.high) {
      return { ok: false, message: `Nothing is in the range "${text}".`, remedy: "Write the smaller end first." };
    }
    return { ok: true, value: { kind: "range", ...range, interval: ofInterval !== undefined } };
  }
  if (ofInterval !== undefined) return unreadable(text);
  const { not, rest } = readEquals(text);
  const value = exact.exec(rest)?.[1];
  if (value !== undefined) return { ok: true, value: { kind: "number", value: toNumber(value), not } };
  if (/^[<>=!≥≤±]/.test(rest)) return unreadable(text);
  const words = rest.split("|").map((word) => withoutQuotes(word.trim()));
  return words.some((word) => word === "") ? unreadable(text) : { ok: true, value: { kind: "words", words, not } };
}

function unreadable(text: string): Parsed<Comparison> {
  return { ok: false, message: `The expectation "${text}" cannot be read.`, remedy };
}

function readRange(text: string): { low: number; high: number; open: boolean } | null {
  const [, sign, end] = bound.exec(text) ?? [];
  if (sign !== undefined && end !== undefined) {
    const above = sign.startsWith(">") || sign === "≥";
    const open = sign.length === 1 && "<>".includes(sign);
    return above ? { low: toNumber(end), high: Infinity, open } : { low: -Infinity, high: toNumber(end), open };
  }
  const [, low, high] = between.exec(text) ?? [];
  if (low !== undefined && high !== undefined) return { low: toNumber(low), high: toNumber(high), open: false };
  const [, middle, tolerance] = around.exec(text) ?? [];
  if (middle === undefined || tolerance === undefined) return null;
  const [value, by] = [toNumber(middle), toNumber(tolerance)];
  return { low: value - by, high: value + by, open: false };
}

function readEquals(text: string): { not: boolean; rest: string } {
  const sign = /^(!=|≠|==?)/.exec(text)?.[0] ?? "";
  return { not: sign === "!=" || sign === "≠", rest: text.slice(sign.length).trim() };
}

/** A share may be written in per cent. */
function toNumber(text: string): number {
  return text.endsWith("%") ? Number(text.slice(0, -1).trim()) / 100 : Number(text);
}

function withoutQuotes(word: string): string {
  return /^(["'])(.*)\1$/.exec(word)?.[2] ?? word;
}
