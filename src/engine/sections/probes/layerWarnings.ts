import type { Study } from "../study";
import { layerName, type Layer } from "./layers";

/** One warning a code and task, which names the layers, rather than one for each layer. */
export class LayerWarnings {
  private readonly layers = new Map<string, { code: string; where: string; layers: Layer[] }>();

  constructor(private readonly study: Study) {}

  add(code: string, where: string, layer: Layer): void {
    const key = `${code} ${where}`;
    const entry = this.layers.get(key) ?? { code, where, layers: [] };
    this.layers.set(key, entry);
    entry.layers.push(layer);
  }

  send(): void {
    for (const { code, where, layers } of this.layers.values()) {
      const list = layers.map(layerName).join(", ");
      this.study.warn(code, `${messages[code] ?? code} (${list}).`, where);
    }
  }
}

const messages: Readonly<Record<string, string>> = {
  "probe-lambda-edge":
    "The smallest λ of the grid was chosen in some folds; with a smaller one the probe might be surer",
  "probe-largest-lambda":
    "The largest λ of the grid was chosen in some folds: the vectors help no more than class sizes there",
  "probe-perfect-separation": "Every held-out row is classified correctly, so the accuracy cannot rank these layers",
};
