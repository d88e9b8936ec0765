import { existsSync } from "node:fs";
import { basename, dirname, isAbsolute, resolve } from "node:path";
import type { AnalyzeSettings } from "../protocol/engine";
import type { VocabularyGeometry } from "./analysis/geometry/geometry";
import { modelGeometry } from "./geometry/modelGeometry";
import { embeddedDefault, embeddedModelFolder } from "./embeddedModel";
import type { LanguageModel } from "./models/languageModel";
import { formatHubId, parseHubId, type HubId } from "./models/hubId";
import { hubModel, type HubOptions } from "./models/hubModel";
import { openModel } from "./models/openModel";

/** A model that was asked for, resolved to a place on disk. */
export interface ModelChoice {
  readonly location: string;
  /** What the report and the status item call it. */
  readonly id: string;
  /** Not on this machine, as far as was looked: to be had from the hub or its cache. */
  readonly hub?: HubId;
}

/**
 * The model of a run: chosen by the person, else by the relation file (relative to that file), else the
 * embedded default. The names of embedded models are accepted like folders; what is neither a folder nor a file may
 * be a hub id.
 */
export function chooseModel(chosen: string | null, fromFile: string | undefined, relationFile: string): ModelChoice {
  const wanted = chosen ?? fromFile ?? embeddedDefault;
  const base = chosen === null && fromFile !== undefined ? dirname(relationFile) : process.cwd();
  const location = isAbsolute(wanted) ? wanted : resolve(base, wanted);
  if (!existsSync(location) && /^embedded-[a-z]+$/.test(wanted)) {
    return { location: embeddedModelFolder(wanted), id: wanted };
  }
  const hub = isAbsolute(wanted) || existsSync(location) ? null : parseHubId(wanted);
  if (hub !== null) return { location, id: formatHubId(hub), hub };
  return { location, id: basename(location) };
}

/** The place of a model of the hub, which is downloaded where it is not in the cache. @throws ProblemError @throws Cancelled */
export async function locateModel(choice: ModelChoice, options: HubOptions): Promise<ModelChoice> {
  return choice.hub === undefined ? choice : hubModel(choice.hub, options);
}

export interface OpenModel {
  readonly model: LanguageModel;
  readonly geometry: VocabularyGeometry;
}

/** Keeps the last model open, with its geometry, since the same one is asked for again and again. */
export class ModelStore {
  private open: (OpenModel & { readonly key: string }) | null = null;
  private opened = 0;

  /** How many models have been opened; one more closes the one before. */
  get openings(): number {
    return this.opened;
  }

  /** @throws ProblemError when the model cannot be used */
  async get(
    choice: ModelChoice,
    options: {
      readonly bos: AnalyzeSettings["bos"];
      readonly provider?: AnalyzeSettings["provider"];
      readonly threads?: AnalyzeSettings["threads"];
      readonly signal: AbortSignal;
    },
  ): Promise<OpenModel> {
    const { bos, provider = "auto", threads = 0 } = options;
    const key = JSON.stringify([bos, provider, threads, choice.location]);
    if (this.open?.key === key) return this.open;
    await this.release();
    this.opened++;
    const model = await openModel(choice.location, options);
    this.open = { key, model, geometry: await modelGeometry(model) };
    return this.open;
  }

  /** Closes what is open. */
  async release(): Promise<void> {
    const { open } = this;
    this.open = null;
    await open?.model.close();
  }
}
