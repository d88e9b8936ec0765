import { createHash } from "node:crypto";
import { existsSync, copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { graphs, newFolder } from "./support";

const recipe = v.object({
  sha256: v.string(),
  pieces: v.array(
    v.union([v.object({ file: v.string(), from: v.number(), bytes: v.number() }), v.object({ hex: v.string() })]),
  ),
});

/**
 * The folder of a graph. Graphs that share their weights with others are kept as the pieces that they are made of,
 * and put together, byte by byte, in a folder of their own.
 */
export function graphFolder(name: string): string {
  const kept = join(graphs, name);
  const path = join(kept, "model.onnx.json");
  if (!existsSync(path)) return kept;
  const { sha256, pieces } = v.parse(recipe, JSON.parse(readFileSync(path, "utf8")));
  const bytes = Buffer.concat(
    pieces.map((piece) =>
      "hex" in piece
        ? Buffer.from(piece.hex, "hex")
        : readFileSync(join(graphs, piece.file)).subarray(piece.from, piece.from + piece.bytes),
    ),
  );
  const found = createHash("sha256").update(bytes).digest("hex");
  if (found !== sha256) throw new Error(`${name} put together has the checksum ${found}, not ${sha256}`);
  const folder = newFolder();
  writeFileSync(join(folder, "model.onnx"), bytes);
  copyFileSync(join(kept, "config.json"), join(folder, "config.json"));
  return folder;
}
