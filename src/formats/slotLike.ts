/** What other tools write where the subject goes: `{x}`, `{{x}}`, `${x}`, `[X]`, `<x>`, `%s`, `___`. */
const others = /\{\{[^{}]*\}\}|\$\{[^{}]*\}|\{[^{}]+\}|\[[A-Z]+\]|<[a-z]+>|%s|_{3,}/i;

/** The first of them in a template; null where there is none. */
export function slotLike(template: string): string | null {
  return others.exec(template)?.[0] ?? null;
}
