/** Names of the subject and the object in lists of pairs, by habit of their makers. */
export const pairKeys: readonly (readonly [subject: string, object: string])[] = [
  ["subject", "object"],
  ["input", "output"],
  ["prompt", "completion"],
];

/** The names that a row with these keys uses; null where it has none of them. */
export function pairKeysOf(keys: readonly string[]): readonly [subject: string, object: string] | null {
  return pairKeys.find(([subject]) => keys.includes(subject)) ?? null;
}
