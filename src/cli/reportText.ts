/** JSON with an entry per line, but with lists of numbers, such as the rows of a matrix, in one line each. */
export function reportText(value: unknown): string {
  const numbers = /\[\n\s+((?:-?\d[^\s,]*|null)(?:,\n\s+(?:-?\d[^\s,]*|null))*)\n\s+\]/g;
  const text = JSON.stringify(value, null, 2);
  return `${text.replace(numbers, (_, inner: string) => `[${inner.replace(/,\n\s+/g, ", ")}]`)}\n`;
}
