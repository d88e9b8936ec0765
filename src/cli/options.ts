import { parseArgs } from "node:util";
import { nearest } from "../formats/nearest";
import { UsageError } from "./io";

/** `value`: takes a value; `flag`: does not. */
export type OptionKind = "value" | "flag";

export interface CommandOptions {
  readonly values: ReadonlyMap<string, string>;
  readonly flags: ReadonlySet<string>;
  readonly positionals: readonly string[];
}

const everywhere: Readonly<Record<string, OptionKind>> = { help: "flag", version: "flag", verbose: "flag" };

/** @throws UsageError with a suggestion where an option is mistyped */
export function readOptions(argv: readonly string[], kinds: Readonly<Record<string, OptionKind>>): CommandOptions {
  const known: Readonly<Record<string, OptionKind>> = { ...everywhere, ...kinds };
  const { tokens, positionals } = parseArgs({
    args: [...argv],
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(known).map(([name, kind]) => [
        name,
        { type: kind === "flag" ? "boolean" : "string", ...(name === "help" && { short: "h" }) } as const,
      ]),
    ),
  });
  const values = new Map<string, string>();
  const flags = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const { name, rawName, value } = token;
    const kind = Object.hasOwn(known, name) ? known[name] : undefined;
    if (kind === undefined) {
      const meant = rawName.startsWith("--") ? nearest(name, Object.keys(known)) : null;
      throw new UsageError(
        `There is no option ${rawName}.`,
        meant === null
          ? `Options: ${Object.keys(known)
              .map((option) => `--${option}`)
              .join(", ")}.`
          : `Did you mean --${meant}?`,
      );
    }
    if (kind === "flag") {
      if (value !== undefined) throw new UsageError(`${rawName} takes no value.`, `Write ${rawName} alone.`);
      flags.add(name);
      continue;
    }
    const looksLikeOption = value !== undefined && !token.inlineValue && /^-\D/.test(value);
    if (value === undefined || value === "" || looksLikeOption) {
      throw new UsageError(`${rawName} needs a value.`, `Write ${rawName} VALUE.`);
    }
    if (values.has(name)) throw new UsageError(`${rawName} is given twice.`, "Give it once.");
    values.set(name, value);
  }
  return { values, flags, positionals };
}
