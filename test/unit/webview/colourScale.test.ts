import { describe, expect, it } from "vitest";
import {
  brightnessOf,
  diverging,
  divergingRgb,
  parseColour,
  relativeLuminance,
  textOn,
} from "../../../webview/figures/colourScale";
import type { Rgb } from "../../../webview/figures/colourScale";

const steps = Array.from({ length: 41 }, (_, i) => -1 + i / 20);

/** Red-green blindness (deuteranopia), Viénot, Brettel and Mollon 1999, in linear light. */
function deuteranope(colour: Rgb): Rgb {
  const [r, g, b] = colour.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4)) as [
    number,
    number,
    number,
  ];
  return [0.29275 * r + 0.70725 * g, 0.29275 * r + 0.70725 * g, -0.02234 * r + 0.02234 * g + b];
}

describe.each(["light", "dark"] as const)("diverging scale, %s", (brightness) => {
  it("moves evenly away from zero in lightness, both ways", () => {
    const luminance = steps.map((value) => relativeLuminance(divergingRgb(value, brightness)));
    const rises = luminance.slice(1).map((l, i) => Math.sign(l - luminance[i]!));
    const towards = brightness === "light" ? 1 : -1;
    expect(rises).toEqual(steps.slice(1).map((_, i) => (i < 20 ? towards : -towards)));
  });
  it("tells signs apart without red and green", () => {
    for (const value of [0.3, 0.5, 0.8, 1]) {
      const [positive, negative] = [value, -value].map((v) => deuteranope(divergingRgb(v, brightness))) as [Rgb, Rgb];
      // Blue against yellow: the third cone's share differs clearly.
      expect(negative[2] - negative[0]).toBeGreaterThan(0.05);
      expect(positive[2] - positive[0]).toBeLessThan(-0.02);
    }
  });
  it("keeps to its ends outside −1 to 1, and draws nothing for NaN", () => {
    expect(diverging(3, brightness)).toBe(diverging(1, brightness));
    expect(diverging(-3, brightness)).toBe(diverging(-1, brightness));
    expect(diverging(NaN, brightness)).toBe("rgba(0, 0, 0, 0)");
  });
  it("carries text with a contrast of 4.5 or more", () => {
    for (const value of steps) {
      const colour = divergingRgb(value, brightness);
      const l = relativeLuminance(colour);
      const contrast = textOn(colour) === "#ffffff" ? 1.05 / (l + 0.05) : (l + 0.05) / 0.05;
      expect(contrast).toBeGreaterThanOrEqual(4.5);
    }
  });
});

describe("theme colours", () => {
  it("reads the forms that themes use", () => {
    expect(parseColour("#1e1e1e")).toEqual([30, 30, 30]);
    expect(parseColour("#fff")).toEqual([255, 255, 255]);
    expect(parseColour("rgba(10, 20, 30, 0.5)")).toEqual([10, 20, 30]);
    expect(parseColour("papayawhip")).toBeNull();
  });
  it("tells light from dark", () => {
    expect(["#1f1f1f", "#000000", "#ffffff", "#fdf6e3"].map(brightnessOf)).toEqual(["dark", "dark", "light", "light"]);
  });
});
