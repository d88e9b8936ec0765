/**
 * What is wrong with a translation.
 * @param english texts by key: what is to be translated
 * @param translated texts by key
 * @param file named in what is said
 * @returns a sentence each; empty where nothing is
 */
export function compare(english, translated, file) {
  const found = [];
  for (const [key, text] of Object.entries(english)) {
    const own = translated[key];
    if (own === undefined) found.push(`${file}: “${key}” is missing.`);
    else if (own.trim() === "") found.push(`${file}: “${key}” is empty.`);
    else if (marks(own) !== marks(text)) found.push(`${file}: “${key}” has other placeholders, commands or code.`);
  }
  for (const key of Object.keys(translated)) {
    if (!Object.hasOwn(english, key)) found.push(`${file}: “${key}” is of no text any more.`);
  }
  return found;
}

/** What a translation keeps: placeholders, slots, targets of links, code. */
function marks(text) {
  return (text.match(/\{\d*\}|\]\([^)]*\)|`[^`]*`/g) ?? []).sort().join(" ");
}
