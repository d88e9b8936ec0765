import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compare } from "../../../scripts/l10n/compare.mjs";
import { expectedFiles } from "../../../scripts/package/expected.mjs";
import { hostTexts, textsOf } from "../../../scripts/l10n/texts.mjs";

type Texts = Readonly<Record<string, string>>;
const text = (path: string) => readFileSync(join(import.meta.dirname, "../../..", path), "utf8");
const texts = (path: string) => JSON.parse(text(path)) as Texts;

/** The same word in both languages, a name, or nothing but figures. */
const sameInGerman = [
  "{0}, {1}:",
  "Relation Lens",
  "Relation: {0}",
  "Variable: {0}",
  "setting.executionProvider.webgpu",
  "setting.executionProvider.dml",
  "setting.executionProvider.coreml",
].sort();

describe("German", () => {
  const manifest = texts("package.nls.json");
  const manifestInGerman = texts("package.nls.de.json");
  const bundleInGerman = texts("l10n/bundle.l10n.de.json");

  it("has every text of package.json, with the same links and code", () => {
    expect(compare(manifest, manifestInGerman, "package.nls.de.json")).toEqual([]);
  });

  it("has every text of the extension host with the same placeholders, and no others", async () => {
    const sources = await hostTexts();
    expect(sources.length).toBeGreaterThan(200);
    const english = Object.fromEntries(sources.map((one) => [one, one]));
    expect(compare(english, bundleInGerman, "bundle.l10n.de.json")).toEqual([]);
    expect(texts("l10n/bundle.l10n.json"), "npm run l10n writes it").toEqual(english);
  });

  it("translates each, but for words that are the same", () => {
    const same = [
      ...Object.keys(manifest).filter((key) => manifest[key] === manifestInGerman[key]),
      ...Object.keys(bundleInGerman).filter((key) => bundleInGerman[key] === key),
    ];
    expect(same.sort()).toEqual(sameInGerman);
  });
});

it("is in the VSIX, as the list of what belongs in it says", async () => {
  const files = await expectedFiles("linux-x64");
  expect(files).toEqual(
    expect.arrayContaining(["package.nls.de.json", "l10n/bundle.l10n.json", "l10n/bundle.l10n.de.json"]),
  );
});

describe("package.json", () => {
  const used = [...text("package.json").matchAll(/"%([^%"]+)%"/g)].map(([, key = ""]) => key);

  it("uses keys that are there, and all of them", () => {
    expect([...new Set(used)].sort()).toEqual(Object.keys(texts("package.nls.json")).sort());
  });

  it("says where the bundles are", () => {
    expect(JSON.parse(text("package.json"))).toMatchObject({ l10n: "./l10n" });
  });
});

describe("extraction", () => {
  it("finds texts over lines, in both branches and in arguments, with their escapes", () => {
    const source = `
      const a = ok ? vscode.l10n.t("one") : vscode.l10n.t(
        "two {0}",
        vscode.l10n.t("three\\n"),
      ); // vscode.l10n.t("no text")
      other.t("not this");`;
    expect(textsOf(source)).toEqual(["one", "two {0}", "three\n"]);
  });

  it("refuses a text with expressions in it", () => {
    expect(() => textsOf("vscode.l10n.t(`one ${two}`)")).toThrow("has expressions");
  });
});

describe("comparison of a translation", () => {
  it.each([
    ["missing", { a: "one" }, {}],
    ["empty", { a: "one" }, { a: " " }],
    ["of no text any more", { a: "one" }, { a: "eins", b: "zwei" }],
    ["other placeholders", { a: "{0} of {1}" }, { a: "{0} von {0}" }],
    ["other placeholders", { a: "[Open](command:x)" }, { a: "[Öffnen](command:y)" }],
    ["other placeholders", { a: "write {}" }, { a: "schreiben" }],
  ])("says what is %s", (words, english, translated) => {
    expect(compare(english, translated, "de").join()).toContain(words);
  });
});
