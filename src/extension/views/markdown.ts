/** Text as it is, in Markdown; unlike `MarkdownString.appendText` it leaves lines free to break at their spaces. */
export function escaped(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()#+\-.!~<>|&$]/g, "\\$&");
}
