import * as vscode from "vscode";
import type { PromptDigest, ReportDigest, SampleDigest } from "../../protocol/digest";
import { escaped } from "../views/markdown";
import { shortProbability } from "./hintText";

/** What a hint says, in words and for all templates. */
export function hintTooltip(digest: ReportDigest, sample: SampleDigest, fresh: boolean): vscode.MarkdownString {
  const { subject, object, prompts, parallel } = sample;
  const pair = object === null ? subject : `${subject} → ${object}`;
  const byTemplate = digest.templates.flatMap((template, t) => {
    const prompt = prompts[t];
    if (prompt == null) return [];
    const found = [answerWords(prompt), ...(prompt.heldOut === null ? [] : [heldOutWords(prompt.heldOut)])];
    return [escaped(`“${template}”`), found.map((words) => `- ${escaped(words)}`).join("\n")];
  });
  return new vscode.MarkdownString(
    [
      `**${escaped(pair)}** · ${escaped(digest.model)}`,
      ...(fresh ? [] : [escaped(vscode.l10n.t("Of the analysis before the last edit."))]),
      ...(parallel === null ? [] : [escaped(parallelWords(parallel.cosine, parallel.holds))]),
      ...byTemplate,
    ].join("\n\n"),
  );
}

function parallelWords(cosine: number, holds: boolean): string {
  const figure = cosine.toFixed(2).replace("-", "−");
  return holds
    ? vscode.l10n.t("∥ Parallel to the other pairs: mean cosine {0}, above that of random pairs.", figure)
    : vscode.l10n.t("∦ Not parallel to the other pairs: mean cosine {0}, as random pairs have it.", figure);
}

function answerWords({ answer, rank, probability, predicted }: PromptDigest): string {
  const token = answer.trim();
  const p = shortProbability(probability);
  return rank === 1
    ? vscode.l10n.t("#{0} The model puts {1} first, with probability {2}.", rank, token, p)
    : vscode.l10n.t("#{0} The model gives {1} probability {2} and puts {3} first.", rank, token, p, predicted.trim());
}

function heldOutWords({ fold, token, agrees }: NonNullable<PromptDigest["heldOut"]>): string {
  return agrees
    ? vscode.l10n.t(
        "✓ A linear map that never saw this subject (fold {0}) names {1}, as the model does.",
        fold + 1,
        token.trim(),
      )
    : vscode.l10n.t(
        "✗ A linear map that never saw this subject (fold {0}) names {1} instead of what the model puts first.",
        fold + 1,
        token.trim(),
      );
}
