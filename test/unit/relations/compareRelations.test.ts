import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compareRelations } from "../../../src/engine/compareRelations";
import type { Hooks } from "../../../src/engine/engine";
import type { AnalyzeSettings } from "../../../src/protocol/engine";
import type { RelationsReport } from "../../../src/protocol/relationsReport";

const samples = join(import.meta.dirname, "../../../samples");
const file = (name: string) => join(samples, `${name}.relation.yaml`);
const settings: AnalyzeSettings = { model: "embedded-small", seed: 3, only: [], layers: "all", bos: "auto", twins: 1 };
const quiet: Hooks = { signal: new AbortController().signal, onProgress: () => undefined };

let folder: string;
let copy: string;
let report: RelationsReport;
const fractions: number[] = [];

async function compared(files: readonly string[], hooks = quiet, changes: Partial<AnalyzeSettings> = {}) {
  const outcome = await compareRelations({ files, settings: { ...settings, ...changes } }, hooks);
  if (!outcome.ok) throw new Error(outcome.problems.map(({ message }) => message).join("\n"));
  return outcome.value;
}

const codes = async (files: readonly string[]) => {
  const outcome = await compareRelations({ files, settings }, quiet);
  return outcome.ok ? [] : outcome.problems.filter(({ severity }) => severity === "error").map(({ code }) => code);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "relations-"));
  copy = join(folder, "again.relation.yaml");
  await copyFile(file("superlative"), copy);
  const hooks = { ...quiet, onProgress: ({ fraction }: { fraction: number }) => void fractions.push(fraction) };
  report = await compared([file("superlative"), file("capital"), copy, file("plural")], hooks);
});

afterAll(() => rm(folder, { recursive: true }));

describe("a relation beside a copy of itself", () => {
  it("has the name of its file", () => {
    expect(report.relations.map(({ name }) => name)).toEqual([
      "superlative (superlative)",
      "capital",
      "superlative (again)",
      "plural",
    ]);
  });

  it("shares its subspace", () => {
    expect(report.subspaces!.matrix[0]![2]).toBeCloseTo(1, 9);
    expect(report.subspaces!.matrix[0]![1]!).toBeLessThan(0.9);
    expect(report.subspaces!.upper![0]![2]!).toBeLessThan(0.9);
  });

  it("has its own parallelism, the direction of itself, and probes as held out", () => {
    for (const map of Object.values(report.parallelism)) {
      expect(map!.matrix[0]![2]).toBeCloseTo(map!.matrix[0]![0]!, 10);
    }
    const { distributional, causal, euclidean, mahalanobis } = report.conceptDirections!;
    for (const map of [distributional, causal, euclidean, mahalanobis]) expect(map!.matrix[2]![0]).toBeCloseTo(1, 10);
    expect(report.probeTransfer.map(({ layer }) => layer)).toEqual([0, 2, "final"]);
    for (const { matrix } of report.probeTransfer) {
      expect(matrix[0]![2]).toBe(matrix[0]![0]);
      expect(matrix[2]![1]).toBe(matrix[0]![1]);
    }
  });

  it("lies beside it in the order", () => {
    expect(Math.abs(report.order.indexOf(0) - report.order.indexOf(2))).toBe(1);
    expect([...report.order].sort()).toEqual([0, 1, 2, 3]);
  });
});

describe("the report", () => {
  it("says of every map, from twins, in which models it is the same", () => {
    expect(report.subspaces!.identifiable).toBe("always");
    const { distributional, causal, euclidean } = report.parallelism;
    expect([distributional, causal, euclidean].map((map) => map!.identifiable)).toEqual([
      "always",
      "underDiversity",
      "never",
    ]);
    expect(report.conceptDirections!.causal!.identifiable).toBe("underDiversity");
    expect(report.conceptDirections!.euclidean!.identifiable).toBe("never");
    expect(report.probeTransfer.map(({ identifiable }) => identifiable)).toEqual([null, null, "always"]);
  });

  it("compares at equal n, and gives what there is of each", () => {
    expect(report.subspaces!.n).toBe(28);
    expect(report.parallelism.causal!.n).toBe(28);
    expect(report.relations[1]).toMatchObject({ samples: 36, pairs: 36, correct: 1 });
    expect(report.relations.every(({ rank, r2Logit }) => rank !== null && r2Logit! > 0.3)).toBe(true);
  });

  it("is symmetric but for the probes", () => {
    for (const map of [report.subspaces!, ...Object.values(report.parallelism)]) {
      map!.matrix.forEach((row, i) => row.forEach((value, j) => expect(value).toBe(map!.matrix[j]![i])));
    }
  });

  it("says in words what the relations share", () => {
    expect(report.headline[0]).toBe("4 relations in embedded-small: what they share.");
    expect(report.headline[1]).toMatch(/^\d of 6 pairs of relations share .* at 28 subjects each; most: superlative/);
    expect(report.headline).toHaveLength(5);
  });

  it("reports progress that never falls and ends", () => {
    expect(fractions.every((fraction, i) => i === 0 || fraction >= fractions[i - 1]!)).toBe(true);
    expect(fractions.at(-1)).toBe(1);
  });

  it("is the same again under the same seed, and other draws under another", async () => {
    const files = [file("superlative"), file("capital")];
    const [one, again, other] = [
      await compared(files, quiet, { twins: 0 }),
      await compared(files, quiet, { twins: 0 }),
      await compared(files, quiet, { twins: 0, seed: 4 }),
    ];
    expect({ ...again, timing: one.timing }).toEqual(one);
    expect(other.parallelism.causal!.matrix[1]![1]).not.toBe(one.parallelism.causal!.matrix[1]![1]);
    expect(one.subspaces!.identifiable).toBeNull();
  });
});

