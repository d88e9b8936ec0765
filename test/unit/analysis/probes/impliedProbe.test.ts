import { describe, expect, it } from "vitest";
import { impliedProbe } from "../../../../src/engine/analysis/probes/impliedProbe";
import { wilsonInterval } from "../../../../src/engine/analysis/statistics/intervals";
import { probe } from "../../../../src/engine/analysis/probes/probes";
import { answerTask, openAnswerTask, type ProbeTask } from "../../../../src/engine/analysis/probes/probeTasks";
import { twinOf } from "../../../../src/engine/analysis/twins/twin";
import {
  columnMeans,
  fromRows,
  multiplyTransposed,
  row,
  selectRows,
  subtractFromRows,
  type Matrix,
} from "../../../../src/engine/linalg/matrix";
import { random } from "../../../../src/engine/linalg/random";
import { taskOf } from "./labelledRows";
import { model, unrelated, type Model } from "../relationModel";
import { gaussian, geometryOf } from "../toyModel";

const options = { standardise: false };

/** The model's own answer to every subject, as a class per row. */
function labelsOf({ prompt, g, answers }: Model): number[] {
  const logits = multiplyTransposed(prompt, selectRows(g, answers));
  return Array.from({ length: logits.rows }, (_, i) => row(logits, i).indexOf(Math.max(...row(logits, i))));
}

const rowsOf = (labels: readonly number[]) => labels.map((label, subject) => ({ subject, template: 0, label }));

function open(labels: readonly number[]): ProbeTask {
  const task = openAnswerTask(rowsOf(labels), 1);
  if (task === null) throw new Error("no task");
  return task;
}

const logitsFor = ({ prompt, g, answers }: Model, task: ProbeTask): Matrix =>
  multiplyTransposed(
    prompt,
    selectRows(
      g,
      Array.from(task.classLabels, (c) => answers[c]!),
    ),
  );

