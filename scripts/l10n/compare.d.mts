export function compare(
  english: Readonly<Record<string, string>>,
  translated: Readonly<Record<string, string>>,
  file: string,
): string[];
