/** One name of a path, with what stands in brackets after it. */
export interface PathStep {
  readonly name: string;
  /** `[layer=2,estimator=kl]`: entries of a list whose fields have these values. */
  readonly where: readonly Selector[];
  /** `[3]`, `[0][1]`: places in a list or a matrix, from 0. */
  readonly places: readonly number[];
}

export interface Selector {
  readonly key: string;
  /** As written, without quotes. */
  readonly value: string;
}

/** A place in a report, such as `linearity[layer=2].faithfulness`; at least one step. */
export type FieldPath = readonly PathStep[];

export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string; readonly remedy: string };

const remedy = "Write a path such as linearity.faithfulness or linearity[layer=2,estimator=kl].faithfulness.";

/** Reads a path of an expectation. Never throws. */
export function parsePath(text: string): Parsed<FieldPath> {
  const bad = (message: string): Parsed<FieldPath> => ({ ok: false, message, remedy });
  const path = text.trim();
  const steps: PathStep[] = [];
  let rest = path;
  do {
    const name = /^[A-Za-z]\w*/.exec(rest)?.[0];
    if (name === undefined) return bad(`The path "${path}" is wrong: a name is missing ${placeOf(path, rest)}.`);
    rest = rest.slice(name.length);
    const where: Selector[] = [];
    const places: number[] = [];
    while (rest.startsWith("[")) {
      const bracket = readBracket(rest);
      if (bracket === null) return bad(`The path "${path}" is wrong: a bracket cannot be read ${placeOf(path, rest)}.`);
      if (bracket.place === null) where.push(...bracket.where);
      else places.push(bracket.place);
      rest = rest.slice(bracket.length);
    }
    steps.push({ name, where, places });
    if (rest === "") return { ok: true, value: steps };
    if (!rest.startsWith(".")) return bad(`The path "${path}" is wrong: a dot is missing ${placeOf(path, rest)}.`);
    rest = rest.slice(1);
  } while (steps.length < 12);
  return bad(`The path "${path}" is wrong: it is too long.`);
}

const placeOf = (path: string, rest: string) =>
  rest === "" ? "at its end" : `at character ${path.length - rest.length + 1}`;

interface Bracket {
  readonly length: number;
  readonly place: number | null;
  readonly where: readonly Selector[];
}

/** `key=value` with a value in quotes where it has a comma or a bracket; an entry ends with a comma, the last with `]`. */
const selector = /^\s*([A-Za-z]\w*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^,\]"']*?))\s*([,\]])/;

function readBracket(text: string): Bracket | null {
  const place = /^\[(\d{1,6})\]/.exec(text);
  if (place !== null) return { length: place[0].length, place: Number(place[1]), where: [] };
  const where: Selector[] = [];
  let length = 1;
  for (;;) {
    const found = selector.exec(text.slice(length));
    if (found === null) return null;
    const [whole, key = "", double, single, plain, end] = found;
    const value = double ?? single ?? plain ?? "";
    if (value === "") return null;
    where.push({ key, value });
    length += whole.length;
    if (end === "]") return { length, place: null, where };
  }
}

/** The names of a path, without brackets: `linearity.faithfulness`. */
export function namesOf(path: FieldPath): string {
  return path.map(({ name }) => name).join(".");
}
