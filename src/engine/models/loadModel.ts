import { basename, resolve } from "node:path";
import type { InferenceSession, Tensor } from "onnxruntime-node";
import type { ModelDescription } from "../../protocol/engine";
import type { ModelCheck } from "../../protocol/report";
import { ProblemError } from "../../protocol/problem";
import { findAnatomy, type Anatomy } from "./anatomy";
import {
  check,
  checkNames,
  exactTolerance,
  headError,
  largestDifference,
  probePrompt,
  quantizedTolerance,
} from "./checks";
import { judge, layerCheck } from "./judgeModel";
import { finalName, headGraph, layerName, tappedGraph } from "./editGraph";
import { findModel, type ModelLocation } from "./findModel";
import type { HiddenStateSession } from "./hiddenStates";
import { declared, planInputs, type InputPlan } from "./inputs";
import { readModelFile, type ModelFile } from "./modelFile";
import { Cancelled, modelProblem, notUnderstood, throwIfCancelled } from "./modelProblem";
import { measureHead } from "./measuredHead";
import { injectionSites } from "./injectionSites";
import { InjectingModel } from "./injectingModel";
import { openSession, stateTaps, type ModelContext } from "./modelContext";
import { encodeModel, type ValueInfo } from "./onnxProto";
import {
  createBestSession,
  floats,
  loadRuntime,
  onCpu,
  runSession,
  runtimeProblem,
  type Execution,
  type OptimizationLevel,
} from "./runtime";
import { headRows, readHeadWeights, type HeadWeights } from "./unembedding";

/** A model whose graph was found to be what it seems, with a session that gives its hidden states. */
export interface LoadedModel {
  readonly location: ModelLocation;
  readonly hidden: HiddenStateSession;
  readonly injecting: InjectingModel;
  readonly head: HeadWeights;
  readonly description: Omit<ModelDescription, "hasTokenizer">;
}

export interface LoadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly execution?: Execution;
  /** From this size on, no two sessions of the model are open at a time; opening takes longer then. */
  readonly largeBytes?: number;
}

/** @throws ProblemError where the model cannot be used. @throws Cancelled */
export async function loadModel(path: string, options: LoadOptions = {}): Promise<LoadedModel> {
  const location = findModel(path);
  try {
    return await load(basename(resolve(path)), location, options);
  } catch (error) {
    if (error instanceof ProblemError || error instanceof Cancelled) throw error;
    throw notUnderstood(location.file, error);
  }
}

async function load(
  id: string,
  location: ModelLocation,
  { signal, execution = onCpu, largeBytes = 256 << 20 }: LoadOptions,
): Promise<LoadedModel> {
  const file = readModelFile(location.file);
  const constants = new Set(file.proto.graph.initializer.map((t) => t.name));
  // Before anything is edited: what the edited graph is compared with.
  const original = {
    bytes: encodeModel(file.proto),
    inputs: file.proto.graph.input.filter((i) => !constants.has(i.name)),
  };
  const anatomy = findAnatomy(file, location.config);
  const plan = (inputs: readonly ValueInfo[]) =>
    planInputs(file.path, inputs.map(declared), anatomy.tokens, location.config);
  const originalInputs = plan(original.inputs);
  const vocabulary = [headRows(anatomy.constants, anatomy.head), location.config.vocabularySize];

  const runtime = await loadRuntime();
  const probe = probePrompt(Math.min(...vocabulary.map((size) => size ?? Infinity)));
  throwIfCancelled(signal);
  const isLarge = file.bytes >= largeBytes;
  // What quantised operators compute depends on whether they have packed their weights.
  const runsOnce = isLarge && /^float(16|32)$/.test(anatomy.dtype);
  const checking = { ...execution, runsOnce };
  const { session, level } = await createBestSession(original.bytes, file.folder, file.path, checking);
  const checked: ModelContext = { file, anatomy, runtime, level, probe, plan, execution: checking };
  const [logits] = await runOnce(checked, session, originalInputs, [anatomy.head.logits]);
  if (logits === undefined) throw unknownWeight(file, anatomy);

  throwIfCancelled(signal);
  let hidden: OpenStates | null = await openHiddenStates(checked);
  try {
    const { f, shapes } = await probeStates(checked, hidden);
    throwIfCancelled(signal);
    if (isLarge) {
      await hidden.session.release();
      hidden = null;
    }
    const edited = await editedDifference(checked, f, logits.data);
    throwIfCancelled(signal);
    // Not before all sessions of the checks are gone.
    const read = readHeadWeights(anatomy.constants, anatomy.head);
    const weights = read ?? (await measureHead({ ...checked, execution }, f.dims, signal));
    if (weights === undefined) throw unknownWeight(file, anatomy);
    const head = withoutPadding(file, weights, logits.dims.at(-1) ?? 0);
    throwIfCancelled(signal);
    hidden ??= await openHiddenStates({ ...checked, execution });
    const context = { ...checked, execution, level: hidden.level };
    const final = isLarge ? (await probeStates(context, hidden)).f : f;
    const checks = makeChecks(anatomy, head, final.data, logits.data, edited, isLarge ? 1 : checkedRows);
    const findings = judge(file, anatomy, head, checks, { level: hidden.level, measured: read === undefined });
    return {
      location,
      hidden: { ...hidden, lastOnly: f.data.length === head.hidden },
      injecting: new InjectingModel(context, injectionSites(file.proto, anatomy, shapes, probe.length)),
      head,
      description: {
        id,
        file: file.path,
        hiddenSize: head.hidden,
        vocabularySize: head.vocabulary,
        layers: anatomy.layers.found,
        dtype: anatomy.dtype,
        head: read === undefined ? `${anatomy.headText}, measured` : anatomy.headText,
        checks,
        notes: findings.map(({ message }) => message),
        warnings: findings.flatMap(({ code, message }) => (code === null ? [] : [{ code, message }])),
      },
    };
  } catch (error) {
    await hidden?.session.release();
    throw error;
  }
}

