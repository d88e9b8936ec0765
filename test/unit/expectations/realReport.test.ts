import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { analyze } from "../../../src/engine/engine";
import { checkExpectations } from "../../../src/engine/report/expectations";
import { expectationPaths } from "../../../src/formats/expectations/expectationPaths";
import { verdictWords } from "../../../src/formats/expectations/verdictWords";
import { sections } from "../../../src/protocol/report";

const samples = ["easy", "lucky", "big", "kind", "happy", "busy", "funny", "tall", "short", "strong"];
const objects = ["easiest", "luckiest", "biggest", "kindest", "happiest", "busiest", "funniest", "tallest", "shortest", "strongest"]; // prettier-ignore
const text = JSON.stringify({
  prompt_templates: ["The superlative of {} is", "Nothing is more {} than this: it is the"],
  control_relations: ["past-tense.relation.yaml"],
  samples: samples.map((subject, i) => ({ subject, object: objects[i] })),
  expect: { "linearity.faithfulness": "0..1" },
});
const file = join(import.meta.dirname, "../../../samples/some.relation.json");
const settings = { model: null, seed: 0, only: sections, layers: "all", bos: "auto", twins: 1 } as const;

describe("a report of the engine", () => {
  it(
    "has every figure that can be expected, with verdicts of the words that are offered",
    { timeout: 300_000 },
    async () => {
      const hooks = { signal: new AbortController().signal, onProgress: () => undefined };
      const outcome = await analyze({ file, text, settings }, hooks);
      if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
      const report = outcome.value;
      expect(report.relation.expect).toEqual({ "linearity.faithfulness": "0..1" });
      const missing = expectationPaths.flatMap(({ path, kind, values }) => {
        const expected =
          kind === "number" ? ">= -1e9" : values.length > 0 ? values.join("|") : "!= nothing of the kind";
        const [result] = checkExpectations(report, { [path]: expected });
        return result?.ok === true ? [] : [`${path}: ${String(result?.message)}`];
      });
      expect(missing).toEqual([]);
      const known = new Set(Object.values(verdictWords).flat());
      expect(report.summary.properties.map(({ verdict }) => verdict).filter((verdict) => !known.has(verdict))).toEqual(
        [],
      );
      expect(expectationPaths.length).toBeGreaterThan(80);
    },
  );
});
