import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hiddenStates } from "../../../src/engine/models/hiddenStates";
import type { LanguageModel } from "../../../src/engine/models/languageModel";
import { loadModel } from "../../../src/engine/models/loadModel";
import { Cancelled } from "../../../src/engine/models/modelProblem";
import { openModel } from "../../../src/engine/models/openModel";
import { jacobianProducts, jacobianStep } from "../../../src/engine/prompts/jacobianProducts";
import { graphs, inputIds, relativeDistance } from "../models/support";

const vectors = v.array(v.number());
/** Made with PyTorch's automatic differentiation in float64, by `make.py` beside it. */
const autograd = v.parse(
  v.object({
    prompts: v.array(v.object({ ids: vectors, subjectEnd: v.number() })),
    directions: v.array(vectors),
    jacobian: v.array(v.object({ prompt: v.number(), layer: v.number(), products: v.array(vectors) })),
  }),
  JSON.parse(readFileSync(join(graphs, "../jacobian/embedded-small.json"), "utf8")),
);
const { prompts, directions } = autograd;

describe("Jacobian products of the embedded model", () => {
  let model: LanguageModel;
  beforeAll(async () => {
    model = await openModel(resolve(graphs, "../../../models/embedded-small"), { bos: "auto" });
  });
  afterAll(() => model.close());

  /** Largest ‖found − exact‖ / ‖exact‖ over the directions. */
  async function error({ prompt, layer, products }: (typeof autograd.jacobian)[number], step?: number) {
    const found = await jacobianProducts(
      model,
      [prompts[prompt]!],
      layer,
      directions,
      step === undefined ? {} : { step },
    );
    return Math.max(...products.map((exact, k) => relativeDistance(found[0]![k]!, exact)));
  }

  it.each(autograd.jacobian)("are those of autograd: prompt $prompt, layer $layer", async (exact) => {
    const best = await error(exact);
    expect(best).toBeLessThan(1e-3);
    // A smaller step loses more digits to rounding, a larger one to the curvature.
    const step = jacobianStep(model.description.dtype);
    expect(await error(exact, step / 100)).toBeGreaterThan(10 * best);
    expect(await error(exact, step * 100)).toBeGreaterThan(10 * best);
  });

  it("are taken with a step near the best of a sweep", async () => {
    const worst = async (step: number) => {
      const errors = [];
      for (const exact of autograd.jacobian) errors.push(await error(exact, step));
      return Math.max(...errors);
    };
    const sweep = [];
    for (const step of [1e-3, 3e-3, 1e-2, 3e-2, 1e-1]) sweep.push({ step, error: await worst(step) });
    const best = sweep.reduce((a, b) => (b.error < a.error ? b : a));
    expect(best.step).toBe(jacobianStep("float32"));
  });

  it("of several prompts keep their order", async () => {
    const layer = 3;
    const both = await jacobianProducts(model, [prompts[1]!, prompts[0]!], layer, directions);
    for (const [i, prompt] of [1, 0].entries()) {
      const exact = autograd.jacobian.find((j) => j.prompt === prompt && j.layer === layer)!;
      exact.products.forEach((product, k) => expect(relativeDistance(both[i]![k]!, product)).toBeLessThan(1e-3));
    }
  });

  it("scale with the direction, and are zero for none", async () => {
    const [direction] = directions;
    const tenfold = direction!.map((x) => 10 * x);
    const [found] = await jacobianProducts(model, [prompts[0]!], 2, [direction!, tenfold, tenfold.map(() => 0)]);
    expect(
      relativeDistance(
        found![1]!,
        found![0]!.map((x) => 10 * x),
      ),
    ).toBeLessThan(1e-3);
    expect(found![2]).toEqual(new Float64Array(96));
  });

  it("tell how far they are, and can be cancelled", async () => {
    const many = Array.from({ length: 60 }, () => directions).flat();
    const seen: number[] = [];
    const controller = new AbortController();
    const onProgress = (done: number, total: number) => {
      expect(total).toBe(600);
      seen.push(done);
    };
    await jacobianProducts(model, [prompts[0]!], 1, many, { onProgress });
    expect(seen.at(-1)).toBe(600);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    const cancelled = jacobianProducts(model, [prompts[0]!], 1, many, {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(cancelled).rejects.toBeInstanceOf(Cancelled);
  });

  it("are refused at a layer that is not there", async () => {
    await expect(jacobianProducts(model, [prompts[0]!], 9, directions)).rejects.toThrow("no layer 9");
    const last = { ...prompts[0]!, subjectEnd: 99 };
    await expect(jacobianProducts(model, [last], 1, directions)).rejects.toThrow("position 99");
  });
});

/** The same weights, rounded: the derivative in float32 is what the rounded graph's is near. */
describe.each([
  { rounded: "gpt2_fp16", tolerance: 0.02 },
  { rounded: "gpt2_int8", tolerance: 0.35 },
])("Jacobian products of $rounded", ({ rounded, tolerance }) => {
  it("are near those in float32 with a step for its rounding, and not with one for float32", async () => {
    const prompt = [{ ids: inputIds[0]!, subjectEnd: 3 }];
    const short = directions.map((direction) => direction.slice(0, 64));
    const products = async (name: string, step?: number) => {
      const loaded = await loadModel(join(graphs, name));
      const model = {
        description: loaded.description,
        unembedding: { hiddenSize: 64 },
        forward: (...[some, options]: Parameters<LanguageModel["forward"]>) =>
          hiddenStates(loaded.hidden, some, options, loaded.injecting),
      } as unknown as LanguageModel;
      const found = await jacobianProducts(model, prompt, 1, short, step === undefined ? {} : { step });
      await loaded.hidden.session.release();
      await loaded.injecting.close();
      return found[0]!;
    };
    const exact = await products("gpt2_plain");
    const largest = (found: readonly Float64Array[]) =>
      Math.max(...found.map((product, k) => relativeDistance(product, exact[k]!)));
    expect(largest(await products(rounded))).toBeLessThan(tolerance);
    expect(largest(await products(rounded, jacobianStep("float32")))).toBeGreaterThan(2 * tolerance);
  });
});
