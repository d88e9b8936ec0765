/** A model on the Hugging Face Hub: `owner/name`, with `@revision` and `:variant` where given. */
export interface HubId {
  readonly name: string;
  /** Branch, tag or commit; the hub's `main` where null. */
  readonly revision: string | null;
  /** Such as `fp16` or `q4`; the best that fits in memory where null. */
  readonly variant: string | null;
}

const word = "[A-Za-z0-9](?:[\\w.-]{0,94}\\w)?";
const pattern = new RegExp(`^(${word}/${word})(?:@(\\w[\\w./-]*))?(?::(\\w+))?$`);

/** @returns null where the text is something else, such as a path */
export function parseHubId(text: string): HubId | null {
  const [, name, revision, variant] = pattern.exec(text) ?? [];
  if (name === undefined || /--|\.\.|\.onnx$/i.test(name)) return null;
  if (revision?.split("/").some((part) => part === "" || part.startsWith(".")) === true) return null;
  return { name, revision: revision ?? null, variant: variant ?? null };
}

export function formatHubId({ name, revision, variant }: HubId): string {
  return `${name}${revision === null ? "" : `@${revision}`}${variant === null ? "" : `:${variant}`}`;
}
