export function makeWorkspace(): Promise<{ readonly folder: string; remove(): Promise<void> }>;
