import { expect, test } from "vitest";
import { ProgressLine } from "../../../src/cli/progressLine";

test("off a terminal, a phase is said once, though phases run side by side", () => {
  const lines: string[] = [];
  const stream = {
    isTerminal: false,
    colour: false,
    write: (text: string) => {
      lines.push(text);
      return Promise.resolve();
    },
  };
  const line = new ProgressLine(stream, "a.relation.yaml");
  for (const phase of ["linearity", "probes", "linearity", "probes", "twins"] as const) {
    line.show({ phase, detail: "", fraction: 0.5 });
  }
  expect(lines).toEqual(["linearity", "probes", "twin test"].map((words) => `a.relation.yaml: ${words}\n`));
});
