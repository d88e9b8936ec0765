import type { ReportDigest } from "./digest";
import type { Problem } from "./problem";
import type { Sample } from "./relation";
import type { RelationsReport } from "./relationsReport";
import type { ReportBytes } from "./reportBytes";
import type { SimulationCheckpoint, SimulationReport, SimulationSettings } from "./simulation";
import type { ModelCheck, Report, ReportSettings, Section, SteeringMethod, Token } from "./report";

/** Requests from a front end (extension host) to the engine process, over JSON-RPC. */
export interface AnalyzeParams {
  /** Path of the relation file, for messages and for finding what it refers to. */
  readonly file: string;
  /** Unsaved text of the editor; the engine reads the file where absent. */
  readonly text?: string;
  /** Where a prompt file takes its subjects from; its own samples, else a relation file beside it, where absent. */
  readonly subjects?: Subjects;
  /** How to read a prompt file that leaves a choice. */
  readonly choice?: PromptChoice;
  readonly settings: AnalyzeSettings;
  /** A second model, which the same relation is analysed in and compared with; named like `settings.model`. */
  readonly compare?: string;
  /** Where to write the activations behind the figures, as safetensors; nowhere where absent. */
  readonly activations?: string;
  /**
   * In a workspace that is not trusted, its folders: files outside of them that a relation names are left out, and no
   * relation file chooses a model. Nothing is restricted where absent.
   */
  readonly restrictedTo?: readonly string[];
}

export interface PromptChoice {
  /** The variable that is the subject, where there are several. */
  readonly slot?: string;
  /** The list to read, of a file that has several. */
  readonly list?: string;
}

/** What a prompt file leaves to choose. */
export interface PromptChoices {
  /** Variables that could be the subject, in the order of the file; none where there is no choice. */
  readonly slots: readonly string[];
  /** Lists of pairs; none where there is no choice. */
  readonly lists: readonly string[];
  /** As the file is read. */
  readonly read: PromptChoice;
}

/** Where the subjects of a template alone come from. */
export type Subjects =
  /** A relation file, or a list of pairs. */
  | { readonly kind: "file"; readonly file: string }
  /** A relation of the built-in collection, by name. */
  | { readonly kind: "collection"; readonly name: string }
  | { readonly kind: "samples"; readonly samples: readonly Sample[] };

/** Asks where a file's subjects may come from. */
export interface SubjectsParams {
  readonly file: string;
  /** Unsaved text of the editor. */
  readonly text?: string;
  /** How to read the file; one that it does not have any more counts as none. */
  readonly choice?: PromptChoice;
  /** Other files that may have some, such as the relation files of the workspace. */
  readonly others: readonly string[];
}

/** What may be taken from a relation or from a list of pairs. */
export interface SubjectList {
  readonly name: string;
  /** Absent for a relation of the built-in collection, which is chosen by its name. */
  readonly file?: string;
  /** Of a built-in relation: `linguistic`, `factual` or `commonsense`. */
  readonly kind?: string | null;
  readonly count: number;
  /** The first few. */
  readonly examples: readonly Sample[];
  /** The first; null for a list of pairs. */
  readonly template: string | null;
}

export interface SubjectsOffer {
  /** What the file itself does not have, or not enough of; null where it has both. */
  readonly lacks: "samples" | "templates" | null;
  /** Samples of a prompt file itself. */
  readonly own: number;
  readonly choices: PromptChoices;
  /** What is taken from a file beside it unless something else is chosen. */
  readonly beside: SubjectList | null;
  /** The built-in relation of the same name; where nothing is beside a list of pairs, its templates ask about them. */
  readonly namesake: string | null;
  readonly files: readonly SubjectList[];
  readonly collection: readonly SubjectList[];
}

export type SubjectsOutcome = Outcome<SubjectsOffer>;

/** Name of the model that ships with the product and is used where none is chosen. */
export const embeddedDefault = "embedded-small";

/** Where onnxruntime computes; `auto` leaves it to the engine. */
export type ExecutionProvider = "auto" | "cpu" | "cuda" | "dml" | "coreml" | "webgpu";
export const executionProviders: readonly ExecutionProvider[] = ["auto", "cpu", "cuda", "dml", "coreml", "webgpu"];

/** What a person may choose; the engine fills the rest. */
export interface AnalyzeSettings {
  /** Model folder, `.onnx` file or hub id; the embedded default where null. */
  readonly model: string | null;
  readonly seed: number;
  readonly only: readonly Section[];
  readonly layers: ReportSettings["layers"];
  readonly bos: ReportSettings["bos"];
  /** Exact twins of each family in the twin test; 20 where absent, 0 leaves it out. */
  readonly twins?: number;
  /** The Jacobian estimator at hidden layers, which takes hundreds of passes for each; left out where absent. */
  readonly jacobian?: boolean;
  /** `auto` where absent. */
  readonly provider?: ExecutionProvider;
  /** Threads of the model; 0, or absent, leaves their number to onnxruntime. */
  readonly threads?: number;
  /** A text file, or a folder of them, whose paragraphs are general contexts; the product's own where absent. */
  readonly contexts?: string;
}

