import { create } from "@bufbuild/protobuf";
import { closeSync, fstatSync, openSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { modelProblem } from "./modelProblem";
import { decodeModel, entrySchema, type GraphProto, type ModelProto, type TensorProto } from "./onnxProto";
import { externalEntry, isExternal } from "./tensorData";
import { withoutWeights } from "./wireFormat";

/** A model without its large tensors, which stay in the files that `external_data` names. */
export interface ModelFile {
  /** As the user named it, for messages. */
  readonly path: string;
  readonly proto: ModelProto & { graph: GraphProto };
  /** What the locations of external data are relative to: the common ancestor of all files. */
  readonly folder: string;
  /** Of the graph file and its data, on disk. */
  readonly bytes: number;
}

/** Operators that onnxruntime itself brings. */
const knownDomains = new Set([
  "",
  "ai.onnx",
  "ai.onnx.ml",
  "com.microsoft",
  "com.microsoft.nchwc",
  "com.ms.internal.nhwc",
]);

/**
 * Reads the graph of an ONNX file; weights stay on disk.
 * @throws ProblemError where the file is not ONNX, is truncated, has no nodes, needs custom
 * operators, or has data outside its folder.
 */
export function readModelFile(path: string): ModelFile {
  const real = realPath(path, path);
  const proto = decode(path, real);
  const { graph } = proto;
  if (graph === undefined || graph.node.length === 0) {
    throw modelProblem("model-no-nodes", path, "The graph has no nodes: there is nothing to compute.", exportAgain);
  }
  const complete = Object.assign(proto, { graph });
  refuseCustomOperators(path, complete);
  const files = new Map<string, number>([[real, statSync(real).size]]);
  const external = [...tensorsOf(graph)].filter(isExternal);
  const homes = [dirname(real), realPath(dirname(path) || ".", path)];
  const targets = external.map((tensor) => {
    const target = resolveData(path, real, homes, tensor);
    const size = files.get(target) ?? statSync(target).size;
    files.set(target, size);
    checkExtent(path, tensor, size);
    return target;
  });
  const folder = commonFolder([...files.keys()]);
  external.forEach((tensor, i) => {
    const location = relative(folder, targets[i] ?? real)
      .split(sep)
      .join("/");
    const others = tensor.externalData.filter((e) => e.key === "offset" || e.key === "length");
    tensor.externalData = [create(entrySchema, { key: "location", value: location }), ...others];
  });
  return { path, proto: complete, folder, bytes: [...files.values()].reduce((a, b) => a + b, 0) };
}

export const exportAgain =
  "Export it for text generation, for instance with Optimum's task `text-generation`, and choose that file.";

function realPath(path: string, shown: string): string {
  try {
    return realpathSync(path);
  } catch {
    throw modelProblem(
      "model-not-found",
      shown,
      "There is no such file.",
      "Check the path, or download the model again.",
    );
  }
}

function decode(path: string, real: string): ModelProto {
  const damaged = (reason: string) =>
    modelProblem(
      "model-not-onnx",
      path,
      `This is not a complete ONNX file: ${reason}.`,
      "Download or export it again; it may have been cut off on the way.",
    );
  if (!statSync(real).isFile()) throw damaged("it is not a file");
  const descriptor = openSync(real, "r");
  try {
    const { size } = fstatSync(descriptor);
    if (size === 0) throw new RangeError("it is empty");
    return decodeModel(withoutWeights(descriptor, size, ""));
  } catch (error) {
    throw damaged(error instanceof Error ? error.message : String(error));
  } finally {
    closeSync(descriptor);
  }
}

function refuseCustomOperators(path: string, proto: ModelProto & { graph: GraphProto }): void {
  const own = new Set(proto.functions.map((f) => f.domain));
  const custom = new Set<string>();
  for (const graph of graphsOf(proto.graph)) {
    for (const node of graph.node) {
      if (!knownDomains.has(node.domain) && !own.has(node.domain)) custom.add(`${node.domain}.${node.opType}`);
    }
  }
  if (custom.size === 0) return;
  throw modelProblem(
    "model-custom-operators",
    path,
    `The graph needs custom operators: ${[...custom].slice(0, 5).join(", ")}.`,
    "Export it with the standard operators; libraries of operators are not loaded.",
  );
}

/** Symbolic links are followed as far as the graph's own folder, or the folder that the graph's file itself is linked from. */
function resolveData(path: string, real: string, homes: readonly string[], tensor: TensorProto): string {
  const location = externalEntry(tensor, "location") ?? "";
  if (location === "") return real;
  const outside = () =>
    modelProblem(
      "model-data-outside",
      path,
      `The weights of "${tensor.name}" are said to be at "${location}", outside the model's folder.`,
      "Use a model from a source that you trust, with its data beside it.",
    );
  if (isAbsolute(location) || /^[a-z]:|\\|\0/i.test(location) || location.split("/").includes("..")) throw outside();
  const named = join(dirname(path), location);
  let target: string;
  try {
    target = realpathSync(named);
  } catch {
    throw modelProblem(
      "model-data-missing",
      path,
      `The weights are in "${location}", which is not there.`,
      "Put that file beside the graph; download all files of the model.",
    );
  }
  if (!homes.some((home) => target.startsWith(home + sep)) || !statSync(target).isFile()) throw outside();
  return target;
}

function checkExtent(path: string, tensor: TensorProto, size: number): void {
  const offset = Number(externalEntry(tensor, "offset") ?? 0);
  const length = Number(externalEntry(tensor, "length") ?? 0);
  if (Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0) {
    if (offset + length <= size) return;
  }
  throw modelProblem(
    "model-data-truncated",
    path,
    `The weights of "${tensor.name}" reach beyond the end of their file (${size} bytes).`,
    "Download the model's data again; it may have been cut off on the way.",
  );
}

function commonFolder(files: readonly string[]): string {
  const [first = [], ...others] = files.map((file) => dirname(file).split(sep));
  let shared = first.length;
  for (const parts of others) {
    let i = 0;
    while (i < shared && parts[i] === first[i]) i++;
    shared = i;
  }
  return first.slice(0, shared).join(sep) || sep;
}

/** The graph and all graphs in it. */
export function* graphsOf(graph: GraphProto): Generator<GraphProto> {
  yield graph;
  for (const node of graph.node) {
    for (const attribute of node.attribute) {
      if (attribute.g !== undefined) yield* graphsOf(attribute.g);
      for (const inner of attribute.graphs) yield* graphsOf(inner);
    }
  }
}

function* tensorsOf(graph: GraphProto): Generator<TensorProto> {
  for (const inner of graphsOf(graph)) {
    yield* inner.initializer;
    for (const node of inner.node) for (const a of node.attribute) if (a.t !== undefined) yield a.t;
  }
}
