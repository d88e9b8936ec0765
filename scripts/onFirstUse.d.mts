import type { Plugin } from "esbuild";

export function onFirstUse(files: Readonly<Record<string, string>>): Plugin;
