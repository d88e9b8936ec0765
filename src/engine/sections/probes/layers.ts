import type { ProbeResult } from "../../../protocol/report";

export type Layer = ProbeResult["layer"];

export function layerName(layer: Layer): string {
  return layer === "final" ? "f" : layer === 0 ? "embeddings" : `layer ${layer}`;
}

/**
 * f and the middle one of the layers that were read: where probes that cost several times a linear one are fitted, and
 * those that ask for a comparison rather than a curve.
 */
export function fewLayers<T>(layers: ReadonlyMap<Layer, T>): Map<Layer, T> {
  const numbered = [...layers.keys()].filter((layer) => layer !== "final");
  const middle = numbered[Math.floor(numbered.length / 2)];
  return new Map([...layers].filter(([layer]) => layer === "final" || layer === middle));
}
