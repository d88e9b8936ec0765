import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  figure,
  fileName,
  fit,
  interval,
  letter,
  pValue,
  probability,
  significant,
  token,
} from "../../../webview/format";

describe("figure", () => {
  it.each([
    [0.7249, "0.72"],
    [-0.044, "\u22120.04"],
    [1, "1.00"],
    [-0.001, "0.00"],
    [null, "–"],
    [NaN, "–"],
  ])("%s is written %s", (value, text) => expect(figure(value)).toBe(text));

  it("reads back as the number to its last digit", () => {
    fc.assert(
      fc.property(fc.double({ min: -100, max: 100, noNaN: true }), (value) => {
        expect(Math.abs(Number(figure(value).replace("\u2212", "-")) - value)).toBeLessThanOrEqual(0.005 + 1e-9);
      }),
    );
  });
});

describe("other numbers", () => {
  it("writes intervals, and nothing for none", () => {
    expect(interval([-0.1, 0.66])).toBe("[\u22120.10 0.66]");
    expect(interval(null)).toBe("");
  });
  it.each([
    [1 / 1001, "0.001"],
    [0.0004, "<0.001"],
    [0.0475, "0.048"],
    [0.382, "0.38"],
    [null, "–"],
  ])("p %s is written %s", (value, text) => expect(pValue(value)).toBe(text));
  it.each([
    [0.000123, "1.23e\u22124"],
    [0.0316, "0.0316"],
    [3.14159, "3.14"],
    [25000, "2.50e4"],
    [0, "0"],
  ])("%s has three significant digits: %s", (value, text) => expect(significant(value)).toBe(text));
  it.each([
    [Math.log(0.961), "96.1%"],
    [0, "100%"],
    [-20, "<0.1%"],
    [null, "–"],
  ])("log-probability %s is %s", (value, text) => expect(probability(value)).toBe(text));
});

describe("texts", () => {
  it("shows white space in tokens, and only a leading space", () => {
    expect(token(" New York\n")).toBe("\u2423New York\u21b5");
  });
  it("cuts to a width", () => {
    const measure = (text: string) => text.length * 10;
    expect(fit("superlative", 200, measure)).toBe("superlative");
    expect(fit("superlative", 60, measure)).toBe("super\u2026");
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 10, max: 300 }), (text, width) => {
        expect(measure(fit(text, width, measure))).toBeLessThanOrEqual(width);
      }),
    );
  });
  it("counts in letters", () => {
    expect([0, 25, 26, 51, 52].map(letter)).toEqual(["A", "Z", "AA", "AZ", "BA"]);
  });
  it("makes file names without separators", () => {
    expect(fileName("Größe / {} is", "R²")).toBe("größe-is-r²");
    expect(fileName("../..", "")).toBe("figure");
  });
});
