import { expect } from "vitest";
import type { PromptFile } from "../../../../src/formats/prompts/promptFile";
import { readPromptFile } from "../../../../src/formats/prompts/readPromptFile";
import type { Position, Problem } from "../../../../src/protocol/problem";

type Choice = Parameters<typeof readPromptFile>[2];

/** The prompt of a text without any problem. */
export function good(text: string, file: string, choice?: Choice): PromptFile {
  const { prompt, problems } = readPromptFile(text, file, choice);
  expect(problems).toEqual([]);
  expect(prompt).not.toBeNull();
  return prompt!;
}

/** The only problem of a text. */
export function onlyProblem(text: string, file: string, choice?: Choice): Problem {
  const { prompt, problems } = readPromptFile(text, file, choice);
  expect(problems).toHaveLength(1);
  expect(prompt === null).toBe(problems[0]!.severity === "error");
  expect(problems[0]!.message).toMatch(/^[A-Z${].*[.]$/s);
  expect(problems[0]!.remedy).toMatch(/[.?"\]]$/);
  return problems[0]!;
}

/** What stands at a place of a text. */
export function textAt(text: string, position: Position): string {
  const starts = [0, ...[...text.matchAll(/\r\n|\n|\r/g)].map(({ index, 0: end }) => index + end.length)];
  const offset = (line: number, column: number) => starts[line - 1]! + column - 1;
  return text.slice(
    offset(position.line, position.column),
    offset(position.endLine ?? position.line, position.endColumn ?? position.column),
  );
}

/** Subjects and objects, with what stands at the samples' places. */
export function pairsOf(text: string, prompt: PromptFile): (readonly [string, string | undefined, string])[] {
  return prompt.samples.map(({ sample, position }) => [sample.subject, sample.object, textAt(text, position)]);
}
