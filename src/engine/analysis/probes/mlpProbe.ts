import { selectRows, zeros, type Matrix } from "../../linalg/matrix";
import { random } from "../../linalg/random";
import { predictedClasses, totalLogLoss } from "./classificationScores";
import { mean } from "../statistics/intervals";
import { fitMlp, mlpLogProbabilities } from "./mlp";
import { innerSplits, pick } from "./probeFitting";
import { heldOutFigures } from "./probeScores";
import { setRows, type ProbeOptions, type ProbeOutcome } from "./probes";
import { probeSpace, splitInputs } from "./probeSpace";
import type { ProbeTask } from "./probeTasks";

/** Enough for a boundary with a few bends; with a hundred rows, more only memorises. */
const hiddenUnits = 8;
/** Whole decades, largest first, for inputs whose mean squared norm is 1. */
const lambdas: readonly number[] = [1e-2, 1e-3, 1e-4];
/** The λ are compared on one of as many parts of the training units. */
const innerParts = 3;
/** The choice of λ needs a rough loss; the probe itself goes on until its gradient has fallen by 1e-3. */
const innerIterations = 30;
const iterations = 150;

/**
 * The non-linear probe (linear-properties section 6): one hidden layer of 8 tanh units in place of none, with the
 * inputs, scaling and splits of `probe`. What it reads beyond the linear probe is the non-linear gap. λ by the loss on a
 * third of the training units, which are held out for it. Every fit begins at a point drawn under the seed, so that the figures are
 * the same each time; being a local minimum, it is one of several.
 */
export function mlpProbe(task: ProbeTask, inputs: Matrix, { seed, where, standardise }: ProbeOptions): ProbeOutcome {
  const space = probeSpace(selectRows(inputs, task.rows), standardise);
  const outcome = zeros(task.rows.length, task.classes);
  const chosen: number[] = [];
  const { classes } = task;

  task.splits.forEach(({ train, test }, s) => {
    const z = splitInputs(space, train, test);
    const labels = pick(task.labels, train);
    const start = () => random(seed, `${where} ${task.kind} mlp ${s}`);
    const { fit, score } = innerSplits(task, pick(task.units, train), start(), innerParts)[0]!;
    const losses = lambdas.map((lambda) => {
      const problem = { inputs: selectRows(z.train, fit), labels: pick(labels, fit), classes };
      const model = fitMlp(problem, { lambda, random: start(), width: hiddenUnits, iterations: innerIterations });
      return totalLogLoss(mlpLogProbabilities(model, selectRows(z.train, score), classes), pick(labels, score));
    });
    // The first of equals is the largest.
    const lambda = lambdas[losses.indexOf(Math.min(...losses))]!;
    chosen.push(lambda);
    const model = fitMlp(
      { inputs: z.train, labels, classes },
      { lambda, random: start(), width: hiddenUnits, iterations },
    );
    setRows(outcome, test, mlpLogProbabilities(model, z.test, classes));
  });

  return {
    figures: {
      estimator: "mlp",
      ...heldOutFigures(task, outcome),
      control: null,
      controlUpper: null,
      controlDraws: 0,
      selectivity: null,
      lambda: Math.exp(mean(chosen.map(Math.log))),
      directionStability: null,
      identifiable: null,
    },
    warnings: [],
    predicted: predictedClasses(outcome),
  };
}