/** A JSON-RPC answer is a value in every case: problems of the user are not exceptions. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export type AnalyzeOutcome = Outcome<Report>;

/** A report as bytes, with what the editor needs to know of it. */
export interface AnalyzedReport {
  readonly report: ReportBytes;
  /** `model.id` of the report. */
  readonly model: string;
  readonly digest: ReportDigest;
}

/** What the engine process answers to `analyze`. */
export type AnalyzeAnswer = Outcome<AnalyzedReport>;

/**
 * What the engine process answers to `assess`: an analysis that no panel shows. It leaves the one that is steered by
 * hand as it is, unless it needs another model.
 */
export type AssessAnswer = Outcome<Assessment>;

export interface Assessment {
  /** `model.id` of the report. */
  readonly model: string;
  readonly seed: number;
  readonly digest: ReportDigest;
  /** Sentences, figures and caveats of the report, as Markdown. */
  readonly text: string;
}

export interface ModelParams {
  /** Folder, `.onnx` file or hub id (`owner/name[@revision][:variant]`); the embedded default where null. */
  readonly model: string | null;
  /** `auto` where absent. */
  readonly provider?: ExecutionProvider;
  /** Threads of the model; 0, or absent, leaves their number to onnxruntime. */
  readonly threads?: number;
}

export interface ModelDescription {
  readonly id: string;
  readonly file: string;
  readonly hiddenSize: number;
  readonly vocabularySize: number;
  readonly layers: number;
  readonly dtype: string;
  /** How the output projection was found, such as "MatMul, tied to the embedding". */
  readonly head: string;
  readonly hasTokenizer: boolean;
  /** Why the model runs on the CPU though something else was asked for; absent where it does not. */
  readonly providerFallback?: string;
  readonly checks: readonly ModelCheck[];
  /** Things the user should know, such as that a recurrent model has no layers. */
  readonly notes: readonly string[];
  /** Those of them that bear on figures; every report on the model has them. None where absent. */
  readonly warnings?: readonly { readonly code: string; readonly message: string }[];
}

export type ModelOutcome = Outcome<ModelDescription>;

export interface ModelsParams {
  /** Where to look for exports. */
  readonly workspaceFolders: readonly string[];
  /** A hub id whose variants are listed too; needs the network. */
  readonly hubId?: string;
}

/** One of the files that an export comes in. */
export interface ModelVariant {
  /** Of the graph, relative to the model, with `/`. */
  readonly file: string;
  /** `fp32`, `fp16`, `q8`, `q4` or `q4f16`; null where the name does not tell. */
  readonly dtype: string | null;
  /** With the data beside the graph. */
  readonly bytes: number;
}

export interface AvailableModel {
  readonly id: string;
  readonly origin: "embedded" | "workspace" | "cache" | "hub";
  /** Folder; the hub id for a model that is not here yet. */
  readonly location: string;
  /** The most precise first. */
  readonly variants: readonly ModelVariant[];
  /** As its configuration says, which nobody has checked; absent where it does not say. */
  readonly hiddenSize?: number;
}

export type ModelsOutcome = Outcome<readonly AvailableModel[]>;

export type Phase = "load" | "tokenize" | "forward" | Section | "twins" | "comparison" | "report" | "write";

/** A model that comes from the hub; bytes never fall. */
export interface DownloadProgress {
  /** Hub id. */
  readonly model: string;
  readonly file: string;
  /** Of all files, those included that an earlier download left. */
  readonly bytes: number;
  readonly total: number;
}

export interface Progress {
  readonly phase: Phase;
  /** In words, such as "layer 3 of 4". */
  readonly detail: string;
  /** Of the whole analysis, 0 to 1; never falls. */
  readonly fraction: number;
  /** Parts of the report that are ready; what arrives is final, but for `identifiable`, which the twin test sets. */
  readonly partial?: Partial<Report>;
  readonly download?: DownloadProgress;
}

/** One prompt of the last analysis, steered by hand. */
export interface SteerParams {
  readonly layer: "final" | number;
  readonly method: SteeringMethod;
  readonly alpha: number;
  /** Places in `report.relation.templates` and `.samples`; `to` is the sample whose answer is steered to. */
  readonly template: number;
  readonly sample: number;
  readonly to: number;
  /** Tokens to continue with, greedily. */
  readonly continuation: number;
}

