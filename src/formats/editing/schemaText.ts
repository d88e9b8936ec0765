import schema from "../../../schemas/relation.schema.json";

const { properties } = schema;
const item = properties.samples.items.properties;
const pair = properties.pairs.items.anyOf[1]?.properties;

/** What the schema says of a key of a relation file; null where it says nothing. */
export function describeKey(path: readonly (string | number)[]): string | null {
  const [top, index, key] = path;
  if (typeof top !== "string") return null;
  if (path.length === 1) return descriptionOf(properties, top);
  if (typeof index !== "number" || typeof key !== "string" || path.length !== 3) return null;
  if (top === "samples") return descriptionOf(item, key);
  return top === "pairs" && pair !== undefined ? descriptionOf(pair, key) : null;
}

function descriptionOf(keys: Readonly<Record<string, { readonly description: string }>>, key: string): string | null {
  return Object.hasOwn(keys, key) ? (keys[key]?.description ?? null) : null;
}
