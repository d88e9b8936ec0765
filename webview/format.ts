/** Numbers and tokens as text. Figures are shown short; tables keep full precision beside them. */
import type { Interval } from "../src/protocol/report";

/** What stands for a figure that could not be computed. */
export const missing = "–";

const minus = (text: string) => text.replace("-", "\u2212");

/** Fixed number of decimals, with a true minus sign and no negative zero. */
export function figure(value: number | null, decimals = 2): string {
  if (value === null || !Number.isFinite(value)) return missing;
  const text = value.toFixed(decimals);
  return minus(Number(text) === 0 ? (0).toFixed(decimals) : text);
}

export function interval(value: Interval | null, decimals = 2): string {
  return value === null ? "" : `[${figure(value[0], decimals)} ${figure(value[1], decimals)}]`;
}

/** Two decimals do for most p; a small one keeps three, and none is shown as zero. */
export function pValue(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return missing;
  if (value < 0.0005) return "<0.001";
  return minus(value < 0.1 ? value.toFixed(3) : value.toFixed(2));
}

/** For quantities of unknown scale (KL, λ, singular values): three significant digits. */
export function significant(value: number | null, digits = 3): string {
  if (value === null || !Number.isFinite(value)) return missing;
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text = size >= 1e4 || size < 1e-3 ? value.toExponential(digits - 1) : value.toPrecision(digits);
  return minus(text.replace("e+", "e")).replace("e-", "e\u2212");
}

/** A probability given as a natural logarithm, in per cent. */
export function probability(logProbability: number | null): string {
  if (logProbability === null || Number.isNaN(logProbability)) return missing;
  const percent = 100 * Math.exp(logProbability);
  if (percent >= 99.95) return "100%";
  if (percent < 0.05) return "<0.1%";
  return `${percent.toFixed(1)}%`;
}

export function share(value: number | null): string {
  return value === null || !Number.isFinite(value) ? missing : `${Math.round(100 * value)}%`;
}

export function seconds(value: number): string {
  return value < 1 ? `${Math.round(1000 * value)} ms` : `${value.toFixed(1)} s`;
}

/** White space in tokens carries meaning, so it is shown. */
export function token(text: string): string {
  return text.replace(/^ /, "\u2423").replaceAll("\n", "\u21b5").replaceAll("\r", "\u240d").replaceAll("\t", "\u21e5");
}

/** A word pair as a label, without the space that the tokens start with. */
export function pairLabel(pair: { readonly from: string; readonly to: string }): string {
  return `${pair.from.trim()} \u2192 ${pair.to.trim()}`;
}

/** Cuts text to a width in pixels, with an ellipsis. */
export function fit(text: string, width: number, measure: (text: string) => number): string {
  if (measure(text) <= width) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (measure(`${text.slice(0, middle).trimEnd()}\u2026`) <= width) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low).trimEnd()}\u2026`;
}

/** A, B, … Z, AA, … for templates in axes and small tables. */
export function letter(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : letter(Math.floor(index / 26) - 1) + last;
}

/** A file name from a label: what every file system takes. */
export function fileName(...parts: readonly string[]): string {
  const name = parts
    .join("-")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "");
  return name.slice(0, 80) || "figure";
}
