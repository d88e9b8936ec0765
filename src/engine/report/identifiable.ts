import type { Identifiable, Interval, TwinRanges } from "../../protocol/report";
import type { SectionFigures } from "../sections/sectionFigures";

/** A range up to this share of the figure, and up to this absolute width, is rounding: that of sums of terms near 1. */
const relative = 1e-6;
const absolute = 1e-7;

/**
 * The figures with every `identifiable` set from the twin test: `never` where any figure of the object moves over
 * changes of basis, `underDiversity` where one moves over changes of dimension only, `always` where none does, and
 * null where none was tested. Figures of an object within the object have their ranges only: the Euclidean cosines
 * beside an accuracy do not make it depend on the basis.
 */
export function withIdentifiable(figures: SectionFigures, twins: TwinRanges): SectionFigures {
  const tested = [...new Set([...Object.keys(twins.changeOfBasis), ...Object.keys(twins.changeOfDimension)])];
  return marked(figures, "", tested, twins) as SectionFigures;
}

function marked(value: unknown, path: string, tested: readonly string[], twins: TwinRanges): unknown {
  if (Array.isArray(value)) {
    if (value.every((entry) => typeof entry !== "object" || entry === null)) return value;
    return value.map((entry, i) => marked(entry, `${path}[${i}]`, within(tested, `${path}[${i}]`), twins));
  }
  if (typeof value !== "object" || value === null) return value;
  const out: Record<string, unknown> = {};
  for (const [name, child] of Object.entries(value)) {
    const at = path === "" ? name : `${path}.${name}`;
    out[name] =
      name === "identifiable"
        ? verdict(
            tested.filter((other) => !/[.[]/.test(other.slice(path.length + 1))),
            twins,
          )
        : marked(child, at, within(tested, at), twins);
  }
  return out;
}

/** Paths of the figure at `path` and below. */
function within(paths: readonly string[], path: string): string[] {
  return paths.filter((other) => other.startsWith(path) && /^(?:$|[.[])/.test(other.slice(path.length)));
}

function verdict(paths: readonly string[], { changeOfBasis, changeOfDimension }: TwinRanges): Identifiable {
  if (paths.length === 0) return null;
  if (paths.some((path) => moves(changeOfBasis[path]))) return "never";
  return paths.some((path) => moves(changeOfDimension[path])) ? "underDiversity" : "always";
}

/** Does a figure differ between twins by more than rounding? */
export function moves(range: Interval | undefined): boolean {
  if (range === undefined) return false;
  const [low, high] = range;
  return high - low > relative * Math.max(Math.abs(low), Math.abs(high)) + absolute;
}
