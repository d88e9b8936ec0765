/** Whether a text has one of the words in it: whole words, without regard to case. */
export function mentions(words: readonly string[]): (text: string) => boolean {
  const wanted = words.map(wordsIn).filter((parts) => parts.length > 0);
  return (text) => {
    const found = ` ${wordsIn(text).join(" ")} `;
    return wanted.some((parts) => found.includes(` ${parts.join(" ")} `));
  };
}

function wordsIn(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