describe("what cannot be compared", () => {
  it("one file, a file twice, too many files", async () => {
    expect(await codes([file("plural")])).toEqual(["relations-too-few"]);
    expect(await codes([file("plural"), join(samples, "../samples/plural.relation.yaml")])).toEqual([
      "relations-file-twice",
    ]);
    expect(await codes(Array.from({ length: 41 }, (_, i) => join(folder, `${i}.yaml`)))).toEqual([
      "relations-too-many",
    ]);
  });

  it("is refused with the problems of the file that cannot be read", async () => {
    const broken = join(folder, "broken.relation.yaml");
    await writeFile(broken, "name: x\nsamples: 3\n");
    const outcome = await compareRelations({ files: [file("plural"), broken], settings }, quiet);
    expect(outcome.ok).toBe(false);
    expect(outcome.problems.some(({ file: where, severity }) => where === broken && severity === "error")).toBe(true);
  });

  it("is read as it stands in the editor, where that is not saved", async () => {
    const files = [file("plural"), file("superlative")];
    const text = (await readFile(file("plural"), "utf8")).replace("name: plural", "name: edited");
    const unsaved = { [file("plural")]: text };
    const outcome = await compareRelations({ files, texts: unsaved, settings: { ...settings, twins: 0 } }, quiet);
    expect(outcome.ok && outcome.value.relations.map(({ name }) => name)).toEqual(["edited", "superlative"]);
    const broken = await compareRelations({ files, texts: { [file("plural")]: "samples: 3" }, settings }, quiet);
    expect(broken.ok).toBe(false);
    expect(broken.problems[0]?.file).toBe(file("plural"));
  });

  it("a relation with too few pairs is left out of the maps at hand, with a warning", async () => {
    const short = join(folder, "short.relation.yaml");
    const lines = ["name: short", "prompt_templates:", '  - "The superlative of {} is"', "samples:"];
    await writeFile(short, [...lines, "  - { subject: easy, object: easiest }", "  - { subject: lucky, object: luckiest }", ""].join("\n")); // prettier-ignore
    const found = await compared([file("superlative"), file("plural"), short], quiet, { twins: 0 });
    expect(found.subspaces!.matrix[2]).toEqual([null, null, null]);
    expect(found.parallelism.causal!.matrix.map((row) => row[2])).toEqual([null, null, null]);
    expect(found.parallelism.causal!.matrix[0]![1]).not.toBeNull();
    expect(found.warnings.map(({ code }) => code)).toContain("relation-too-few-units");
    expect(found.order.at(-1)).toBe(2);
  });

  it("takes the model that a file names, and says where another names another", async () => {
    const text = await readFile(file("young"), "utf8");
    const named = async (name: string, model: string) => {
      const path = join(folder, `${name}.relation.yaml`);
      await writeFile(path, `${text}\nmodel: ${join(samples, "../models", model)}\n`);
      return path;
    };
    const files = [file("superlative"), await named("wide", "embedded-wide"), await named("small", "embedded-small")];
    const found = await compared(files, quiet, { model: null, twins: 0, layers: [4] });
    expect(found.model.id).toBe("embedded-wide");
    expect(found.warnings.find(({ code }) => code === "relations-other-model")!.message).toContain("young (small)");
    expect(found.probeTransfer.map(({ layer }) => layer)).toEqual([4, "final"]);
  });

  it("stops when it is cancelled", async () => {
    const controller = new AbortController();
    const hooks = {
      signal: controller.signal,
      onProgress: ({ phase }: { phase: string }) => {
        if (phase === "forward") controller.abort();
      },
    };
    await expect(compareRelations({ files: [file("superlative"), file("plural")], settings }, hooks)).rejects.toThrow(
      /abort/i,
    );
  });
});