export interface SteerResult {
  readonly prompt: string;
  /** Of the prompt's own answer and of the one steered to, without and with the vector. */
  readonly from: Token & { readonly before: number; readonly after: number };
  readonly to: Token & { readonly before: number; readonly after: number };
  /** Log-probabilities, most probable first. */
  readonly topBefore: readonly (Token & { readonly logProbability: number })[];
  readonly topAfter: readonly (Token & { readonly logProbability: number })[];
  readonly textBefore: string;
  readonly textAfter: string;
}

export type SteerOutcome = Outcome<SteerResult>;

/** What the tokeniser of a relation's model makes of its answers, without running the model. */
export interface CheckWordsParams {
  /** Path of the relation file. */
  readonly file: string;
  readonly text: string;
  /** Folder, `.onnx` file or hub id; what the file names, else the embedded default, where null. */
  readonly model: string | null;
  readonly bos: AnalyzeSettings["bos"];
}

/** The problems are the answer: none for a file that cannot be read, and for a model that is not on this machine. */
export type CheckWordsOutcome = Outcome<null>;

/** Codes of the problems that it tells of. */
export const wordCodes = ["answers-share-first-token", "answer-several-tokens"] as const;
export type WordCode = (typeof wordCodes)[number];

/** JSON-RPC method names. */
export const methods = {
  analyze: "relationLens/analyze",
  assess: "relationLens/assess",
  model: "relationLens/model",
  models: "relationLens/models",
  subjects: "relationLens/subjects",
  steer: "relationLens/steer",
  compareRelations: "relationLens/compareRelations",
  compareReports: "relationLens/compareReports",
  openReport: "relationLens/openReport",
  writeTwin: "relationLens/writeTwin",
  simulate: "relationLens/simulate",
  simulation: "relationLens/simulation",
  progress: "relationLens/progress",
  part: "relationLens/part",
  log: "relationLens/log",
  checkWords: "relationLens/checkWords",
} as const;

/** Progress between processes. */
export interface ProgressMessage extends Omit<Progress, "partial"> {
  readonly partial?: ReportBytes;
}

/** Notification `relationLens/progress`; `id` is the caller's, sent with the request. */
export interface ProgressNotification extends ProgressMessage {
  readonly id: number;
}

/** Request of the engine: a part of the figures that its next message to the request brings; the answer asks for more. */
export interface PartParams {
  /** Of the caller's request. */
  readonly id: number;
  readonly part: Uint8Array;
}

export interface LogNotification {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly message: string;
}

/** Several relations in one model. */
export interface CompareRelationsParams {
  /** Two or more. */
  readonly files: readonly string[];
  /** Unsaved texts of the editor, by file; the engine reads the others. */
  readonly texts?: Readonly<Record<string, string>>;
  readonly settings: AnalyzeSettings;
}

export type CompareRelationsOutcome = Outcome<RelationsReport>;

/** Two saved reports of one relation: the first with `comparison` filled from the second, without any model. */
export interface CompareReportsParams {
  readonly left: string;
  readonly right: string;
}

/** The engine process answers with an `AnalyzeAnswer`. */
export type CompareReportsOutcome = Outcome<Report>;

/** Reads a saved report of any kind, and checks that it is one. */
export interface OpenReportParams {
  readonly file: string;
}

export type OpenedReport =
  | (AnalyzedReport & {
      /** The bytes are as they are in the file. */
      readonly kind: "report";
      /** `relation.file` of the report. */
      readonly relationFile: string;
    })
  | { readonly kind: "relations"; readonly report: RelationsReport }
  | { readonly kind: "origins"; readonly report: SimulationReport };

/** Writes an equivalent twin of a model: the same distribution in other coordinates. */
export interface WriteTwinParams {
  /** Folder, `.onnx` file or hub id; the embedded default where null. */
  readonly model: string | null;
  /** Folder to write; must be absent or empty. */
  readonly out: string;
  /** Hidden size of the twin; at least the model's own, which it is where absent. */
  readonly hiddenSize?: number;
  /** Condition number of the change of basis. */
  readonly condition: number;
  readonly seed: number;
}

export interface WrittenTwin {
  readonly folder: string;
  readonly file: string;
  readonly hiddenSize: number;
  /** As the loader found them when it opened what was written; the last compares log-probabilities with the original's. */
  readonly checks: readonly ModelCheck[];
}

export type WriteTwinOutcome = Outcome<WrittenTwin>;

/** Runs the simulation; checkpoints come as `relationLens/simulation` notifications while it runs. */
export interface SimulateParams {
  readonly settings: SimulationSettings;
}

/** Notification `relationLens/simulation`; `id` is the caller's, sent with the request. */
export interface SimulationNotification {
  readonly id: number;
  readonly checkpoint: SimulationCheckpoint;
  /** Of all runs, 0 to 1. */
  readonly fraction: number;
}

export type SimulateOutcome = Outcome<SimulationReport>;
