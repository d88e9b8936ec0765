import { columnMeans, dot, multiply, row, selectRows, subtractFromRows, type Matrix } from "../../linalg/matrix";
import { prepareHeldOut, type HeldOutRows, type LinearityTemplate } from "./heldOut";
import { argmax } from "./predictionScores";
import { predictionWeights } from "./ridge";
import { ridgeFold, type RidgeFold } from "./ridgeFold";

/** Entry [i][j]: fitted on template i, scored on template j; null where j's answers do not vary. */
export interface TransferFigures {
  readonly heldOut: string;
  readonly n: number;
  readonly r2OwnIntercept: readonly (readonly (number | null)[])[];
  readonly r2RefittedIntercept: readonly (readonly (number | null)[])[];
  /** With the intercept of template i. */
  readonly faithfulnessInAnswers: readonly (readonly number[])[];
}

/**
 * Is a map one for all paraphrases (linear-properties section 5)? Least squares as in `linearity`, fitted in every fold
 * on one template and applied to the held-out subjects' rows of another: once as it is, once with the intercept that
 * suits the other template's training rows, ȳ_j − A x̄_j. R²_logit is taken against the training mean of the template
 * that is scored, so that i = j is the fit itself.
 *
 * @returns null with fewer than 3 subjects
 */
export function linearityTransfer(
  templates: readonly LinearityTemplate[],
  { seed }: { readonly seed: number },
): TransferFigures | null {
  const prepared = templates.flatMap((template): HeldOutRows[] => {
    const { rows } = prepareHeldOut([template], { seed, where: "", standardise: false });
    return rows === null ? [] : [rows];
  });
  const first = prepared[0];
  if (first === undefined) return null;
  const { n, scheme } = first.heldOut;
  const fits = prepared.map(({ data, folds }) =>
    folds.map((rows) => {
      const fold = ridgeFold(data, rows);
      return { fold, lambda: fold.lambdas[fold.fit().lambda]! };
    }),
  );
  const totals = prepared.map((_, i) => prepared.map((__, j) => transferTotals(fits[i]!, prepared[i]!, prepared[j]!)));
  const r2 = (key: "own" | "refitted") =>
    totals.map((line) => line.map((cell, j) => (prepared[j]!.heldOut.constant ? null : 1 - cell[key] / cell.total)));
  return {
    heldOut: scheme,
    n,
    r2OwnIntercept: r2("own"),
    r2RefittedIntercept: r2("refitted"),
    faithfulnessInAnswers: totals.map((line) => line.map(({ agreements }) => agreements / n)),
  };
}

interface Totals {
  /** Squared errors with the intercept of the template that was fitted, and with the other's; of the other's mean. */
  own: number;
  refitted: number;
  total: number;
  agreements: number;
}

function transferTotals(
  fits: readonly { readonly fold: RidgeFold; readonly lambda: number }[],
  from: HeldOutRows,
  to: HeldOutRows,
): Totals {
  const totals: Totals = { own: 0, refitted: 0, total: 0, agreements: 0 };
  for (const { fold, lambda } of fits) {
    const { train, test } = fold.rows;
    const testRows = fold.space.project(selectRows(to.data.inputs, test));
    const trainRows = fold.space.project(selectRows(to.data.inputs, train));
    const own = deviations(fold, lambda, testRows);
    const refitted = deviations(fold, lambda, subtractFromRows(testRows, columnMeans(trainRows)));
    const fromMean = columnMeans(selectRows(from.data.targets, train));
    const toMean = columnMeans(selectRows(to.data.targets, train));
    test.forEach((i, r) => {
      const truth = row(to.data.targets, i);
      const predicted = row(own, r).map((x, y) => x + fromMean[y]!);
      totals.own += distance(predicted, truth);
      totals.refitted += distance(
        row(refitted, r).map((x, y) => x + toMean[y]!),
        truth,
      );
      totals.total += distance(toMean, truth);
      if (argmax(predicted) === argmax(truth)) totals.agreements++;
    });
  }
  return totals;
}

/** G_Y A of rows in the coordinates of a fold, [m, |Y|]. */
function deviations(fold: RidgeFold, lambda: number, coordinates: Matrix): Matrix {
  return multiply(predictionWeights(fold.space, coordinates, lambda), fold.targets);
}

function distance(a: Float64Array, b: Float64Array): number {
  const difference = a.map((x, y) => x - b[y]!);
  return dot(difference, difference);
}
