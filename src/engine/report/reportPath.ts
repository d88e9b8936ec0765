import type { FieldPath, PathStep, Selector } from "../../formats/expectations/fieldPath";
import { nearest } from "../../formats/nearest";
import type { Interval, Report } from "../../protocol/report";
import { mainEntries } from "./mainEntries";

/** A value of the report that an expectation is about. */
export interface ReportValue {
  /** Report path with places: `linearity[3].faithfulness`. */
  readonly path: string;
  /** What tells it from others of the same name, such as its template; empty where nothing does. */
  readonly place: string;
  readonly value: unknown;
  /** What has the value: an entry of a list, or a part of the report. */
  readonly owner: object;
}

export type Found = { readonly values: readonly ReportValue[] } | { readonly missing: string };

interface Node {
  readonly path: string;
  readonly place: readonly string[];
  readonly value: unknown;
  readonly owner: object;
}

/** The values at a path; of lists the main entries, where the path does not say which. */
export function valuesAt(report: Report, path: FieldPath): Found {
  let nodes: readonly Node[] = [{ path: "", place: [], value: report, owner: report }];
  for (const [i, step] of path.entries()) {
    const next: Node[] = [];
    for (const node of nodes) {
      const found = stepInto(node, step, path[i + 1]?.name ?? "");
      if ("missing" in found) return found;
      next.push(...found.nodes);
    }
    nodes = next;
  }
  return { values: nodes.map(({ place, ...node }) => ({ ...node, place: [...new Set(place)].join(", ") })) };
}

function stepInto(node: Node, step: PathStep, following: string): { nodes: readonly Node[] } | { missing: string } {
  const { value } = node;
  const name = node.path === "" ? step.name : `${node.path}.${step.name}`;
  if (value === null) return { nodes: [{ ...node, path: name }] };
  if (!isRecord(value)) return { missing: `${node.path} has nothing below it; leave .${step.name} out.` };
  const child = Object.hasOwn(value, step.name) ? (value[step.name] ?? null) : undefined;
  if (child === undefined && !virtual.includes(step.name)) {
    const meant = nearest(step.name, Object.keys(value));
    const where = node.path === "" ? "The report" : node.path;
    return {
      missing: `${where} has no ${step.name}${meant === null ? "" : `; did you mean ${meant}?`}.`.replace("?.", "?"),
    };
  }
  const here: Node = { path: name, place: node.place, value: child, owner: value };
  if (step.places.length > 0) return atPlaces(here, step.places);
  if (Array.isArray(child) && (step.where.length > 0 || following !== "" || child.some(isRecord)))
    return entries(here, child, step, following);
  return { nodes: [here] };
}

/** Figures that are worked out of the entry, or of the list, rather than read. */
const virtual = ["verdict", "accuracy"];

function atPlaces(node: Node, places: readonly number[]): { nodes: readonly Node[] } | { missing: string } {
  let { value, path } = node;
  for (const place of places) {
    if (!Array.isArray(value)) return { missing: `${path} is no list; leave [${place}] out.` };
    if (place >= value.length) return { missing: `${path} has ${value.length} entries, counted from 0.` };
    value = value[place];
    path = `${path}[${place}]`;
  }
  return { nodes: [{ ...node, value, path }] };
}

function entries(
  node: Node,
  list: readonly unknown[],
  step: PathStep,
  field: string,
): { nodes: readonly Node[] } | { missing: string } {
  let chosen = list;
  for (const selector of list.length === 0 ? [] : step.where) {
    const rest = chosen.filter((entry) => matches(entry, selector));
    if (rest.length === 0) return { missing: nothingChosen(node.path, chosen, selector) };
    chosen = rest;
  }
  const main = mainEntries(step.name, chosen, { keys: new Set(step.where.map(({ key }) => key)), field });
  if (main.length === 0) {
    if (list.length === 0) return { nodes: [{ ...node, value: null }] };
    const keys = identifying.filter((key) => chosen.some((entry) => fieldText(entry, key) !== ""));
    return { missing: `${node.path} has no main entry here; choose one, such as by ${keys.join(", ")}.` };
  }
  return {
    nodes: main.map((entry) => ({
      path: `${node.path}[${list.indexOf(entry)}]`,
      place: [...node.place, ...placeOf(entry, main)],
      value: entry,
      owner: node.owner,
    })),
  };
}

const identifying = [
  "subject",
  "template",
  "layer",
  "estimator",
  "method",
  "kind",
  "context",
  "left",
  "right",
] as const;

/** The fields by which an entry differs from the others. */
function placeOf(entry: unknown, among: readonly unknown[]): string[] {
  return identifying.flatMap((key) => {
    const values = new Set(among.map((other) => fieldText(other, key)));
    const own = fieldText(entry, key);
    if (values.size < 2 || own === "") return [];
    return [key === "layer" ? `layer ${own}` : `"${own}"`];
  });
}

function matches(entry: unknown, { key, value }: Selector): boolean {
  const own = fieldText(entry, key);
  return own === value || (own !== "" && value !== "" && Number(own) === Number(value));
}

/** `final` for f; layers of an alignment with a slash. */
function fieldText(entry: unknown, key: string): string {
  const value = isRecord(entry) ? entry[key] : undefined;
  if (key === "between" && value === undefined) return "templates";
  if (key === "layers" && value === undefined) return "final/final";
  if (Array.isArray(value)) return value.join("/");
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function nothingChosen(path: string, entries: readonly unknown[], { key, value }: Selector): string {
  const known = [...new Set(entries.map((entry) => fieldText(entry, key)))].filter((text) => text !== "");
  const shown = known.slice(0, 12).join(", ") + (known.length > 12 ? " …" : "");
  const choices = known.length === 0 ? `; it has none by ${key}` : `; there are ${shown}`;
  return `${path} has no entry with ${key}=${value}${choices}.`;
}

/** The 95% interval of a figure, where the report has one beside it. */
export function intervalBeside({ path, owner }: Pick<ReportValue, "path" | "owner">): Interval | null {
  const name = path.slice(path.lastIndexOf(".") + 1);
  if (!isRecord(owner)) return null;
  const own = owner[`${name}Interval`] ?? (ofInterval.includes(name) ? owner["interval"] : undefined);
  return isInterval(own) ? own : null;
}

/** The figures that a field `interval` is about. */
const ofInterval = ["mean", "r2Logit", "accuracy", "after", "successRate", "spread", "own"];

function isInterval(value: unknown): value is Interval {
  return Array.isArray(value) && value.length === 2 && value.every((end) => typeof end === "number");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
