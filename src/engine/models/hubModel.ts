import { existsSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import type { DownloadProgress, ModelVariant } from "../../protocol/engine";
import { chooseVariant, exportVariants, filesOfGraph } from "./exportVariants";
import { externalFiles } from "./externalFiles";
import { CachedRepository, filesOfExport } from "./hubCache";
import { HubClient, type HubFile } from "./hubClient";
import { downloadBlob } from "./hubDownload";
import { formatHubId, type HubId } from "./hubId";
import { diskProblem, explainHubError, hubProblem, offlineProblem, type HubRequest } from "./hubProblems";
import type { HubSettings } from "./hubSettings";
import { throwIfCancelled } from "./modelProblem";

export interface HubOptions {
  readonly settings: HubSettings;
  readonly signal: AbortSignal;
  readonly onDownload?: (progress: DownloadProgress) => void;
  /** Memory that a model may take; what the process can still get where absent. */
  readonly freeBytes?: number;
  readonly retryDelay?: number;
}

export interface HubModel {
  /** The graph, in a snapshot of the cache. */
  readonly location: string;
  /** The hub id with the variant, unless that is fp32. */
  readonly id: string;
}

/** What the loader reads beside the graph. */
const smallFiles = [
  "config.json",
  "generation_config.json",
  "genai_config.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "chat_template.jinja",
  "chat_template.json",
];

/**
 * The local place of a model of the hub: from the cache where it is there, without a network; else it is downloaded
 * into the cache. Where no variant is asked for, a variant in the cache comes before a better one on the hub.
 * @throws ProblemError where it cannot be had. @throws Cancelled
 */
export async function hubModel(id: HubId, options: HubOptions): Promise<HubModel> {
  const { settings, signal } = options;
  const request: HubRequest = { id, settings };
  const cache = new CachedRepository(settings.cache, id.name);
  const cached = cache.cached(id.revision ?? "main");
  const found = cached === null ? undefined : usableVariant(cached, id, options);
  if (cached !== null && found !== undefined) return { location: join(cached, found.file), id: named(id, found) };
  if (settings.offline) throw offlineProblem(request, "HF_HUB_OFFLINE is set");
  try {
    return await download(request, cache, options);
  } catch (error) {
    throwIfCancelled(signal);
    throw explainHubError(error, request);
  }
}

/** The variants that the hub has of a model. @throws ProblemError @throws Cancelled */
export async function hubVariants(id: HubId, { settings, signal }: HubOptions): Promise<readonly ModelVariant[]> {
  const request: HubRequest = { id, settings };
  if (settings.offline) throw offlineProblem(request, "HF_HUB_OFFLINE is set");
  try {
    const client = new HubClient(request, signal);
    return variantsOf(id, await client.files(await client.commit()));
  } catch (error) {
    throwIfCancelled(signal);
    throw explainHubError(error, request);
  }
}

/** The variants in a snapshot that are there with all their data. */
export function completeVariants(snapshot: string): readonly ModelVariant[] {
  const has = (path: string) => existsSync(join(snapshot, path));
  if (!(has("config.json") || has("genai_config.json")) || !has("tokenizer.json")) return [];
  return exportVariants(filesOfExport(snapshot)).filter(({ file }) =>
    externalFiles(join(snapshot, file)).every((path) => has(join(dirname(file), path))),
  );
}

function usableVariant(snapshot: string, id: HubId, options: HubOptions): ModelVariant | undefined {
  return chooseVariant(completeVariants(snapshot), id.variant, freeBytes(options));
}

async function download(request: HubRequest, cache: CachedRepository, options: HubOptions): Promise<HubModel> {
  const { id, settings } = request;
  const { signal, onDownload, retryDelay } = options;
  const client = new HubClient(request, signal);
  const commit = await client.commit();
  const files = await client.files(commit);
  const chosen = wantedVariant(id, variantsOf(id, files), freeBytes(options));

  const queue = [...files.filter(({ path }) => smallFiles.includes(path)), ...filesOfGraph(chosen.file, files)];
  const report = meter(formatHubId(id), onDownload);
  let before = 0;
  for (let file = queue[0], i = 0; file !== undefined; file = queue[++i]) {
    const current: HubFile = file;
    const blob = await downloadBlob({
      file: current,
      blobs: cache.blobs,
      open: () => client.open(current, commit),
      signal,
      onBytes: (bytes) => report(current.path, before + bytes, sizeOf(queue)),
      ...(retryDelay !== undefined && { retryDelay }),
    });
    before += current.bytes;
    await cache.show(blob, commit, current.path).catch((error: unknown) => {
      throw diskProblem(error, settings.cache);
    });
    if (current.path === chosen.file) queue.push(...unlisted(cache.snapshot(commit), chosen.file, files, queue));
  }
  await cache.writeRef(id.revision ?? "main", commit);
  return { location: join(cache.snapshot(commit), chosen.file), id: named(id, chosen) };
}

/** Data that the graph names, and that the names of the files did not give away. */
function unlisted(snapshot: string, graph: string, files: readonly HubFile[], queue: readonly HubFile[]) {
  const named = externalFiles(join(snapshot, graph)).map((path) => posix.join(posix.dirname(graph), path));
  return files.filter((file) => named.includes(file.path) && !queue.includes(file));
}

function variantsOf(id: HubId, files: readonly HubFile[]): readonly ModelVariant[] {
  const variants = exportVariants(files);
  if (variants.length > 0) return variants;
  throw hubProblem(
    "hub-no-onnx",
    `${formatHubId(id)} has no ONNX export for text generation: no onnx/model.onnx, nor a variant of it.`,
    "Look for a repository with one, such as those of onnx-community, or export it with Optimum's task `text-generation`.",
  );
}

function wantedVariant(id: HubId, variants: readonly ModelVariant[], free: number): ModelVariant {
  const chosen = chooseVariant(variants, id.variant, free);
  if (chosen !== undefined) return chosen;
  throw hubProblem(
    "hub-no-variant",
    `${id.name} has no variant ${id.variant ?? ""}.`,
    `Choose from ${variants.map(({ dtype, file }) => dtype ?? file).join(", ")}.`,
  );
}

const named = (id: HubId, { dtype }: ModelVariant) =>
  formatHubId({ ...id, variant: id.variant ?? (dtype === "fp32" ? null : dtype) });

const freeBytes = (options: HubOptions) => options.freeBytes ?? process.availableMemory();

const sizeOf = (files: readonly HubFile[]) => files.reduce((sum, { bytes }) => sum + bytes, 0);

const intervalMilliseconds = 100;

/** Hands on progress ten times a second at most, and every end of a file. */
function meter(model: string, onDownload: HubOptions["onDownload"]) {
  let last = -Infinity;
  let shown = 0;
  return (file: string, bytes: number, total: number) => {
    // A server that cannot resume sends again what was there; the figure waits until it has caught up.
    shown = Math.max(shown, bytes);
    const now = performance.now();
    if (now - last < intervalMilliseconds && shown < total) return;
    last = now;
    onDownload?.({ model, file, bytes: shown, total });
  };
}
