import { closeSync, fstatSync, openSync } from "node:fs";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { graphsOf } from "./modelFile";
import { decodeModel } from "./onnxProto";
import { externalEntry, isExternal } from "./tensorData";
import { withoutWeights } from "./wireFormat";

/**
 * Files that hold weights of a graph, relative to its folder; those outside are left out, since the loader refuses
 * them. A file that is not ONNX has none.
 */
export function externalFiles(graph: string): readonly string[] {
  const folder = dirname(graph);
  const found = new Set<string>();
  const descriptor = openSync(graph, "r");
  try {
    const { graph: root } = decodeModel(withoutWeights(descriptor, fstatSync(descriptor).size, ""));
    for (const inner of root === undefined ? [] : graphsOf(root)) {
      const constants = inner.node.flatMap((node) => node.attribute.flatMap(({ t }) => t ?? []));
      for (const tensor of [...inner.initializer, ...constants].filter(isExternal)) {
        const path = relative(folder, resolve(folder, externalEntry(tensor, "location") ?? ""));
        if (path !== "" && !path.startsWith("..") && !isAbsolute(path)) found.add(path.split(sep).join("/"));
      }
    }
  } catch {
    return [];
  } finally {
    closeSync(descriptor);
  }
  return [...found];
}
