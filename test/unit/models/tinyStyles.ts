import { TinyModel } from "./tinyModel";

/** Adds one layer to a model and gives the value that holds the stream after it. */
export type Layer = (model: TinyModel, name: string) => string;

/** How transformers arrange norms and branches around the residual stream. */
export const styles: Record<string, Layer> = {
  "sequential, normed before": (m, name) => {
    const middle = m.sum(m.stream, m.attention(m.norm(m.stream)));
    return m.sum(m.mlp(m.norm(middle)), middle, name);
  },
  "normed after (the branch sees what the sum becomes)": (m, name) => {
    const middle = m.norm(m.sum(m.stream, m.attention(m.stream)));
    return m.norm(m.sum(middle, m.mlp(middle)), name);
  },
  "normed after, with a scaled stream": (m, name) => {
    const scaled = (value: string) => m.add("Mul", [value, m.scalar(1.5)]);
    const middle = m.norm(m.sum(scaled(m.stream), m.attention(m.stream)));
    return m.norm(m.sum(scaled(middle), m.mlp(middle)), name);
  },
  "normed before and after the branch": (m, name) => {
    const middle = m.sum(m.stream, m.norm(m.attention(m.norm(m.stream))));
    return m.sum(middle, m.norm(m.mlp(m.norm(middle))), name);
  },
  "parallel: stream + (attention + MLP)": (m, name) => {
    const normed = m.norm(m.stream);
    return m.sum(m.stream, m.sum(m.attention(normed), m.mlp(normed)), name);
  },
  "parallel: (stream + attention) + MLP": (m, name) => {
    const normed = m.norm(m.stream);
    return m.sum(m.sum(m.stream, m.attention(normed)), m.mlp(normed), name);
  },
  "scaled branches": (m, name) => {
    const scaled = (value: string) => m.add("Mul", [m.scalar(0.5), value]);
    const middle = m.sum(m.stream, scaled(m.attention(m.norm(m.stream))));
    return m.sum(middle, scaled(m.mlp(m.norm(middle))), name);
  },
  "casts on the way": (m, name) => {
    const middle = m.sum(m.stream, m.attention(m.norm(m.add("Cast", [m.stream], { to: 1n }))));
    return m.sum(m.add("Cast", [middle], { to: 1n }), m.mlp(m.norm(middle)), name);
  },
  "three branches a layer": (m, name) => {
    const first = m.sum(m.stream, m.attention(m.norm(m.stream)));
    const second = m.sum(first, m.mlp(m.norm(first)));
    return m.sum(second, m.mlp(second), name);
  },
};

export function built(layer: Layer, count: number): TinyModel {
  const model = new TinyModel();
  model.embed();
  for (let l = 1; l <= count; l++) {
    model.stream = layer(model, `h${l}`);
    model.layers.push(model.stream);
  }
  model.finish();
  return model;
}
