import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cell, sortedRows, toCsv, toTsv } from "../../../webview/figures/table";
import type { CellValue, TableModel } from "../../../webview/figures/table";

const table = (rows: readonly (readonly CellValue[])[]): TableModel => ({
  columns: (rows[0] ?? []).map((_, i) => ({ label: `c${i}` })),
  rows: rows.map((row) => row.map((value) => cell("shown", value))),
});

/** Reads RFC 4180, independently of what writes it. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = "";
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quoted) {
      if (c === '"' && text[i + 1] === '"') field += text[++i]!;
      else if (c === '"') quoted = false;
      else field += c;
    } else if (c === '"') quoted = true;
    else if (c === ",") {
      row.push(field);
      field = "";
    } else if (c === "\r" && text[i + 1] === "\n") {
      i++;
      rows.push([...row, field]);
      row = [];
      field = "";
    } else field += c;
  }
  return rows;
}

describe("comma-separated values", () => {
  it("keeps full precision and leaves missing values empty", () => {
    expect(toCsv(table([[0.1 + 0.2, null, "a,b", true]]))).toBe('c0,c1,c2,c3\r\n0.30000000000000004,,"a,b",true\r\n');
  });
  it("gives back any text", () => {
    const rows = fc.array(
      fc.tuple(fc.string({ unit: "grapheme" }), fc.string(), fc.constantFrom('"', "\r\n", ",", "")),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(rows, (data) => {
        expect(parseCsv(toCsv(table(data))).slice(1)).toEqual(data.map((row) => [...row]));
      }),
    );
  });
});

it("tab-separated values stay one line a row", () => {
  expect(toTsv(table([["a\tb\r\nc", 1]]))).toBe("c0\tc1\na b c\t1\n");
});

describe("sorting", () => {
  it("goes by number, not by text, with missing values last in both directions", () => {
    const model = table([[10], [9], [null], [-2]]);
    expect(sortedRows(model, 0, false)).toEqual([3, 1, 0, 2]);
    expect(sortedRows(model, 0, true)).toEqual([0, 1, 3, 2]);
  });
  it("keeps the order of equal rows", () => {
    expect(sortedRows(table([["b"], ["a"], ["b"], ["a"]]), 0, true)).toEqual([0, 2, 1, 3]);
  });
});
