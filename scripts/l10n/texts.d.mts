export function hostTexts(folder?: string): Promise<string[]>;
export function textsOf(source: string, name?: string): string[];
