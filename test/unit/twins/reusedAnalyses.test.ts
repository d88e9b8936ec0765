import { describe, expect, it } from "vitest";
import type { KlTemplate } from "../../../src/engine/analysis/linearity/klLinearity";
import { twinOf, type TwinFamily } from "../../../src/engine/analysis/twins/twin";
import { inline, type Compute, type TaskArguments, type TaskName } from "../../../src/engine/compute/tasks";
import { multiply, zeros, type Matrix } from "../../../src/engine/linalg/matrix";
import { random } from "../../../src/engine/linalg/random";
import { leavesOf } from "../../../src/engine/twins/leaves";
import { orientedFields, reusedAnalyses, type KnownAnalyses } from "../../../src/engine/twins/reusedAnalyses";
import { sameArguments } from "../../../src/engine/twins/sameArguments";
import { answerTask } from "../../../src/engine/analysis/probes/probeTasks";
import { taskOf } from "../analysis/probes/labelledRows";
import { model, options, templateOf, type Model } from "../analysis/relationModel";
import { gaussian, geometryOf } from "../analysis/toyModel";

const klTemplate = (own: Model): KlTemplate => ({ ...templateOf(own), prompts: geometryOf(own.g).embed(own.prompt) });

const original = model({ n: 18, d: 14, noise: 0.5, seed: 4 });

function twin(family: TwinFamily, seed: number): Model {
  const { f, g } = twinOf({ f: [original.subject, original.prompt], g: original.g }, family, { random: random(seed) });
  const [subject = original.subject, prompt = original.prompt] = f;
  return { ...original, subject, prompt, g };
}

/** Notes which analyses are really computed. */
function noting(computed: TaskName[]): Compute {
  return {
    run: (name, ...args) => {
      computed.push(name);
      return inline.run(name, ...args);
    },
  };
}

const threeClasses = taskOf(
  answerTask(
    Array.from({ length: 18 }, (_, subject) => ({ subject, template: 0, label: subject % 3 })),
    1,
  ),
);

function columnsOf(a: Matrix, columns: readonly number[]): Matrix {
  const data = Float64Array.from({ length: a.rows * columns.length }, (_, at) => {
    const [i, c] = [Math.floor(at / columns.length), columns[at % columns.length] ?? NaN];
    return a.data[i * a.cols + c] ?? NaN;
  });
  return { rows: a.rows, cols: columns.length, data };
}

/** The arguments of every analysis that may be shared across orientations. */
const argumentsOf: { [Name in TaskName]?: (own: Model) => TaskArguments<Name> } = {
  linearity: (own) => [[klTemplate(own)], { ...options, standardise: false, shuffles: 0, intervals: false }],
  klLinearity: (own) => [klTemplate(own), { ...options, intervals: false }],
  linearityTransfer: (own) => [[klTemplate(own), klTemplate({ ...own, subject: own.prompt })], { seed: 1 }],
  relationalSubspaces: (own) => [
    [own, { ...own, subject: own.prompt }].map((one, k) => {
      const { inputs, answerLogits } = templateOf(one);
      return { inputs, answerLogits, stream: `${k}`, rank: 2 };
    }),
    [[0, 1]],
    { seed: 1, draws: 0, metric: "given" },
  ],
  probe: (own) => [
    threeClasses,
    templateOf(own).inputs,
    { seed: 1, where: "probes", standardise: false, controlDraws: 0, resamples: 0 },
  ],
  impliedProbe: (own) => {
    const { inputs, answerLogits } = templateOf(own);
    const beside = { predicted: Int32Array.from(threeClasses.labels), lambda: 1 };
    return [threeClasses, { inputs, answerLogits: columnsOf(answerLogits, [0, 1, 2]) }, beside, { standardise: false }];
  },
};

