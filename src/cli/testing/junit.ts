import { describeProblem } from "../../protocol/problem";
import { wasTested, type TestedExpectation, type TestedFile } from "./testFile";

/**
 * Results as the JUnit XML that continuous integration reads: a suite for each file, a case for each expectation; what
 * keeps a file from being tested is an error of its only case.
 *
 * @param now of the end of the run
 */
export function junitXml(files: readonly TestedFile[], seconds: number, now: Date): string {
  const totals = attributes({ name: "relation-lens", ...countsOf(files), time: seconds.toFixed(3) });
  const suites = files.map((tested) => suite(tested, now));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${totals}>\n${suites.join("")}</testsuites>\n`;
}

function suite(tested: TestedFile, now: Date): string {
  const { file, seconds, model, seed, expectations } = tested;
  const head = attributes({
    name: file,
    ...countsOf([tested]),
    skipped: 0,
    time: seconds.toFixed(3),
    timestamp: now.toISOString().slice(0, 19),
    file,
  });
  const properties = [...(model === null ? [] : [{ name: "model", value: model }]), { name: "seed", value: seed }];
  const cases = wasTested(tested)
    ? expectations.map((expectation) => testCase(file, expectation))
    : [errorCase(tested)];
  return [
    `  <testsuite${head}>\n`,
    `    <properties>${properties.map((property) => `<property${attributes(property)}/>`).join("")}</properties>\n`,
    ...cases,
    "  </testsuite>\n",
  ].join("");
}

function testCase(file: string, { path, expected, found, ok, message, position }: TestedExpectation): string {
  const head = attributes({ classname: file, name: `${path}: ${expected}`, file, line: position.line });
  if (ok) return `    <testcase${head}/>\n`;
  const text = `${file}:${position.line}:${position.column}\nexpected: ${expected}\nfound: ${found ?? "nothing"}`;
  const failure = attributes({ message: message ?? "", type: "expectation" });
  return `    <testcase${head}><failure${failure}>${escaped(text)}</failure></testcase>\n`;
}

function errorCase({ file, problems }: TestedFile): string {
  const errors = problems.filter(({ severity }) => severity === "error");
  const [first] = errors;
  const head = attributes({ classname: file, name: "analysis", file, line: first?.position?.line ?? 1 });
  const error = attributes({ message: first?.message ?? "", type: first?.code ?? "" });
  return `    <testcase${head}><error${error}>${escaped(errors.map((problem) => describeProblem({ ...problem, file })).join("\n"))}</error></testcase>\n`;
}

function countsOf(files: readonly TestedFile[]) {
  const tested = files.filter(wasTested).flatMap(({ expectations }) => expectations);
  const errors = files.filter((file) => !wasTested(file)).length;
  return { tests: tested.length + errors, failures: tested.filter(({ ok }) => !ok).length, errors };
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value)).replaceAll("\n", "&#10;")}"`)
    .join("");
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Characters that XML 1.0 cannot have, escaped or not, become a replacement character. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
