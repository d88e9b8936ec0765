import { describe, expect, it } from "vitest";
import { parseTyped, writeTyped } from "../../../src/extension/subjects/typedSubjects";

describe("typed subjects", () => {
  it.each([
    ["easy, lucky", [{ subject: "easy" }, { subject: "lucky" }]],
    [" easy;lucky\nbig\t", [{ subject: "easy" }, { subject: "lucky" }, { subject: "big" }]],
    [
      "easy => easiest, New York -> city, a → b",
      [
        { subject: "easy", object: "easiest" },
        { subject: "New York", object: "city" },
        { subject: "a", object: "b" },
      ],
    ],
    ["easy =>, => easiest, ,", [{ subject: "easy" }]],
    ["well-known, twenty-one", [{ subject: "well-known" }, { subject: "twenty-one" }]],
    ["easy => easiest, easy => easier", [{ subject: "easy", object: "easiest" }]],
    ["  ", []],
  ])("%j", (text, samples) => {
    expect(parseTyped(text)).toEqual(samples);
    expect(parseTyped(writeTyped(samples))).toEqual(samples);
  });
});
