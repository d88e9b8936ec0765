import { Environment, Interpreter, parse, tokenize } from "@huggingface/jinja";
import { fixedDate, formatDate } from "./fixedDate";

export type JinjaTemplate = (variables: Readonly<Record<string, unknown>>) => string;

/**
 * A chat template, with what such templates expect to be there. They are told the same day on every day.
 * @throws Error where the source is no template; so does what it gives, where it refuses its variables
 */
export function parseJinja(source: string): JinjaTemplate {
  const program = parse(tokenize(source, { lstrip_blocks: true, trim_blocks: true }));
  return (variables) => {
    const environment = new Environment();
    for (const [name, value] of Object.entries({ ...globals, ...variables })) environment.set(name, value);
    const { value } = new Interpreter(environment).run(program);
    return typeof value === "string" ? value : "";
  };
}

const globals: Readonly<Record<string, unknown>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
  raise_exception: (message: unknown) => {
    throw new Error(String(message));
  },
  range: (first: number, end?: number, step = 1) => (end === undefined ? range(0, first, 1) : range(first, end, step)),
  date_string: formatDate(fixedDate, "%d %b %Y"),
  strftime_now: (format: string) => formatDate(fixedDate, format),
};

function range(start: number, end: number, step: number): number[] {
  return Array.from({ length: Math.max(0, Math.ceil((end - start) / step)) }, (_, i) => start + i * step);
}
