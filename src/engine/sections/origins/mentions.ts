/** Whether a text has one of the words in it: whole words, without regard to case. */
export function mentions(words: readonly string[]): (text: string) => boolean {
  const wanted = words.map(wordsIn).filter((parts) => parts.length > 0);
  const single = new Set(wanted.flatMap((parts) => (parts.length === 1 ? parts : [])));
  const several = wanted.filter((parts) => parts.length > 1).map((parts) => ` ${parts.join(" ")} `);
  return (text) => {
    const found = wordsIn(text);
    if (found.some((word) => single.has(word))) return true;
    const joined = several.length === 0 ? "" : ` ${found.join(" ")} `;
    return several.some((parts) => joined.includes(parts));
  };
}

function wordsIn(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