describe("analyses that twins have in common", () => {
  it("are all tested here", () => {
    expect(Object.keys(orientedFields).sort()).toEqual(Object.keys(argumentsOf).sort());
  });

  describe.each(Object.keys(argumentsOf) as TaskName[])("%s", (name) => {
    it.each(["changeOfBasis", "changeOfDimension"] as const)(
      "is computed once for twins, and rightly so (%s)",
      async (family) => {
        const computed: TaskName[] = [];
        const compute = reusedAnalyses(noting(computed), new Map());
        const args = argumentsOf[name] as (own: Model) => TaskArguments<typeof name>;
        const first = await compute.run(name, ...args(twin("changeOfBasis", 1)));
        const second = await compute.run(name, ...args(twin(family, 2)));
        expect(computed).toEqual([name]);
        expect(second).toBe(first);

        const fresh = (await inline.run(name, ...args(twin(family, 2)))) as object;
        const [shared, own] = [leavesOf(first as object), leavesOf(fresh)];
        expect(shared.length).toBeGreaterThan(3);
        expect(own.map(({ path }) => path)).toEqual(shared.map(({ path }) => path));
        own.forEach(({ path, values }, k) => {
          // The vocabulary's logits are float32 in these models.
          const size = Math.max(...values.map(Math.abs), 1e-3);
          values.forEach((x, i) => {
            if (Number.isFinite(x)) expect(Math.abs(x - shared[k]!.values[i]!), path).toBeLessThan(1e-5 * size);
          });
        });
      },
    );

    it("is computed anew for another model, however like it", async () => {
      const computed: TaskName[] = [];
      const compute = reusedAnalyses(noting(computed), new Map());
      const args = argumentsOf[name] as (own: Model) => TaskArguments<typeof name>;
      await compute.run(name, ...args(original));
      const moved = { ...original.subject, data: original.subject.data.slice() };
      moved.data[0]! *= 1 + 1e-6;
      await compute.run(name, ...args({ ...original, subject: moved }));
      expect(computed).toEqual([name, name]);
    });
  });

  it("are computed anew where an analysis could see the orientation", async () => {
    const computed: TaskName[] = [];
    const known: KnownAnalyses = new Map();
    const compute = reusedAnalyses(noting(computed), known);
    const inputs = (own: Model): TaskArguments<"ownAlignment"> => [
      { embeddings: geometryOf(own.g).embed(own.subject), unembeddings: geometryOf(own.g).embed(own.prompt) },
      { seed: 1, resamples: 0, draws: 0 },
    ];
    await compute.run("ownAlignment", ...inputs(twin("changeOfBasis", 1)));
    await compute.run("ownAlignment", ...inputs(twin("changeOfBasis", 1)));
    await compute.run("ownAlignment", ...inputs(twin("changeOfBasis", 2)));
    expect(computed).toEqual(["ownAlignment", "ownAlignment"]);
  });
});

describe("the same arguments", () => {
  const inputs = gaussian(6, 4, 3);
  const oriented = new Set(["inputs"]);
  const turned = (rows: Matrix): Matrix => {
    const quarter = zeros(4, 5);
    [1, 2, 3, 0].forEach((to, from) => (quarter.data[from * 5 + to] = to === 0 ? -1 : 1));
    return multiply(rows, quarter);
  };

  it("are so in any orientation, with any number of coordinates", () => {
    expect(sameArguments([{ inputs }], [{ inputs: turned(inputs) }], oriented)).toBe(true);
    expect(sameArguments([1, inputs], [1, turned(inputs)], new Set(["1"]))).toBe(true);
    expect(sameArguments([inputs, 1], [turned(inputs), 1], new Set(["1"]))).toBe(false);
    expect(sameArguments([{ inputs }, { inputs }], [{ inputs }, { inputs }], oriented)).toBe(true);
  });

  it("are not so in other fields, or in two orientations", () => {
    expect(sameArguments([{ others: inputs }], [{ others: turned(inputs) }], oriented)).toBe(false);
    expect(sameArguments([{ inputs }], [{ inputs: turned(inputs) }], new Set())).toBe(false);
    const wider = turned(inputs);
    const still: Matrix = { ...wider, data: wider.data.map((_, k) => (k % 5 === 4 ? 0 : inputs.data[Math.floor(k / 5) * 4 + (k % 5)]!)) }; // prettier-ignore
    // Each is a rotation of its own, but not both the same one.
    expect(sameArguments([{ inputs }, { inputs }], [{ inputs: wider }, { inputs: still }], oriented)).toBe(false);
  });

  it.each<[string, unknown, unknown, boolean]>([
    ["numbers to rounding", 1, 1 + 1e-13, true],
    ["numbers beyond", 1, 1 + 1e-8, false],
    ["entries by the largest of their array", Float64Array.of(1e6, 0), Float64Array.of(1e6, 1e-5), true],
    ["entries beyond", Float64Array.of(1, 0), Float64Array.of(1, 1e-5), false],
    ["entries beside an infinite one", Float64Array.of(-Infinity, 1), Float64Array.of(-Infinity, 2), false],
    ["missing numbers", Float64Array.of(NaN), Float64Array.of(NaN), true],
    ["text", "a", "b", false],
    ["absent fields", { a: 1 }, { a: 1, b: undefined }, false],
    ["null", { a: null }, { a: 0 }, false],
    ["another precision", Float32Array.of(1), Float64Array.of(1), false],
    ["another length", [1, 2], [1, 2, 3], false],
    ["a map, which nobody looks into", new Map(), new Map(), false],
    ["nested lists", [[1, "a"], { b: [true] }], [[1, "a"], { b: [true] }], true],
  ])("compare %s", (_, left, right, expected) => {
    expect(sameArguments([left], [right], new Set())).toBe(expected);
    expect(sameArguments([left], [right, 1], new Set())).toBe(false);
  });
});
