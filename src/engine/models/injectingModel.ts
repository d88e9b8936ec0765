import type { InferenceSession, Tensor } from "onnxruntime-node";
import { largestDifference, quantizedTolerance } from "./checks";
import { finalName, injectedGraph, layerName } from "./editGraph";
import type { HiddenStateSession } from "./hiddenStates";
import { injectionName, type InjectionSite } from "./injectionNodes";
import type { Injection } from "./languageModel";
import { openSession, stateTaps, type ModelContext } from "./modelContext";
import { modelProblem } from "./modelProblem";
import { floats, runSession, runtimeProblem, type Runtime } from "./runtime";

/** A prompt with what is added to its residual stream. */
export interface InjectedPrompt {
  readonly ids: readonly number[];
  readonly injections: readonly Injection[];
}

/** A session whose residual stream can be added to. */
export interface InjectingSession {
  readonly session: InferenceSession;
  /** For prompts of equal length. */
  readonly feeds: (prompts: readonly InjectedPrompt[]) => Record<string, Tensor>;
}

/** Four times the rounding of the stream's type; where activations are quantised, what that is allowed elsewhere. */
function injectionTolerance(dtype: string): number {
  if (dtype === "int8") return quantizedTolerance;
  if (dtype === "bfloat16") return 4 * 2 ** -8;
  return dtype.endsWith("16") ? 4 * 2 ** -11 : 1e-6;
}

/** The injecting session of a model, opened and checked when first needed. */
export class InjectingModel {
  readonly layers: readonly number[];
  #opened: Promise<InjectingSession> | undefined;

  constructor(
    readonly context: ModelContext,
    readonly sites: readonly InjectionSite[],
  ) {
    this.layers = sites.map((site) => site.layer);
  }

  /**
   * @throws ProblemError where vectors cannot be injected at one of these layers
   * @throws RangeError for a position outside the prompt, or a vector of another width than its layer
   */
  check({ ids, injections }: InjectedPrompt): void {
    for (const { layer, at, vector } of injections) {
      const site = this.sites.find((s) => s.layer === layer);
      if (site === undefined) throw this.#notInjectable(layer);
      if (!Number.isInteger(at) || at < 0 || at >= ids.length) {
        throw new RangeError(`position ${at} is outside a prompt of ${ids.length} tokens`);
      }
      if (vector.length !== site.width) {
        throw new RangeError(`a vector of ${vector.length} numbers was injected into layer ${layer} of ${site.width}`);
      }
    }
  }

  /** @throws ProblemError where the graph does not give the same states with nothing injected */
  open(plain: HiddenStateSession): Promise<InjectingSession> {
    this.#opened ??= this.#open(plain).catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    // Whoever asked for a session that did not open was told.
    const found = await opened?.catch(() => undefined);
    await found?.session.release();
  }

  async #open(plain: HiddenStateSession): Promise<InjectingSession> {
    const { context, sites } = this;
    const { file, anatomy, plan, runtime } = context;
    const graph = injectedGraph(file.proto, anatomy.graph, stateTaps(anatomy), sites);
    const own = new Set(sites.map((site) => injectionName(site.layer)));
    const inputs = plan(graph.inputs.filter((input) => !own.has(input.name)));
    const session = await openSession(context, graph.bytes);
    const opened: InjectingSession = {
      session,
      feeds: (prompts) => ({
        ...inputs.feeds(
          runtime,
          prompts.map((p) => p.ids),
        ),
        ...injectionFeeds(runtime, sites, prompts),
      }),
    };
    try {
      await this.#verify(plain, opened);
      return opened;
    } catch (error) {
      await session.release();
      throw error;
    }
  }

  /** Nothing injected must change nothing, and a vector at the last layer must change that by the vector. */
  async #verify(plain: HiddenStateSession, injecting: InjectingSession): Promise<void> {
    const { runtime, probe, file, anatomy } = this.context;
    const last = this.sites.at(-1);
    if (last === undefined) return;
    const names = [finalName, layerName(last.layer)];
    const states = async (session: InferenceSession, feeds: InferenceSession.FeedsType) => {
      try {
        const outputs = await runSession(session, feeds, names);
        return { f: floats(outputs.get(finalName)), h: floats(outputs.get(layerName(last.layer))) };
      } catch (error) {
        throw runtimeProblem(file.path, error);
      }
    };
    const expected = await states(plain.session, plain.inputs.feeds(runtime, [probe]));
    const unchanged = await states(injecting.session, injecting.feeds([{ ids: probe, injections: [] }]));
    const vector = checkVector(expected.h.subarray(0, last.width));
    const at = probe.length - 1;
    const injection = { layer: last.layer, at, vector };
    const changed = await states(injecting.session, injecting.feeds([{ ids: probe, injections: [injection] }]));
    const sum = Float32Array.from(unchanged.h);
    vector.forEach((x, i) => (sum[at * last.width + i] = (sum[at * last.width + i] ?? NaN) + x));
    const tolerance = injectionTolerance(anatomy.dtype);
    for (const [what, error] of [
      ["f with zeros injected", relativeError(unchanged.f, expected.f)],
      [`layer ${last.layer} with a vector injected`, relativeError(changed.h, sum)],
    ] as const) {
      if (error <= tolerance) continue;
      throw modelProblem(
        "model-injection-check",
        file.path,
        `Vectors cannot be injected reliably: ${what} is off by ${error.toPrecision(3)} of its largest entry, where at most ${tolerance} is allowed.`,
        "Leave out what changes the residual stream (Jacobian, erasure, steering), or choose another export of the model, preferably in fp32.",
      );
    }
  }

  #notInjectable(layer: number) {
    const { file } = this.context;
    return modelProblem(
      "model-not-injectable",
      file.path,
      this.layers.length === 0
        ? "No vector can be added to this model's residual stream: its graph shows no layers."
        : `No vector can be added after layer ${layer}: only after ${this.layers.join(", ")}.`,
      "Choose a transformer exported with its layers in one graph, or another layer.",
    );
  }
}

/** Zeros of one number where a layer gets nothing: it is broadcast, and costs nothing to make. */
function injectionFeeds(
  runtime: Runtime,
  sites: readonly InjectionSite[],
  prompts: readonly InjectedPrompt[],
): Record<string, Tensor> {
  const batch = prompts.length;
  const length = prompts[0]?.ids.length ?? 0;
  return Object.fromEntries(
    sites.map(({ layer, rank, width }) => {
      const used = prompts.some(({ injections }) => injections.some((i) => i.layer === layer));
      const data = new Float32Array(used ? batch * length * width : 1);
      prompts.forEach(({ injections }, b) => {
        for (const injection of injections) {
          if (injection.layer !== layer) continue;
          const start = (b * length + injection.at) * width;
          injection.vector.forEach((x, i) => (data[start + i] = (data[start + i] ?? 0) + x));
        }
      });
      const dims = used ? (rank === 3 ? [batch, length, width] : [batch * length, width]) : Array<number>(rank).fill(1);
      return [injectionName(layer), new runtime.Tensor("float32", data, dims)];
    }),
  );
}

/** Of the size of what it is added to, and of both signs. */
function checkVector(h: Float32Array): Float32Array {
  const size = Math.sqrt(h.reduce((sum, x) => sum + x * x, 0) / h.length);
  return h.map((_, i) => size * Math.cos(i));
}

/** max |a − b| / max |b|. */
function relativeError(a: Float32Array, b: Float32Array): number {
  const largest = b.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
  const difference = largestDifference(a, b);
  return difference === 0 ? 0 : difference / largest;
}
