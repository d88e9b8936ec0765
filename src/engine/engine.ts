import { resolve } from "node:path";
import type {
  LogNotification,
  ModelOutcome,
  ModelParams,
  ModelsOutcome,
  ModelsParams,
  Progress,
  SteerOutcome,
  SteerParams,
  SubjectsOutcome,
  SubjectsParams,
} from "../protocol/engine";
import { ProblemError, type Problem } from "../protocol/problem";
import { embeddedModelFolders } from "./embeddedModel";
import { chooseModel, locateModel } from "./modelStore";
import { findModels } from "./models/findModels";
import { formatHubId, parseHubId } from "./models/hubId";
import { hubVariants } from "./models/hubModel";
import { hubSettings } from "./models/hubSettings";
import { describeModel } from "./models/openModel";
import { ProgressMeter } from "./progressMeter";
import { offerSubjects } from "./subjects/offerSubjects";

import { lastStudy } from "./analyze";
import { steer as steerPrompt } from "./steer";

export { analyze } from "./analyze";
export { compareRelations } from "./compareRelations";
export { compareReports } from "./compareReports";
export { simulate } from "./simulate";
export { writeTwin } from "./writeTwin";

export interface Hooks {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  readonly onLog?: (level: LogNotification["level"], message: string) => void;
}

/** What the loader found in a model, and its checks. */
export async function describe(params: ModelParams, hooks: Hooks): Promise<ModelOutcome> {
  const progress = new ProgressMeter(hooks, ["load"]);
  try {
    hooks.signal.throwIfAborted();
    const choice = await locateModel(chooseModel(params.model, undefined, ""), {
      settings: hubSettings(),
      signal: hooks.signal,
      onDownload: (download) => progress.downloading(download),
    });
    const { provider, threads } = params;
    const description = await describeModel(choice.location, { signal: hooks.signal, provider, threads });
    return { ok: true, value: { ...description, id: choice.id }, problems: [] };
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problems: error.problems };
    throw error;
  }
}

/** The models that can be chosen: on this machine, and the one of the hub that is asked about. */
export async function models(params: ModelsParams, hooks: Hooks): Promise<ModelsOutcome> {
  const settings = hubSettings();
  const here = findModels({
    embedded: embeddedModelFolders(),
    workspaceFolders: params.workspaceFolders.map((folder) => resolve(folder)),
    cache: settings.cache,
  });
  const hubId = params.hubId === undefined ? null : parseHubId(params.hubId);
  try {
    if (params.hubId !== undefined && hubId === null) throw notHubId(params.hubId);
    if (hubId === null) return { ok: true, value: here, problems: [] };
    const id = formatHubId(hubId);
    const variants = await hubVariants(hubId, { settings, signal: hooks.signal });
    return { ok: true, value: [...here, { id, origin: "hub", location: id, variants }], problems: [] };
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problems: error.problems };
    throw error;
  }
}

/** Where the subjects of a prompt file may come from. */
export async function subjects(params: SubjectsParams): Promise<SubjectsOutcome> {
  try {
    return { ok: true, value: await offerSubjects(params), problems: [] };
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problems: error.problems };
    throw error;
  }
}

/** Steers one prompt of the last analysis. */
export async function steer(params: SteerParams, hooks: Hooks): Promise<SteerOutcome> {
  const last = lastStudy();
  if (last === null) return { ok: false, problems: [nothingToSteer] };
  try {
    hooks.signal.throwIfAborted();
    return { ok: true, value: await steerPrompt(params, last.study, last.ranks), problems: [] };
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problems: error.problems };
    throw error;
  }
}

const nothingToSteer: Problem = {
  kind: "usage",
  code: "nothing-to-steer",
  severity: "error",
  message: "There is no analysis whose prompts could be steered: the engine has not run one since it started.",
  remedy: "Analyze the relation again.",
};

function notHubId(text: string): ProblemError {
  return new ProblemError([
    {
      kind: "usage",
      code: "hub-id",
      severity: "error",
      message: `${text} is not the name of a model on the hub.`,
      remedy: "Write owner/name, with @revision or :variant where needed.",
    },
  ]);
}
