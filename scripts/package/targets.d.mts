export const targets: readonly string[];
export function mostBytes(target: string): number;
export const mostBytesOfBundles: Readonly<Record<string, number>>;
export function nativeFiles(target: string): string[];
