import type { ErasureResult } from "../../protocol/report";
import { erasingVectors, type ErasingProjection } from "../analysis/subspaces/erasure";
import { wilsonInterval } from "../analysis/statistics/intervals";
import { klDivergence, topToken } from "../analysis/steering/logitComparison";
import { columnMeans, row, zeros, type Matrix } from "../linalg/matrix";
import type { Floats, Injection } from "../models/languageModel";
import type { TokenizedPrompt } from "../prompts/promptTokens";
import { columns } from "./activationRows";
import { interventionLayers, runInterventions, type Intervention } from "./interventions";
import { answerTokens } from "./linearity";
import type { Study } from "./study";
import { rankAt, type MapRank } from "./ranks";
import { fewestSubjects, hiddenRows } from "./subspaceAlignments";

const randomDraws = 5;

/** Beyond it little of a small model's state would be left. */
const largestRank = 8;

/** Prompts of one template, the model's untouched logits, and the answer that each is judged by. */
interface PromptGroup {
  readonly prompts: readonly TokenizedPrompt[];
  readonly answers: readonly number[];
  /** [prompts, vocabulary] */
  readonly logits: Floats;
}

/** States from the subject's last token on: `at.get(layer)[p][k]` is k tokens after the subject of prompt p. */
type States = ReadonlyMap<number, readonly (readonly Floats[])[]>;

/** What is left of a relation's answers without its subspace, for every template and layer. @throws Cancelled */
export async function erasureFigures(study: Study, mapRanks: readonly MapRank[]): Promise<readonly ErasureResult[]> {
  const { set, relation, seed } = study;
  const layers = interventionLayers(study);
  if (layers.length === 0 || set.samples < fewestSubjects) return [];
  const answers = answerTokens(study);
  const controls = await Promise.all(
    study.controls.map(async ({ name, set: own, readouts, logits }) => {
      const group = {
        prompts: own.prompts.map(({ tokens }) => tokens),
        answers: readouts.map((r) => r.answer),
        logits,
      };
      return { name, group, states: await statesAfterSubject(study, group.prompts, layers) };
    }),
  );
  const results: ErasureResult[] = [];
  const missing = new Map<string, number[]>();
  const steps = set.templates * layers.length;
  for (const [t, template] of relation.templates.entries()) {
    const logits = await study.logitsOf(t);
    const from = t * set.samples;
    const group: PromptGroup = {
      prompts: set.prompts.slice(from, from + set.samples).map(({ tokens }) => tokens),
      answers: study.readouts.slice(from, from + set.samples).map(({ answer }) => answer),
      logits,
    };
    const states = await statesAfterSubject(study, group.prompts, layers);
    const answerLogits = columns(logits, study.model.description.vocabularySize, answers);
    for (const [l, layer] of layers.entries()) {
      const done = (t * layers.length + l) / steps;
      await study.pause(done, `erasing layer ${layer}, template ${t + 1} of ${set.templates}`);
      const rank = await rankAt(study, mapRanks, layer, t);
      const found =
        rank === null
          ? null
          : await study.compute.run("erasure", hiddenRows(study, layer, t), answerLogits, {
              rank: Math.min(rank, largestRank),
              randomDraws,
              seed,
              stream: `${t} ${layer}`,
            });
      if (found === null) {
        missing.set(template, [...(missing.get(template) ?? []), layer]);
        continue;
      }
      const erased = await erase(study, group, states, layer, () => found.relation);
      const randomly = (i: number) => found.random[i % randomDraws] ?? found.relation;
      const random = await erase(study, group, states, layer, randomly, { kl: false });
      const others: ErasureResult["controls"][number][] = [];
      for (const { name, group: own, states: theirs } of controls) {
        const { before, after, kl } = await erase(study, own, theirs, layer, () => found.relation);
        others.push({ relation: name, n: own.prompts.length, before, after, kl });
      }
      results.push({
        template,
        layer,
        rank: found.rank,
        n: set.samples,
        before: erased.before,
        after: erased.after,
        interval: wilsonInterval(Math.round(erased.after * set.samples), set.samples),
        afterRandom: random.after,
        randomDraws,
        kl: erased.kl,
        controls: others,
      });
    }
  }
  warnAboutMissing(study, missing);
  return results;
}

/** @param missing layers of each template at which there is nothing to erase */
function warnAboutMissing(study: Study, missing: ReadonlyMap<string, readonly number[]>): void {
  const alike = new Map<string, string[]>();
  for (const [template, layers] of missing) {
    const list = `${layers.length === 1 ? "layer" : "layers"} ${layers.join(", ")}`;
    alike.set(list, [...(alike.get(list) ?? []), `“${template}”`]);
  }
  if (alike.size === 0) return;
  const places = [...alike].map(([layers, templates]) => `in ${listed(templates)} at ${layers}`).join("; ");
  study.warn(
    "erasure-without-subspace",
    `Nothing is erased ${places}: the linear maps there predict nothing on held-out subjects.`,
    "erasure",
  );
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}

async function statesAfterSubject(
  { model, signal }: Study,
  prompts: readonly TokenizedPrompt[],
  layers: readonly number[],
): Promise<States> {
  const wanted = prompts.map(({ ids, subjectEnd }) => ({
    ids,
    finalAt: [],
    residualAt: Array.from({ length: ids.length - subjectEnd }, (_, k) => subjectEnd + k),
  }));
  return (await model.forward(wanted, { layers, signal })).residual;
}

/**
 * Removes a subspace from the residual stream of every prompt, around the mean over the prompts at that distance.
 * @param wanted `kl`: 0 where it is not, since it takes longer than all the rest
 */
async function erase(
  study: Study,
  { prompts, answers, logits }: PromptGroup,
  states: States,
  layer: number,
  projectionOf: (prompt: number) => ErasingProjection,
  wanted = { kl: true },
): Promise<{ before: number; after: number; kl: number }> {
  const own = states.get(layer) ?? [];
  const means = meansByDistance(own);
  const interventions = prompts.map((prompt, i): Intervention => {
    const rows = asMatrix(own[i] ?? []);
    const injections = Array.from({ length: rows.rows }, (_, k): Injection => {
      const state = { rows: 1, cols: rows.cols, data: row(rows, k) };
      const vector = erasingVectors(state, means[k] ?? [], projectionOf(i)).data;
      return { layer, at: prompt.subjectEnd + k, vector: Float32Array.from(vector) };
    });
    return { prompt, injections };
  });
  const vocabulary = study.model.description.vocabularySize;
  const sums = { before: 0, after: 0, kl: 0 };
  await runInterventions(study, interventions, (after, i) => {
    const before = logits.subarray(i * vocabulary, (i + 1) * vocabulary);
    if (topToken(before) === answers[i]) sums.before++;
    if (topToken(after) === answers[i]) sums.after++;
    if (wanted.kl) sums.kl += klDivergence(before, after);
  });
  const n = prompts.length;
  return { before: sums.before / n, after: sums.after / n, kl: sums.kl / n };
}

/** Entry k: the mean state k tokens after the subject, over the prompts that are as long. */
function meansByDistance(states: readonly (readonly Floats[])[]): Float64Array[] {
  const longest = states.reduce((most, own) => Math.max(most, own.length), 0);
  return Array.from({ length: longest }, (_, k) => columnMeans(asMatrix(states.flatMap((own) => own[k] ?? []))));
}

function asMatrix(rows: readonly Floats[]): Matrix {
  const out = zeros(rows.length, rows[0]?.length ?? 0);
  rows.forEach((values, i) => out.data.set(values, i * out.cols));
  return out;
}
