/** Every file of a VSIX for a platform such as `linux-x64`, by its path in the extension. */
export function expectedFiles(target: string): Promise<string[]>;
