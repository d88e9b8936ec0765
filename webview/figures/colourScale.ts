/**
 * Diverging colour scale with fixed ends, so that colours mean the same in every map. Blue and
 * orange differ for all common kinds of colour blindness, and lightness grows evenly away from 0.
 */
export type Brightness = "light" | "dark";
export type Rgb = readonly [number, number, number];

interface Domain {
  readonly lower: number;
  readonly upper: number;
}

/** For cosines. */
export const cosineDomain: Domain = { lower: -1, upper: 1 };
/** For overlaps: the upper half of the same scale. */
export const overlapDomain: Domain = { lower: 0, upper: 1 };

/** sRGB at −1, −½, 0, ½ and 1. */
const stops: Readonly<Record<Brightness, readonly [Rgb, Rgb, Rgb, Rgb, Rgb]>> = {
  light: [
    [22, 72, 140],
    [128, 172, 218],
    [245, 245, 243],
    [238, 168, 104],
    [150, 52, 4],
  ],
  dark: [
    [150, 200, 255],
    [52, 108, 172],
    [44, 44, 46],
    [176, 92, 26],
    [255, 190, 122],
  ],
};

/** CSS colour of a value between −1 and 1; values outside take the end's colour, NaN is transparent. */
export function diverging(value: number, brightness: Brightness): string {
  if (Number.isNaN(value)) return "rgba(0, 0, 0, 0)";
  return css(divergingRgb(value, brightness));
}

export function divergingRgb(value: number, brightness: Brightness): Rgb {
  const place = (Math.min(1, Math.max(-1, value)) + 1) * 2;
  const index = Math.min(3, Math.floor(place));
  const colours = stops[brightness];
  const left = colours[index] ?? colours[0];
  const right = colours[index + 1] ?? colours[4];
  return mix(left, right, place - index);
}

/** Black or white text, whichever contrasts more with the colour [WCAG 2.2, relative luminance]. */
export function textOn(colour: Rgb): string {
  const luminance = relativeLuminance(colour);
  return 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 ? "#ffffff" : "#000000";
}

export function relativeLuminance(colour: Rgb): number {
  const [r, g, b] = colour.map((c) => toLinear(c / 255)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Brightness of a theme from its background colour (`#rgb`, `#rrggbb` or `rgb()`). */
export function brightnessOf(background: string): Brightness {
  const colour = parseColour(background);
  return colour !== null && relativeLuminance(colour) < 0.2 ? "dark" : "light";
}

export function parseColour(text: string): Rgb | null {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])[0-9a-f]?$/i.exec(text);
  if (short) return [hex(short[1], 17), hex(short[2], 17), hex(short[3], 17)];
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})(?:[0-9a-f]{2})?$/i.exec(text);
  if (long) return [hex(long[1]), hex(long[2]), hex(long[3])];
  const triple = /^rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)/i.exec(text);
  return triple ? [Number(triple[1]), Number(triple[2]), Number(triple[3])] : null;
}

const hex = (digits: string | undefined, times = 1) => Number.parseInt(digits ?? "0", 16) * times;
const css = (colour: Rgb) => `rgb(${colour.map((c) => Math.round(c)).join(", ")})`;
const toLinear = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const fromLinear = (c: number) => (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055);

/** In linear light: mixtures of opposite hues don't turn muddy. */
function mix(left: Rgb, right: Rgb, t: number): Rgb {
  const channel = (i: 0 | 1 | 2) => 255 * fromLinear((1 - t) * toLinear(left[i] / 255) + t * toLinear(right[i] / 255));
  return [channel(0), channel(1), channel(2)];
}
