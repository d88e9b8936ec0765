import type { LinearityFit } from "../../../protocol/report";
import type { AnalysisWarning, LinearityFigures } from "../../analysis/linearity/linearityFigures";
import type { Study } from "../study";

/** Figures as the report has them. */
export function toFit(
  { model }: Study,
  template: string,
  layer: LinearityFit["layer"],
  figures: LinearityFigures,
): LinearityFit {
  const token = (id: number) => ({ id, text: model.tokenizer.tokenText(id) });
  return { template, layer, ...figures, predictions: figures.predictions?.map(token) ?? null };
}

/** Warnings of one kind at several layers are one warning that lists them. */
export class WarningsByLayer {
  private readonly known = new Map<string, { readonly warning: AnalysisWarning; readonly layers: number[] }>();

  /** What the layers share with f has been said there. */
  private readonly shared: ReadonlySet<string> = new Set([
    "constant-answers",
    "one-distinct-top-answer",
    "kl-too-costly",
  ]);

  add(layer: number, warnings: readonly AnalysisWarning[]): void {
    for (const warning of warnings) {
      if (this.shared.has(warning.code)) continue;
      // The numbers in a message differ from layer to layer.
      const key = `${warning.code} ${warning.message.replace(/\d+/g, "")}`;
      const entry = this.known.get(key) ?? { warning, layers: [] };
      this.known.set(key, entry);
      if (!entry.layers.includes(layer)) entry.layers.push(layer);
    }
  }

  send(study: Study, where: string): void {
    for (const { warning, layers } of this.known.values()) {
      const one = layers.length === 1;
      const list = `${one ? "layer" : "layers"} ${layers.join(", ")}${one ? "" : `; the numbers are those of layer ${layers[0] ?? ""}`}`;
      study.warn(warning.code, `${warning.message.replace(/\.$/, "")} (${list}).`, where);
    }
  }
}
