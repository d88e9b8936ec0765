import { expect, it } from "vitest";
import { escaped } from "../../../src/extension/views/markdown";

it("keeps text from being read as Markdown, and its spaces as they are", () => {
  expect(escaped("The word {} gives *one* [link](command:x) $(icon)")).toBe(
    "The word \\{\\} gives \\*one\\* \\[link\\]\\(command:x\\) \\$\\(icon\\)",
  );
});