describe("the implied probe", () => {
  it("names answers that no training subject has, where the relation is exactly linear", () => {
    const linear = model({ n: 60, d: 24, rank: 24, tokens: 400, answers: 120 });
    // Around their mean, so that not all say the same.
    const relation = { ...linear, prompt: subtractFromRows(linear.prompt, columnMeans(linear.prompt)) };
    const labels = labelsOf(relation);
    const task = open(labels);
    const once = [...new Set(labels)].filter((label) => labels.filter((other) => other === label).length === 1);
    expect(once.length).toBeGreaterThan(5);
    const inputs = geometryOf(relation.g).embed(relation.subject);
    const { figures, predicted, againstTrained } = impliedProbe(
      task,
      { inputs, answerLogits: logitsFor(relation, task) },
      null,
      options,
    );
    expect(figures.accuracy).toBe(1);
    expect(figures).toMatchObject({ estimator: "implied", kind: "answer", n: 60, control: null, heldOut: "5 folds by subject" }); // prettier-ignore
    expect(figures.interval).toEqual(wilsonInterval(60, 60));
    expect(figures.logLoss).toBeLessThan(1);
    expect(againstTrained).toBeNull();
    labels.forEach((label, i) => {
      if (once.includes(label)) expect(task.classLabels[predicted[i]!]).toBe(label);
    });
  });

  it("is about as right as chance where f after the prompt has nothing to do with f after the subject", () => {
    const shares = [1, 2, 3, 4].map((seed) => {
      const relation = unrelated(40, seed);
      const task = open(labelsOf(relation));
      const inputs = geometryOf(relation.g).embed(relation.subject);
      const { figures } = impliedProbe(task, { inputs, answerLogits: logitsFor(relation, task) }, null, options);
      return figures.accuracy - figures.majority;
    });
    expect(shares.reduce((a, b) => a + b) / 4).toBeLessThan(0.05);
  });

  it("agrees with the trained probe, along the same directions, where both can read the answer", () => {
    // Two answers whose logits are linear in three of the inputs' directions.
    const [n, d] = [80, 6];
    const g = gaussian(60, d, 1);
    const f = gaussian(n, d, 2);
    const inputs = geometryOf(g).embed(f);
    const axis = gaussian(1, inputs.cols, 3).data;
    const score = (i: number) => row(inputs, i).reduce((sum, x, j) => sum + x * axis[j]!, 0);
    const answerLogits = fromRows(Array.from({ length: n }, (_, i) => [score(i), -score(i)]));
    const task = taskOf(answerTask(rowsOf(Array.from({ length: n }, (_, i) => (score(i) > 0 ? 0 : 1))), 1));
    const { figures, predicted } = probe(task, inputs, { seed: 1, where: "", ...options, controlDraws: 0 });
    const trained = { predicted, lambda: figures.lambda };
    const implied = impliedProbe(task, { inputs, answerLogits }, trained, options);
    expect(implied.figures.accuracy).toBe(1);
    expect(implied.againstTrained?.agreement).toBeGreaterThan(0.9);
    expect(implied.againstTrained?.agreement).toBe(figures.accuracy);
    expect(implied.againstTrained?.cosines).toHaveLength(1);
    expect(implied.againstTrained?.cosines[0]).toBeGreaterThan(0.95);
    // Logits that come from another direction.
    const other = gaussian(1, inputs.cols, 4).data;
    const elsewhere = fromRows(
      Array.from({ length: n }, (_, i) => {
        const x = row(inputs, i).reduce((sum, value, j) => sum + value * other[j]!, 0);
        return [x, -x];
      }),
    );
    const apart = impliedProbe(task, { inputs, answerLogits: elsewhere }, trained, options).againstTrained;
    expect(apart?.cosines[0]).toBeLessThan(0.9);
    expect(apart?.agreement).toBeLessThan(0.85);
  });

  it("gives each template its own intercept", () => {
    // The same map, and in the second template a preference for answer 0 that would otherwise hide it.
    const n = 40;
    const inputs = gaussian(2 * n, 4, 5);
    for (let i = 0; i < n; i++) row(inputs, n + i).set(row(inputs, i));
    const answerLogits = fromRows(
      Array.from({ length: 2 * n }, (_, i) => {
        const [a, b] = row(inputs, i);
        return [a! + (i < n ? 0 : 3), b!];
      }),
    );
    const labels = Array.from({ length: 2 * n }, (_, i) => (row(answerLogits, i)[0]! > row(answerLogits, i)[1]! ? 0 : 1)); // prettier-ignore
    const rows = labels.map((label, i) => ({ subject: i % n, template: i < n ? 0 : 1, label }));
    const task = openAnswerTask(rows, 1)!;
    expect(impliedProbe(task, { inputs, answerLogits }, null, options).figures.accuracy).toBe(1);
    const pooled = { ...task, templates: new Int32Array(2 * n) };
    expect(impliedProbe(pooled, { inputs, answerLogits }, null, options).figures.accuracy).toBeLessThan(0.95);
  });

  it("is the same for a twin", () => {
    const relation = model({ n: 40, d: 12, tokens: 80, answers: 6, noise: 0.5 });
    const task = taskOf(answerTask(rowsOf(labelsOf(relation)), 1));
    const figuresOf = ({ g, f: [subject, prompt] }: { g: Matrix; f: readonly Matrix[] }) => {
      const inputs = geometryOf(g).embed(subject!);
      const { figures, predicted } = probe(task, inputs, { seed: 1, where: "", ...options, controlDraws: 0 });
      const answerLogits = logitsFor({ ...relation, subject: subject!, prompt: prompt!, g }, task);
      const { figures: own, againstTrained } = impliedProbe(task, { inputs, answerLogits }, { predicted, lambda: figures.lambda }, options); // prettier-ignore
      return [own.accuracy, own.logLoss, own.lambda, againstTrained!.agreement, ...againstTrained!.cosines];
    };
    const own = { g: relation.g, f: [relation.subject, relation.prompt] };
    const expected = figuresOf(own);
    for (const family of ["changeOfBasis", "changeOfDimension"] as const) {
      figuresOf(twinOf(own, family, { random: random(3), condition: 100 })).forEach((value, k) => {
        expect(Math.abs(value - expected[k]!)).toBeLessThan(1e-6 * Math.abs(expected[k]!));
      });
    }
  });
});

describe("the task of all answers", () => {
  it("needs two answers and three subjects", () => {
    expect(openAnswerTask(rowsOf([1, 1, 1]), 1)).toBeNull();
    expect(openAnswerTask(rowsOf([1, 2]), 1)).toBeNull();
    const task = openAnswerTask(rowsOf([9, 5, 7]), 1);
    expect(Array.from(task?.classLabels ?? [])).toEqual([5, 7, 9]);
    expect(Array.from(task?.labels ?? [])).toEqual([2, 0, 1]);
  });
});
