import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Downloads and results; ignored by git, may be deleted at any time. */
export const cache = join(root, ".cache");
