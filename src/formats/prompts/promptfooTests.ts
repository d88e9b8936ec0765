import { childOf, type LocatedNode } from "../locatedNode";
import type { ProblemCollector } from "../problemCollector";
import { maximumSamples } from "../relationSchema";
import type { DraftSample, PlacedText } from "./draft";
import { readValue, sampleOf, warnOfReference } from "./inputs";
import { textAt, textOf } from "./values";

type Alternatives = ReadonlyMap<string, readonly PlacedText[]>;

/**
 * A sample for every test, or for every combination of the variables that have lists. `defaultTest` gives variables and
 * assertions to all; an assertion of type `equals` has the object.
 */
export function readPromptfooTests(root: LocatedNode, problems: ProblemCollector): DraftSample[] {
  const tests = childOf(root, "tests");
  const common = childOf(root, "defaultTest");
  const shared = readVars(childOf(common, "vars"), problems);
  if (tests === undefined) return expand(shared, childOf(common, "assert"), common ?? root);
  if (tests.kind !== "sequence") {
    warnOfReference(tests, "Tests", problems);
    return [];
  }
  const samples: DraftSample[] = [];
  for (const test of tests.items) {
    if (test.kind !== "mapping") {
      warnOfReference(test, "Tests", problems);
      continue;
    }
    const vars = new Map([...shared, ...readVars(childOf(test, "vars"), problems)]);
    const asserted = [childOf(test, "assert"), childOf(common, "assert")].find((node) => expected(node) !== null);
    samples.push(...expand(vars, asserted, test));
    if (samples.length > maximumSamples) {
      const message = `The tests make more than ${maximumSamples} samples with this one; at most as many are analysed together.`;
      problems.error("prompt-too-many-samples", test, message, "Keep a random part of them, or split the file.");
      break;
    }
  }
  return samples;
}

function readVars(vars: LocatedNode | undefined, problems: ProblemCollector): Alternatives {
  const alternatives = new Map<string, readonly PlacedText[]>();
  if (vars !== undefined && vars.kind !== "mapping") warnOfReference(vars, "Variables", problems);
  for (const { key, value } of vars?.kind === "mapping" ? vars.entries : []) {
    const nodes = value.kind === "sequence" ? value.items : [value];
    const texts = nodes.flatMap((node) => readValue(key, node, problems) ?? []);
    const elsewhere = texts.find(({ text }) => text.startsWith("file://"));
    if (elsewhere === undefined) alternatives.set(key, texts);
    else warnOfReference(elsewhere, `Values of "${key}"`, problems);
  }
  return alternatives;
}

/** All combinations, up to one more than may be analysed. */
function expand(vars: Alternatives, asserted: LocatedNode | undefined, at: LocatedNode): DraftSample[] {
  let combinations: ReadonlyMap<string, PlacedText>[] = [new Map()];
  for (const [name, texts] of vars) {
    combinations = combinations
      .flatMap((values) => texts.map((text) => new Map([...values, [name, text]])))
      .slice(0, maximumSamples + 1);
  }
  const span = { start: at.start, end: at.end };
  return combinations.flatMap((values) =>
    sampleOf(values, objectOf(asserted, values)).map((sample) => (isOnlyOne(vars) ? { ...sample, ...span } : sample)),
  );
}

function isOnlyOne(vars: Alternatives): boolean {
  return [...vars.values()].every(({ length }) => length === 1);
}

function expected(asserted: LocatedNode | undefined): PlacedText | null {
  const equals =
    asserted?.kind === "sequence" ? asserted.items.find((node) => textAt(node, "type") === "equals") : undefined;
  return textOf(childOf(equals, "value"));
}

/** The value that the answer must equal; one that is a variable, `{{answer}}`, is that variable's. */
function objectOf(asserted: LocatedNode | undefined, values: ReadonlyMap<string, PlacedText>): PlacedText | null {
  const value = expected(asserted);
  if (value === null) return null;
  const name = /^\{\{\s*([A-Za-z_][\w.]*)\s*\}\}$/.exec(value.text.trim())?.[1];
  if (name !== undefined) return values.get(name) ?? null;
  return value.text.includes("{{") ? null : value;
}
