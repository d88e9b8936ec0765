import type {
  ComparedProperty,
  ComparisonVerdict,
  Identifiable,
  Interval,
  PropertyRow,
  Report,
} from "../../protocol/report";
import { moves } from "../report/identifiable";

type Side = Pick<Report, "summary" | "twins"> & { readonly model: Pick<Report["model"], "id"> };

/** Strongest first. */
const kinds: readonly Identifiable[] = ["always", "underDiversity", null, "never"];

/**
 * All or none: every property of the two summaries, matched by name. One that moves over exact twins of either model
 * gets no verdict, whatever its values: a model with the same distribution may have it or not.
 */
export function comparedProperties(left: Side, right: Side): ComparedProperty[] {
  const others = new Map(right.summary.properties.map((row) => [propertyKey(row), row]));
  const own = left.summary.properties.map((row): [PropertyRow, PropertyRow | undefined] => [
    row,
    others.get(propertyKey(row)),
  ]);
  const known = new Set(left.summary.properties.map(propertyKey));
  const alone = right.summary.properties.filter((row) => !known.has(propertyKey(row)));
  return [
    ...own.map(([row, other]) => compared(left, right, row, other)),
    ...alone.map((row) => compared(left, right, undefined, row)),
  ];
}

/** The layer that does best, and for causality the template, is another one in every model. */
const bestLayer = /(best|lowest)( of the layers| layer)? \((\w+)\)/;
const bestTemplate = /^(causality, .*) · (.*)$/;

function propertyKey({ section, property }: PropertyRow): string {
  return `${section} ${property.replace(bestLayer, "$1$2").replace(bestTemplate, "$1")}`;
}

/** With both models' layers and templates where they differ. */
function nameOf(left: PropertyRow | undefined, right: PropertyRow | undefined): string {
  const name = left?.property ?? right?.property ?? "";
  const both = (pattern: RegExp, group: number) => {
    const [own, other] = [left, right].map((row) => pattern.exec(row?.property ?? "")?.[group] ?? "–");
    return own === other ? own : `${own} / ${other}`;
  };
  return name
    .replace(bestLayer, (_, best: string, of = "") => `${best}${String(of)} (${both(bestLayer, 3)})`)
    .replace(bestTemplate, (_, what: string) => `${what} · ${both(bestTemplate, 2)}`);
}

function compared(
  leftSide: Side,
  rightSide: Side,
  left: PropertyRow | undefined,
  right: PropertyRow | undefined,
): ComparedProperty {
  const identifiable =
    kinds[Math.max(...[left, right].map((row) => (row === undefined ? 0 : kinds.indexOf(row.identifiable))))] ?? null;
  const holds = [left?.holds ?? null, right?.holds ?? null] as const;
  const verdict = verdictOf(identifiable, holds);
  const property = {
    section: left?.section ?? right?.section ?? "linearity",
    property: nameOf(left, right),
    left: left?.value ?? null,
    right: right?.value ?? null,
    leftInterval: left?.interval ?? null,
    rightInterval: right?.interval ?? null,
    leftRange: twinRange(leftSide, left),
    rightRange: twinRange(rightSide, right),
    leftNull: left?.null ?? null,
    rightNull: right?.null ?? null,
    holds,
    n: [left?.n ?? 0, right?.n ?? 0] as const,
    identifiable,
    verdict,
  };
  return { ...property, words: wordsOf(property, [leftSide.model.id, rightSide.model.id], [left, right]) };
}

function verdictOf(identifiable: Identifiable, [left, right]: ComparedProperty["holds"]): ComparisonVerdict {
  if (identifiable === "never") return "depends on the basis";
  if (left === null || right === null) return "too few to tell";
  if (left && right) return "both";
  return left || right ? "one" : "none";
}

/** Over the twins of both families; of an array, ranges are those of whichever entry moves most. */
function twinRange({ twins }: Side, row: PropertyRow | undefined): Interval | null {
  const { path = null, value = null } = row ?? {};
  if (twins === null || path === null) return null;
  const ranges = [twins.changeOfBasis[path], twins.changeOfDimension[path]].filter((range) => range !== undefined);
  if (ranges.length === 0) return null;
  if (!ranges.some(moves)) return value === null ? null : [value, value];
  const widest: Interval = [Math.min(...ranges.map(([low]) => low)), Math.max(...ranges.map(([, high]) => high))];
  return value !== null && widest[0] <= value && value <= widest[1] ? widest : null;
}

/** In the name of steering at f. */
const byConstruction = "by construction";

function wordsOf(
  { property, verdict, holds, identifiable }: Omit<ComparedProperty, "words">,
  [leftName, rightName]: readonly [string, string],
  [left, right]: readonly [PropertyRow | undefined, PropertyRow | undefined],
): string {
  switch (verdict) {
    case "both":
      return identifiable === "always"
        ? "Both models have it, and so has every model that predicts the same as one of them."
        : identifiable === "underDiversity"
          ? "Both models have it; a model that predicts the same may differ if its dimensions are not all in use."
          : "Both models have it, as far as these layers go: no theorem says that models that predict the same share it.";
    case "one":
      return `Only ${holds[0] === true ? leftName : rightName} has it${
        identifiable === "always" ? ": a difference in what the two predict, not in how they are written down" : ""
      }.`;
    case "none":
      return `Neither model has it: ${saying(leftName, left, rightName, right)}.`;
    case "depends on the basis":
      return "It depends on the coordinates that a model happens to use: another model with the very same predictions may have any other value.";
    case "too few to tell":
      if (left === undefined || right === undefined) {
        return `It was computed in ${left === undefined ? rightName : leftName} alone.`;
      }
      return property.includes(byConstruction)
        ? "No verdict: it follows from how the vector is made, in every model."
        : `No verdict: ${saying(leftName, left, rightName, right)}.`;
  }
}

/** What the two models' own verdicts are. */
function saying(
  leftName: string,
  left: PropertyRow | undefined,
  rightName: string,
  right: PropertyRow | undefined,
): string {
  if (left?.verdict === right?.verdict) return left?.verdict ?? "";
  return `${left?.verdict ?? "–"} in ${leftName}, ${right?.verdict ?? "–"} in ${rightName}`;
}
