import type { ErasureResult, PropertyRow, SteeringResult } from "../../protocol/report";
import { holds } from "./holds";
import { mainSteering, steeringMethodWords, strongestErasures } from "./mainFigures";
import { erasureVerdict, specificityVerdict, steeringVerdict } from "./verdicts";

export function erasureRows(erasure: readonly ErasureResult[]): PropertyRow[] {
  return strongestErasures(erasure).map((result) => ({
    section: "subspaces",
    path: `erasure[${erasure.indexOf(result)}].after`,
    property: `answers left after erasure, lowest of the layers (${result.layer}) · ${result.template}`,
    value: result.after,
    interval: result.interval,
    null: result.afterRandom,
    nullName: "random subspace",
    p: null,
    n: result.n,
    verdict: erasureVerdict(result),
    holds: holds(erasureVerdict(result)),
    layer: result.layer,
    caveat: null,
    identifiable: null,
  }));
}

export function steeringRows(steering: readonly SteeringResult[]): PropertyRow[] {
  return mainSteering(steering).flatMap((result) => [
    successRow(steering, result),
    ...specificityRow(steering, result),
  ]);
}

/** What steering at f leaves alone: that it succeeds there follows from how the vector is made. */
function specificityRow(steering: readonly SteeringResult[], result: SteeringResult): PropertyRow[] {
  if (result.layer !== "final" || result.controlKept === null) return [];
  return [
    {
      section: "steering",
      path: `steering[${steering.indexOf(result)}].controlKept`,
      property: `control answers kept when steered at f, α = ${result.alpha}`,
      value: result.controlKept,
      interval: null,
      null: null,
      nullName: "",
      p: null,
      n: result.controlN,
      verdict: specificityVerdict(result.controlKept),
      holds: holds(specificityVerdict(result.controlKept)),
      layer: result.layer,
      caveat: null,
      identifiable: result.identifiable,
    },
  ];
}

function successRow(steering: readonly SteeringResult[], result: SteeringResult): PropertyRow {
  return {
    section: "steering",
    path: `steering[${steering.indexOf(result)}].successRate`,
    property: `steering ${result.layer === "final" ? "at f (possible by construction)" : `at the best layer (${result.layer})`}, ${steeringMethodWords[result.method]}, α = ${result.alpha}`,
    value: result.successRate,
    interval: result.interval,
    null: result.randomSuccessRate,
    nullName: "random vector",
    p: null,
    n: result.n,
    verdict: steeringVerdict(result),
    // At f every vector of the kind succeeds.
    holds: result.layer === "final" ? null : holds(steeringVerdict(result)),
    layer: result.layer,
    caveat: result.layer === "final" ? "it follows from how the vector is made, in every model" : null,
    identifiable: result.identifiable,
  };
}
