import type { PackageContents } from "./contents.mjs";

export interface Expectations {
  readonly target: string;
  readonly expected: readonly string[];
  readonly localPaths: readonly string[];
}

export function checkPackage(contents: PackageContents, expectations: Expectations): string[];
export function megabytes(bytes: number): string;
