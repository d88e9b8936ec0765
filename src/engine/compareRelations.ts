import { version } from "../../package.json";
import type { CompareRelationsOutcome, CompareRelationsParams } from "../protocol/engine";
import { ProblemError } from "../protocol/problem";
import type { RelationsReport } from "../protocol/relationsReport";
import { computeUnder, warmUp } from "./compute/workerPool";
import type { Hooks } from "./engine";
import { hubSettings } from "./models/hubSettings";
import { lacksChatTemplate, noChatTemplate } from "./prompts/promptForms";
import { timedModel } from "./models/timedModel";
import { chooseModel, locateModel, ModelStore } from "./modelStore";
import { selectLayers } from "./prepareStudy";
import { ProgressMeter } from "./progressMeter";
import { assembleFigures } from "./relations/assembleFigures";
import { buildRelationsData, probeWords } from "./relations/buildRelationsData";
import { clusterOrder } from "./relations/clusterOrder";
import { drawRelations, neutralContext } from "./relations/drawRelations";
import { readRelations, type NamedRelation } from "./relations/readRelations";
import { relationsHeadline } from "./relations/relationsHeadline";
import { testOnTwins } from "./relations/relationTwins";
import { runRelations } from "./relations/runRelations";
import { runWords } from "./sections/wordForms";
import { Stopwatch } from "./stopwatch";
import { WarningLog } from "./warningLog";

const store = new ModelStore();

/** Twins of each family: as many as sections with costly analyses have in a report. */
const mostTwins = 3;

/**
 * Several relations in one model: what they share. Problems of the files and of the model are values; cancellation
 * throws.
 *
 * @throws Cancelled
 */
export async function compareRelations(params: CompareRelationsParams, hooks: Hooks): Promise<CompareRelationsOutcome> {
  try {
    const { relations, problems } = await readRelations(params.files, params.texts);
    return { ok: true, value: await report(relations, params, hooks), problems };
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problems: error.problems };
    throw error;
  }
}

async function report(
  relations: readonly NamedRelation[],
  { settings }: CompareRelationsParams,
  hooks: Hooks,
): Promise<RelationsReport> {
  const { signal } = hooks;
  const { seed } = settings;
  const twins = Math.min(mostTwins, settings.twins ?? mostTwins);
  const clock = new Stopwatch();
  const progress = new ProgressMeter(hooks, [
    ...(["load", "forward", "subspaces", "parallelism", "probes"] as const),
    ...(twins > 0 ? (["twins"] as const) : []),
    "report",
  ]);
  const warnings = new WarningLog(["input"]);
  const warn = (code: string, message: string, where: string) => warnings.add("input", { code, message, where });
  warmUp();

  await progress.pause("load", 0, "opening the model");
  const named = relations.find(({ relation }) => relation.model !== undefined);
  const choice = await locateModel(chooseModel(settings.model, named?.relation.model, named?.path ?? ""), {
    settings: hubSettings(),
    signal,
    onDownload: (download) => progress.downloading(download),
  });
  const others = relations.filter(({ relation }) => relation.model !== undefined && relation.model !== named?.relation.model); // prettier-ignore
  if (settings.model === null && others.length > 0) {
    const names = others.map(({ name }) => name).join(", ");
    warn(
      "relations-other-model",
      `All relations are read in ${choice.id}; other models are named by ${names}.`,
      "model",
    );
  }
  const open = await clock.measure("load", () => store.get(choice, { ...settings, signal }));
  progress.within("load", 1, "");
  const { geometry } = open;
  const model = timedModel(open.model, (seconds) => clock.add("forward", seconds));
  const { providerFallback, warnings: known = [] } = model.description;
  for (const { code, message } of known) warn(code, message, "model");
  if (providerFallback !== undefined) warn("provider-fallback", providerFallback, "settings.provider");

  if (relations.some(({ relation }) => lacksChatTemplate(relation, model.tokenizer))) {
    warn("no-chat-template", noChatTemplate, "relations");
  }
  await progress.pause("forward", 0, "prompts");
  const { runs, tokens } = await runRelations(relations, model, {
    signal,
    onProgress: (done, total) => progress.within("forward", (0.8 * done) / total, `prompt ${done} of ${total}`),
  });
  const drawn = drawRelations(runs, model, seed, warn);
  const probed = probeWords(drawn);
  await progress.pause("forward", 0.8, `${probed.words.length} words`);
  const layers = probeLayers(settings.layers, model.description.layers);
  const words = await runWords({ model, layers, signal }, probed.words.map(neutralContext));
  const data = buildRelationsData(runs, drawn, probed, words.f, geometry, seed);
  progress.within("forward", 1, "");

  const compute = computeUnder(signal);
  const shown = <T>(
    phase: "subspaces" | "parallelism" | "probes",
    detail: string,
    computed: Promise<T>,
  ): Promise<T> => {
    progress.within(phase, 0, detail);
    return clock.stage(phase, async () => {
      const value = await computed;
      progress.within(phase, 1, "");
      return value;
    });
  };
  const { concepts, groups } = data;
  const atLayers = layers.map(async (layer) => {
    const rows = words.residual.get(layer);
    if (rows === undefined) throw new RangeError(`layer ${layer} was not read`);
    return { layer, found: await compute.run("relationLayerTransfer", { seed, concepts, groups }, layer, rows) };
  });
  const onF = compute.run("relationTransferFigures", data).then((found) => ({ layer: "final" as const, found }));
  const [subspaces, directions, transfers, same] = await clock.measure("analyse", () =>
    Promise.all([
      shown("subspaces", "subspaces", compute.run("relationSubspaceFigures", data)),
      shown("parallelism", "pairs and directions", compute.run("relationDirectionFigures", data)),
      shown("probes", "probes across relations", Promise.all([...atLayers, onF])),
      testOnTwins(data, twins, compute, (done, total) =>
        progress.within("twins", done / total, `twin ${done} of ${total}`),
      ),
    ]),
  );

  await progress.pause("report", 0, "");
  const figures = assembleFigures({ runs, drawn, subspaces, directions, transfers, same });
  const { description, unembedding, note } = model;
  progress.within("report", 1, "");
  return {
    schemaVersion: 1,
    kind: "relations",
    ...figures,
    model: {
      id: choice.id,
      hiddenSize: description.hiddenSize,
      vocabularySize: description.vocabularySize,
      layers: description.layers,
      dtype: description.dtype,
      checks: description.checks,
      excludedTokens: unembedding.excluded.length,
      unembeddingRank: geometry.rank,
      note,
    },
    settings: { ...settings, twins, model: settings.model ?? choice.id, version },
    order: clusterOrder(subspaces, directions),
    headline: relationsHeadline(figures, choice.id),
    warnings: warnings.all(),
    timing: { ...clock.seconds(), tokens },
  };
}

/** Layers of the probes: the embeddings and the middle one, unless others are asked for. @throws ProblemError */
function probeLayers(wanted: CompareRelationsParams["settings"]["layers"], count: number): readonly number[] {
  if (wanted !== "all") return selectLayers(wanted, count);
  return count === 0 ? [] : [...new Set([0, Math.floor(count / 2)])];
}
