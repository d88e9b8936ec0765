import type { Identifiable } from "../protocol/report";
import type { ComparedRelation, RelationsReport } from "../protocol/relationsReport";
import { style, wrap, type Style } from "./style";

const width = 100;
/** Columns of a table that fit beside the names. */
const mostColumns = 11;
/** A space, a sign, a figure and a star. */
const cellWidth = 7;

interface Table {
  readonly title: string;
  readonly matrix: readonly (readonly (number | null)[])[];
  readonly upper?: readonly (readonly (number | null)[])[] | null;
  readonly below: string;
}

/** The comparison of relations as text of at most 100 columns, for people. */
export function renderRelations(report: RelationsReport, colour: boolean): string {
  const paint = style(colour);
  const { relations, model, settings, order, headline, warnings, timing } = report;
  const title = `${relations.length} relations · ${model.id} · seed ${settings.seed}`;
  const lines = [
    paint.bold(title),
    ...(model.note === null ? [] : wrap(model.note, width).map(paint.dim)),
    "",
    ...headline.flatMap((sentence) => wrap(sentence, width)),
    "",
    ...relationLines(relations, order, paint),
    ...tablesOf(report).flatMap((table) => tableLines(table, relations, order, paint)),
    ...(warnings.length === 0 ? [] : [paint.warning(`${warnings.length} warning${warnings.length === 1 ? "" : "s"}`)]),
    ...warnings.flatMap(({ code, message }) =>
      wrap(`${message} [${code}]`, width - 4).map((line, i) => (i === 0 ? `  - ${line}` : `    ${line}`)),
    ),
    paint.dim(`${timing.total.toFixed(1)} s: model ${timing.load.toFixed(1)}, forward ${timing.forward.toFixed(1)}, analyses ${timing.analyse.toFixed(1)}`), // prettier-ignore
  ];
  return `${lines.join("\n")}\n`;
}

function relationLines(relations: readonly ComparedRelation[], order: readonly number[], paint: Style): string[] {
  const size = nameWidth(relations);
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(size + 3) : cell.padStart(8))).join(" ");
  return [
    paint.dim(line(["", "samples", "pairs", "correct", "rank", "R²"])),
    ...order.flatMap((place, row) => {
      const one = relations[place];
      if (one === undefined) return [];
      const { samples, pairs, correct, rank, r2Logit } = one;
      return line([
        label(row, one.name, size),
        String(samples),
        String(pairs),
        correct === null ? "–" : `${Math.round(100 * correct)}%`,
        rank === null ? "–" : String(rank),
        r2Logit === null ? "–" : figure(r2Logit),
      ]);
    }),
    "",
  ];
}

function tablesOf({ subspaces, parallelism, probeTransfer, conceptDirections }: RelationsReport): Table[] {
  const units = (n: number, what: string) => `${n} ${what} each`;
  return [
    ...(subspaces === null
      ? []
      : [
          {
            title: "Overlap of the relational subspaces at f",
            ...subspaces,
            below: `${units(subspaces.n, "subjects")}; * above what permuted answers give in 95% of cases; ${same(subspaces.identifiable)}`,
          },
        ]),
    ...(["distributional", "causal", "euclidean"] as const).flatMap((name) => {
      const map = parallelism[name];
      if (map === null) return [];
      const geometry = name === "euclidean" ? "Euclidean" : name;
      return {
        title: `Mean cosine between pairs, ${geometry}`,
        ...map,
        below: `${units(map.n, "pairs")}; * farther from 0 than with random word pairs in 95% of cases; ${same(map.identifiable)}`,
      };
    }),
    ...(conceptDirections?.causal == null
      ? []
      : [
          {
            title: "Cosine between mean directions, causal",
            ...conceptDirections.causal,
            below: `${units(conceptDirections.n, "pairs")}; ${same(conceptDirections.causal.identifiable)}`,
          },
        ]),
    ...probeTransfer.map((map) => ({
      title: `Balanced accuracy of a probe of the row's forms on the column's words, ${map.layer === "final" ? "f" : map.layer === 0 ? "embeddings" : `layer ${map.layer}`}`,
      ...map,
      below: `at least ${map.n} groups of words tested; a guess gives ${figure(map.majority)}; * above control labels in 95% of cases; ${map.layer === "final" ? same(map.identifiable) : "intermediate layer: not covered by the identifiability theorem"}`,
    })),
  ];
}

function tableLines(
  { title, matrix, upper, below }: Table,
  relations: readonly ComparedRelation[],
  order: readonly number[],
  paint: Style,
): string[] {
  // prettier-ignore
  const size = nameWidth(relations);
  const blocks = Array.from({ length: Math.ceil(order.length / mostColumns) }, (_, k) => k * mostColumns);
  const body = blocks.flatMap((start) => {
    const columns = order.slice(start, start + mostColumns);
    const head = columns.map((_, k) => `${start + k + 1} `.padStart(cellWidth)).join("");
    return [
      paint.dim(`${" ".repeat(size + 3)} ${head}`.trimEnd()),
      ...order.map((i, row) => {
        const cells = columns.map((j) => cell(matrix[i]?.[j] ?? null, upper?.[i]?.[j] ?? null));
        return `${label(row, relations[i]?.name ?? "", size)} ${cells.join("")}`.trimEnd();
      }),
    ];
  });
  return [paint.bold(title), ...body, ...wrap(below, width).map(paint.dim), ""];
}

function cell(value: number | null, limit: number | null): string {
  const beyond = value !== null && limit !== null && Math.abs(value) > limit;
  return `${value === null ? "–" : figure(value)}${beyond ? "*" : " "}`.padStart(cellWidth);
}

function label(row: number, name: string, size: number): string {
  return `${String(row + 1).padStart(2)} ${(name.length > size ? `${name.slice(0, size - 1)}…` : name).padEnd(size)}`;
}

function nameWidth(relations: readonly ComparedRelation[]): number {
  return Math.min(18, Math.max(...relations.map(({ name }) => name.length)));
}

function figure(value: number): string {
  const text = value.toFixed(2);
  return (text === "-0.00" ? "0.00" : text).replace("-", "−");
}

function same(identifiable: Identifiable): string {
  switch (identifiable) {
    case null:
      return "untested on equivalent models";
    case "always":
      return "the same in every model with this distribution";
    case "underDiversity":
      return "the same in such models whose embeddings and unembeddings span their space";
    case "never":
      return "depends on the basis";
  }
}
