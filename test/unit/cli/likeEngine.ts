import type {
  AnalyzeOutcome,
  AnalyzeParams,
  ModelDescription,
  ModelOutcome,
  WriteTwinOutcome,
  WriteTwinParams,
} from "../../../src/protocol/engine";
import type { ParallelismMap, Report } from "../../../src/protocol/report";
import type { EngineHooks } from "../../../src/cli/engineApi";
import { readRelationFile } from "../../../src/formats/relationFile";

/** Reads the file as the engine does and answers with a small report. */
export async function analyzeLikeEngine(params: AnalyzeParams, hooks: EngineHooks): Promise<AnalyzeOutcome> {
  const { relation, problems } = await readRelationFile(params.file);
  if (relation === null) return { ok: false, problems };
  hooks.onProgress({ phase: "load", detail: "", fraction: 0 });
  hooks.onProgress({ phase: "parallelism", detail: "1 of 2", fraction: 0.5 });
  hooks.onProgress({ phase: "parallelism", detail: "2 of 2", fraction: 1 });
  hooks.onLog("info", "a line of the log");
  const value: Report = {
    ...report,
    relation: {
      name: relation.name,
      templates: relation.templates,
      samples: relation.samples.map(({ subject, object }) => ({ subject, object: object ?? null, label: null })),
      file: params.file,
    },
    settings: { ...report.settings, ...params.settings, model: params.settings.model ?? "embedded-small" },
    ...(relation.samples.length < 2 && { parallelism: null }),
  };
  return { ok: true, value, problems };
}

export function describeLikeEngine(): Promise<ModelOutcome> {
  return Promise.resolve({ ok: true, value: description, problems: [] });
}

export function writeTwinLikeEngine({ out, hiddenSize = 8 }: WriteTwinParams): Promise<WriteTwinOutcome> {
  const checks = [{ name: "log-probabilities", value: 2.5e-7, tolerance: 1e-3, ok: true }];
  const value = { folder: out, file: `${out}/onnx/model.onnx`, hiddenSize, checks };
  return Promise.resolve({ ok: true, value, problems: [] });
}

export const description: ModelDescription = {
  id: "tiny",
  file: "/models/tiny/onnx/model.onnx",
  hiddenSize: 8,
  vocabularySize: 100,
  layers: 2,
  dtype: "float32",
  head: "MatMul, tied to the embedding",
  hasTokenizer: true,
  checks: [{ name: "head reproduces the logits", value: 2.5e-7, tolerance: 1e-3, ok: true }],
  notes: [],
};

const map: ParallelismMap = {
  matrix: [
    [1, 0.7123],
    [0.7123, 1],
  ],
  mean: 0.7123,
  interval: [0.66, 0.77],
  shuffledMean: 0.44,
  p: 0.0004,
  randomPairsMean: 0.02,
  randomPairsUpper: 0.1,
  verdict: "parallel",
  identifiable: "always",
  n: 2,
};

export const report: Report = {
  schemaVersion: 1,
  relation: { name: "superlative", templates: ["The superlative of {} is"], samples: [], file: "x.relation.yaml" },
  model: {
    id: "embedded-small",
    hiddenSize: 8,
    vocabularySize: 100,
    layers: 2,
    dtype: "float32",
    checks: [],
    excludedTokens: 3,
    unembeddingRank: 8,
    note: "A small teaching model.",
  },
  settings: { seed: 0, model: "embedded-small", only: [], twins: 0, layers: "all", bos: "auto", version: "0.1.0" },
  prompts: [],
  parallelism: {
    pairs: [
      { from: "easy", fromId: 1, to: "easiest", toId: 2 },
      { from: "big", fromId: 3, to: "biggest", toId: 4 },
    ],
    distributional: map,
    causal: null,
    euclidean: null,
    effectiveContexts: 6.5,
    slopes: [],
    embeddings: null,
  },
  linearity: [],
  linearityTransfer: null,
  probes: [],
  probeTransfer: [],
  subspaces: [],
  conceptDirections: null,
  erasure: [],
  steering: [],
  steeringExamples: [],
  coupling: null,
  origins: null,
  comparison: null,
  twins: null,
  summary: {
    headline: ["The model gives the object first in 2 of 2 prompts.", "Parallel: mean cosine 0.71 [0.66, 0.77]."],
    properties: [
      {
        section: "parallelism",
        path: "parallelism.distributional.mean",
        property: "parallelism, distributional",
        value: 0.7123,
        interval: [0.66, 0.77],
        null: 0.44,
        nullName: "partners shuffled",
        p: 0.0004,
        n: 2,
        verdict: "parallel",
        holds: true,
        layer: "final",
        caveat: null,
        identifiable: "always",
      },
    ],
  },
  warnings: [{ code: "few-contexts", message: "The prompts span few contexts.", where: "parallelism" }],
  timing: { load: 0.5, tokenize: 0.01, forward: 0.2, analyse: 0.3, total: 1.01, tokens: 42 },
};
