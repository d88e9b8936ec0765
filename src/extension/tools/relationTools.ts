import { basename } from "node:path";
import * as vscode from "vscode";
import type { Assessments } from "../assessments";
import { isHubId, modelName } from "../settings";
import { analyzeInput, compareInput, readInput, type AnalyzeInput } from "./toolInput";
import { toolAnswer } from "./toolAnswer";
import { toolRelation } from "./toolRelation";

/** Names of `contributes.languageModelTools`. */
export const toolNames = { analyze: "relationLens_analyze_relation", compare: "relationLens_compare_models" } as const;

export type RelationTools = Readonly<Record<keyof typeof toolNames, vscode.LanguageModelTool<unknown>>>;

export function relationTools(assessments: Assessments): RelationTools {
  return {
    analyze: {
      prepareInvocation: ({ input }) => {
        const read = readInput(analyzeInput, input);
        return prepared(vscode.l10n.t("Analyze {0} in {1}", subjectOf(read), read.model ?? modelName(undefined)), [read.model]); // prettier-ignore
      },
      invoke: ({ input }, token) => assess(readInput(analyzeInput, input), token, assessments),
    },
    compare: {
      prepareInvocation: ({ input }) => {
        const read = readInput(compareInput, input);
        return prepared(
          vscode.l10n.t(
            "Compare {0} with {1} on {2}",
            read.model ?? modelName(undefined),
            read.compare,
            subjectOf(read),
          ),
          [read.model, read.compare],
        );
      },
      invoke: ({ input }, token) => {
        const { compare, ...read } = readInput(compareInput, input);
        return assess(read, token, assessments, compare);
      },
    },
  };
}

/** Lets assistants call the tools, in editors that have such. */
export function registerTools(tools: RelationTools): vscode.Disposable {
  // Absent in editors without language models, whatever the types say.
  const lm = (vscode as { readonly lm?: Partial<typeof vscode.lm> }).lm;
  const register = lm?.registerTool?.bind(lm);
  if (register === undefined) return vscode.Disposable.from();
  return vscode.Disposable.from(register(toolNames.analyze, tools.analyze), register(toolNames.compare, tools.compare));
}

async function assess(
  input: AnalyzeInput,
  token: vscode.CancellationToken,
  assessments: Assessments,
  compare?: string,
): Promise<vscode.LanguageModelToolResult> {
  const { model, sections, seed, twins } = input;
  for (const name of [model, compare]) if (name !== undefined) checkTrust(name);
  const { uri, text } = await toolRelation(input);
  const choice = {
    settings: {
      ...(sections !== undefined && { only: sections }),
      ...(seed !== undefined && { seed }),
      ...(twins === false && { twins: 0 }),
    },
    ...(model !== undefined && { model }),
    ...(compare !== undefined && { compare }),
    ...(text !== undefined && { text }),
  };
  return toolAnswer(await assessments.assess(uri, choice, token), token.isCancellationRequested);
}

/** In a workspace that is not trusted, nothing in it chooses a model, and neither does what an assistant read in it. */
function checkTrust(model: string): void {
  if (vscode.workspace.isTrusted || model.startsWith("embedded-")) return;
  throw new Error(vscode.l10n.t("This workspace is not trusted, so that only the built-in models can be named. Leave model out, or ask for the workspace to be trusted.")); // prettier-ignore
}

function prepared(title: string, models: readonly (string | undefined)[]): vscode.PreparedToolInvocation {
  const fromHub = models.filter((model) => model !== undefined && isHubId(model));
  const local = vscode.l10n.t("It runs on this machine, and takes the place of an analysis that is running.");
  const download = vscode.l10n.t("Where {0} is not on this machine it is downloaded, which may be gigabytes.", fromHub.join(", ")); // prettier-ignore
  return {
    invocationMessage: title,
    confirmationMessages: { title, message: fromHub.length === 0 ? local : `${local} ${download}` },
  };
}

function subjectOf({ file, relation }: AnalyzeInput): string {
  return file === undefined ? (relation?.name ?? vscode.l10n.t("a relation")) : basename(file);
}
