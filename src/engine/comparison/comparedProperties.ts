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
    layer: left?.layer ?? right?.layer ?? ("final" as const),
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

function wordsOf(
  { verdict, holds, identifiable, leftInterval, rightInterval }: Omit<ComparedProperty, "words">,
  [leftName, rightName]: readonly [string, string],
  [left, right]: readonly [PropertyRow | undefined, PropertyRow | undefined],
): string {
  const has = holds[0] === true ? leftName : rightName;
  switch (verdict) {
    case "both":
      return `Both models have it${sharedBy(identifiable, left)}.${caveats(leftName, left, rightName, right)}`;
    case "one":
      return overlap(leftInterval, rightInterval)
        ? `${has} has it and ${has === leftName ? rightName : leftName} not quite: ${saying(leftName, left, rightName, right)}. The intervals overlap, so that the difference itself is not shown.`
        : `Only ${has} has it${identifiable === "always" ? ": a difference in what the two predict, not in how they are written down" : ""}.${caveats(leftName, left, rightName, right)}`;
    case "none":
      return `Neither model has it: ${saying(leftName, left, rightName, right)}.`;
    case "depends on the basis":
      return "It depends on the coordinates that a model happens to use: another model with the very same predictions may have any other value.";
    case "too few to tell": {
      if (left === undefined || right === undefined) {
        return `It was computed in ${left === undefined ? rightName : leftName} alone.`;
      }
      const caveat = left.caveat ?? right.caveat;
      return `No verdict: ${caveat ?? saying(leftName, left, rightName, right)}.`;
    }
  }
}

/** What models with the same predictions share. */
function sharedBy(identifiable: Identifiable, row: PropertyRow | undefined): string {
  switch (identifiable) {
    case "always":
      return ", and so has every model that predicts the same as one of them";
    case "underDiversity":
      return "; a model that predicts the same may differ if its dimensions are not all in use";
    default:
      return row?.layer === "final"
        ? "; whether models that predict the same share it was not tested on exact twins"
        : ", as far as these layers go: no theorem says that models that predict the same share it";
  }
}

/** Whether two intervals have values in common; so they may where one is not known. */
function overlap(left: Interval | null, right: Interval | null): boolean {
  return left === null || right === null || (left[0] <= right[1] && right[0] <= left[1]);
}

/** What their verdicts do not say, once where it is the same. */
function caveats(
  leftName: string,
  left: PropertyRow | undefined,
  rightName: string,
  right: PropertyRow | undefined,
): string {
  const own = [
    { name: leftName, caveat: left?.caveat ?? null },
    { name: rightName, caveat: right?.caveat ?? null },
  ].filter(({ caveat }) => caveat !== null);
  if (own.length === 2 && own[0]?.caveat === own[1]?.caveat) return ` Note: ${own[0]?.caveat ?? ""}.`;
  return own.map(({ name, caveat }) => ` Note, in ${name}: ${caveat ?? ""}.`).join("");
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
