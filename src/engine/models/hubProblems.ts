import { ProblemError } from "../../protocol/problem";
import { formatHubId, type HubId } from "./hubId";
import type { HubSettings } from "./hubSettings";

/** What the problems of a download have in common: the model, and where it was looked for. */
export interface HubRequest {
  readonly id: HubId;
  readonly settings: HubSettings;
}

export function hubProblem(code: string, message: string, remedy: string): ProblemError {
  return new ProblemError([{ kind: "model", code, severity: "error", message, remedy }]);
}

const localRemedy = "Models that are in the cache, and folders, work without a network.";

export function offlineProblem({ id, settings }: HubRequest, reason: string): ProblemError {
  return hubProblem(
    "hub-offline",
    `${formatHubId(id)} is neither a folder here nor in the cache ${settings.cache}, and ${new URL(settings.endpoint).host} cannot be reached: ${reason}.`,
    settings.offline ? `Unset HF_HUB_OFFLINE. ${localRemedy}` : `Check the network and HF_ENDPOINT. ${localRemedy}`,
  );
}

/** What the hub's refusal, or its silence, means for the person who asked for the model. */
export function explainHubError(error: unknown, request: HubRequest): ProblemError {
  if (error instanceof ProblemError) return error;
  const { id, settings } = request;
  const host = new URL(settings.endpoint).host;
  const status = statusOf(error);
  const page = `${settings.endpoint}/${id.name}`;
  if (status === 404) {
    const what = id.revision === null ? id.name : `${id.name} with the revision ${id.revision}`;
    return hubProblem(
      "hub-not-found",
      `There is no folder ${formatHubId(id)} here, and no model ${what} on ${host}.`,
      "Check the spelling of the folder, or of owner/name as the hub shows it.",
    );
  }
  if (status === 401 || status === 403) {
    return hubProblem(
      "hub-gated",
      `${host} does not give ${id.name} ${settings.token === null ? "without an access token" : "to the owner of this access token"}: it is gated or private, or there is no such model.`,
      settings.token === null
        ? `Accept its conditions at ${page} and set HF_TOKEN, or run \`hf auth login\`.`
        : `Accept its conditions at ${page}, and check that the token may read it.`,
    );
  }
  if (status !== null) {
    return hubProblem(
      "hub-refused",
      `${host} answered with status ${status} when asked for ${id.name}.`,
      status === 429 || status >= 500 ? "Try again later." : "Check HF_ENDPOINT.",
    );
  }
  if (isDiskError(error)) return diskProblem(error, settings.cache);
  if (error instanceof TypeError) return offlineProblem(request, reasonOf(error));
  return hubProblem(
    "hub-answer",
    `The answer of ${host} about ${id.name} cannot be understood: ${reasonOf(error)}.`,
    "Check HF_ENDPOINT; it must be a Hugging Face Hub.",
  );
}

/** A fault of the file system while writing the cache. */
export function diskProblem(error: unknown, cache: string): ProblemError {
  const remedy = `Make room in ${cache}, or set HF_HUB_CACHE to a folder with more.`;
  if (isDiskError(error) && (error.code === "ENOSPC" || error.code === "EDQUOT")) {
    return hubProblem("hub-disk-full", "The disk is full; what was downloaded is kept.", remedy);
  }
  return hubProblem(
    "hub-cache",
    `The cache ${cache} cannot be written: ${reasonOf(error)}.`,
    "Check its permissions, or set HF_HUB_CACHE to another folder.",
  );
}

const isDiskError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "syscall" in error && "path" in error;

function statusOf(error: unknown): number | null {
  return error instanceof Error && "statusCode" in error && typeof error.statusCode === "number"
    ? error.statusCode
    : null;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error) return cause.message || ("code" in cause ? String(cause.code) : cause.name);
  return error.message.replace(/\.$/, "");
}
