import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandHelp } from "../../../src/cli/help";
import { relationKeys } from "../../../src/formats/relationSchema";

const root = join(import.meta.dirname, "../../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

/** Names between backticks, with what stands before a dot or a bracket taken apart. */
function namesIn(markdown: string): Set<string> {
  // A fence is no pair of backticks.
  const quoted = [...markdown.replaceAll("```", "").matchAll(/`([^`]+)`/g)].flatMap(([, code]) =>
    (code ?? "").split(/[^A-Za-z0-9]+/),
  );
  return new Set(quoted);
}

describe("the documentation", () => {
  const fieldsOf = (path: string) => [...read(path).matchAll(/readonly (\w+)\??:/g)].map(([, name]) => name ?? "");
  const unexplained = (fields: readonly string[], page: string) => {
    const explained = namesIn(read(page));
    const onlyInTables = new Set(["id", "text", "schemaVersion"]);
    return [...new Set(fields)].filter((name) => !explained.has(name) && !onlyInTables.has(name));
  };

  it("explains every field of the report", () => {
    const parts = readdirSync(join(root, "src/protocol/report")).map((name) => `src/protocol/report/${name}`);
    const fields = ["src/protocol/report.ts", ...parts].flatMap(fieldsOf);
    expect(fields.length).toBeGreaterThan(200);
    expect(unexplained(fields, "docs/report.md")).toEqual([]);
  });

  it.each([
    ["src/protocol/relationsReport.ts", "docs/comparing-relations.md"],
    ["src/protocol/simulation.ts", "docs/origins-simulation.md"],
  ])("explains every field of %s in %s", (source, page) => {
    const fields = fieldsOf(source);
    expect(fields.length).toBeGreaterThan(20);
    expect(unexplained(fields, page)).toEqual([]);
  });

  it("lists every option of the commands", () => {
    const options = new Set(Object.values(commandHelp).flatMap((help) => help.match(/--[a-z]+/g) ?? []));
    expect(options.size).toBeGreaterThan(8);
    const page = read("docs/command-line.md");
    expect([...options].filter((option) => !page.includes(option))).toEqual([]);
  });

  it("lists every problem and warning code of models, tokenisers and the hub", () => {
    const page = read("docs/models.md");
    const sources = readdirSync(join(root, "src/engine/models")).map((name) => read(join("src/engine/models", name)));
    const pattern = /"(model|head|token|tokenizer|hub)-[a-z-]+"/g;
    const codes = new Set(sources.flatMap((source) => source.match(pattern) ?? []));
    expect(codes.size).toBeGreaterThan(35);
    const names = [...codes].map((code) => code.replaceAll('"', ""));
    expect(names.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
  });

  it("lists every key and every problem code of a relation file", () => {
    const page = read("docs/relation-files.md");
    expect(relationKeys.filter((key) => !page.includes(`\`${key}\``))).toEqual([]);
    const names = readdirSync(join(root, "src/formats"), { recursive: true, encoding: "utf8" });
    const sources = names.filter((name) => name.endsWith(".ts")).map((name) => read(join("src/formats", name)));
    const codes = new Set(sources.flatMap((source) => source.match(/"relation-[a-z-]+"/g) ?? []));
    expect(codes.size).toBeGreaterThan(20);
    const shortened = (code: string) => code.replace(/^relation-(template|file)-/, "-");
    const isListed = (code: string) => page.includes(`\`${code}\``) || page.includes(`\`${shortened(code)}\``);
    expect([...codes].map((code) => code.replaceAll('"', "")).filter((code) => !isListed(code))).toEqual([]);
  });
});
