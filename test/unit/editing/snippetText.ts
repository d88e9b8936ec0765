/** A snippet with the texts that stand at its tab stops. */
export function snippetText(body: string): string {
  return body.replace(/\$\{\d+:((?:\\.|[^}\\])*)\}|\$\d+/g, "$1").replace(/\\([$}\\])/g, "$1");
}
