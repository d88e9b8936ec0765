export interface PackageContents {
  /** Of the archive. */
  readonly bytes: number;
  /** Text of `extension.vsixmanifest`. */
  readonly manifest: string;
  /** By path in the extension, with `/`. */
  readonly files: Map<string, Buffer>;
}

export function readPackage(path: string): Promise<PackageContents>;
