/** The day that chat templates are told it is, so that a report can be made again; the default that Llama's have. */
export const fixedDate = new Date(Date.UTC(2024, 6, 26));

const name = (date: Date, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat("en", { ...options, timeZone: "UTC" }).format(date);
const two = (n: number) => String(n).padStart(2, "0");

/** The codes of `strftime` that chat templates use; others stay as they are. */
const codes: Readonly<Record<string, (date: Date) => string>> = {
  "%Y": (date) => String(date.getUTCFullYear()),
  "%m": (date) => two(date.getUTCMonth() + 1),
  "%d": (date) => two(date.getUTCDate()),
  "%b": (date) => name(date, { month: "short" }),
  "%B": (date) => name(date, { month: "long" }),
  "%a": (date) => name(date, { weekday: "short" }),
  "%A": (date) => name(date, { weekday: "long" }),
  "%H": (date) => two(date.getUTCHours()),
  "%M": (date) => two(date.getUTCMinutes()),
  "%S": (date) => two(date.getUTCSeconds()),
  "%%": () => "%",
};

export function formatDate(date: Date, format: string): string {
  return format.replace(/%[A-Za-z%]/g, (code) => codes[code]?.(date) ?? code);
}