type OpenStates = Omit<HiddenStateSession, "lastOnly"> & { readonly level: OptimizationLevel };

function makeChecks(
  anatomy: Anatomy,
  head: HeadWeights,
  f: Float32Array,
  logits: Float32Array,
  edited: number,
  mostRows: number,
): ModelCheck[] {
  const rows = Math.min(mostRows, logits.length / head.vocabulary);
  return [
    ...layerCheck(anatomy),
    check(checkNames.edited, edited, 0),
    check(
      checkNames.head,
      headError(lastRows(f, rows, head.hidden), lastRows(logits, rows, head.vocabulary), head),
      anatomy.dtype === "float32" ? exactTolerance : quantizedTolerance,
    ),
  ];
}

/** A few rows settle whether the head was understood, and of a large one a single row. */
const checkedRows = 4;

interface Output {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** Runs the probe prompt, and gives the session back. */
async function runOnce(
  { file, runtime, probe }: ModelContext,
  session: InferenceSession,
  inputs: InputPlan,
  names: readonly string[],
  more: Readonly<Record<string, Tensor>> = {},
): Promise<Output[]> {
  try {
    const outputs = await runSession(session, { ...inputs.feeds(runtime, [probe]), ...more }, names);
    return names.map((name) => ({ data: floats(outputs.get(name)), dims: outputs.get(name)?.dims ?? [] }));
  } catch (error) {
    throw error instanceof ProblemError ? error : runtimeProblem(file.path, error);
  } finally {
    await session.release();
  }
}

/** f, and h_0 … h_L as far as there are layers. */
async function openHiddenStates(context: ModelContext): Promise<OpenStates> {
  const { file, anatomy, runtime, plan, execution } = context;
  const taps = stateTaps(anatomy);
  const cut = tappedGraph(file.proto, anatomy.graph, taps);
  return {
    runtime,
    ...(await createBestSession(cut.bytes, file.folder, file.path, execution, context.level)),
    inputs: plan(cut.inputs),
    layers: Array.from({ length: taps.size - 1 }, (_, i) => i),
  };
}

/** f of the probe prompt, and the shapes of h_0 … h_L. */
async function probeStates({ runtime, probe, file }: ModelContext, hidden: OpenStates) {
  try {
    const feeds = hidden.inputs.feeds(runtime, [probe]);
    const outputs = await runSession(hidden.session, feeds, [finalName, ...hidden.layers.map(layerName)]);
    return {
      f: { data: floats(outputs.get(finalName)), dims: outputs.get(finalName)?.dims ?? [] },
      shapes: hidden.layers.map((l) => outputs.get(layerName(l))?.dims ?? []),
    };
  } catch (error) {
    throw runtimeProblem(file.path, error);
  }
}

/**
 * How far the edited graph's logits are from the original's: by the model's own head from the f that
 * the edited graph gives. Where onnxruntime fuses nodes of that head that it does not fuse in the
 * whole graph, digits move; then the whole graph is run with f as a further output, and both are compared.
 */
async function editedDifference(context: ModelContext, f: Output, original: Float32Array): Promise<number> {
  const { anatomy, file, runtime, plan } = context;
  const cut = headGraph(file.proto, anatomy.graph, anatomy.head);
  const given = { [cut.hiddenInput]: new runtime.Tensor("float32", f.data, f.dims) };
  const logits = (
    await runOnce(context, await openSession(context, cut.bytes), plan(cut.inputs), [cut.output], given)
  )[0];
  const difference = largestDifference(original, logits?.data ?? new Float32Array());
  if (difference === 0) return 0;
  const names = [finalName, cut.output];
  const whole = tappedGraph(
    file.proto,
    anatomy.graph,
    new Map([
      [finalName, anatomy.head.hidden],
      [cut.output, anatomy.head.logits],
    ]),
  );
  const outputs = await runOnce(context, await openSession(context, whole.bytes), plan(whole.inputs), names);
  const [sameF, sameLogits] = outputs;
  if (sameF === undefined || sameLogits === undefined) return difference;
  return Math.max(largestDifference(f.data, sameF.data), largestDifference(original, sameLogits.data));
}

function lastRows(data: Float32Array, rows: number, width: number): Float32Array {
  return data.subarray(Math.max(0, data.length - rows * width));
}

/** Some models cut the logits of padding rows off. */
function withoutPadding(file: ModelFile, head: HeadWeights, columns: number): HeadWeights {
  if (columns === head.vocabulary) return head;
  if (columns > head.vocabulary || columns === 0) {
    throw modelProblem(
      "model-head",
      file.path,
      `The graph gives ${columns} logits, but its output projection has ${head.vocabulary} rows.`,
      "Choose another export of the model.",
    );
  }
  return {
    ...head,
    vocabulary: columns,
    weight: head.weight.subarray(0, columns * head.hidden),
    bias: head.bias?.subarray(0, columns) ?? null,
  };
}

function unknownWeight(file: ModelFile, { head }: Anatomy) {
  return modelProblem(
    "model-head-weight",
    file.path,
    `The weight of the output projection (${head.projection.opType}) is stored in a way that cannot be read.`,
    "Choose another variant of the model, preferably fp32.",
  );
}
