import { plainOrQuoted } from "./scalarText";
import { literal } from "./suggestion";

const samples = [
  ["easy", "easiest"],
  ["lucky", "luckiest"],
  ["happy", "happiest"],
];

/** A relation file to fill in, as a snippet. */
export function relationSkeleton(name: string): string {
  const lines = samples.map(
    ([subject = "", object = ""], i) =>
      `  - { subject: \${${4 + 2 * i}:${subject}}, object: \${${5 + 2 * i}:${object}} }`,
  );
  return [
    `name: \${1:${literal(plainOrQuoted(name))}}`,
    "prompt_templates:",
    '  - "${2:The superlative of} {\\} ${3:is}"',
    "samples:",
    ...lines,
    "$0",
  ].join("\n");
}
