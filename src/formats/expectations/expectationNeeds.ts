import { sections, type Section } from "../../protocol/report";
import { parsePath } from "./fieldPath";
import { reportFields } from "./reportFields";

/** What must be computed to tell whether expectations hold. */
export interface ExpectationNeeds {
  readonly sections: readonly Section[];
  /** Whether the twin test must run. */
  readonly twins: boolean;
}

/** Sections whose figures come from the linear maps. */
const onMaps: readonly Section[] = ["subspaces", "steering"];

/** @param paths the keys of `expect`; those that cannot be read need nothing */
export function expectationNeeds(paths: readonly string[]): ExpectationNeeds {
  const parsed = paths.map(parsePath).flatMap((path) => (path.ok ? [path.value.map(({ name }) => name)] : []));
  const roots = parsed.map(([first = "", second = ""]) => (first === "twins" ? second : first));
  const whole = roots.some((root) => root === "summary" || root === "comparison" || root === "count");
  const named = reportFields.flatMap(({ root, section }) =>
    section !== null && roots.includes(root) ? [section] : [],
  );
  const maps: readonly Section[] = named.some((section) => onMaps.includes(section)) ? ["linearity"] : [];
  return {
    sections: whole ? sections : sections.filter((section) => named.includes(section) || maps.includes(section)),
    twins: parsed.some((path) => path[0] === "twins" || path[0] === "summary" || path.at(-1) === "identifiable"),
  };
}
