import { describe, expect, it } from "vitest";
import type { CompareRelationsParams } from "../../../src/protocol/engine";
import type { RelationsReport } from "../../../src/protocol/relationsReport";
import { run } from "./support";

const map = { intervals: null, n: 28, identifiable: "always" } as const;
const value: RelationsReport = {
  schemaVersion: 1,
  kind: "relations",
  relations: ["plural", "capital", "a relation with a long name"].map((name, i) => ({
    name,
    file: `/relations/${i}.yaml`,
    template: "{}",
    samples: 36,
    pairs: 30 + i,
    correct: i === 2 ? null : 0.5,
    rank: i === 2 ? null : 4,
    r2Logit: i === 2 ? null : 0.61,
  })),
  model: {
    id: "embedded-small",
    hiddenSize: 8,
    vocabularySize: 100,
    layers: 2,
    dtype: "float32",
    checks: [],
    excludedTokens: 0,
    unembeddingRank: 8,
    note: "A small teaching model.",
  },
  settings: { seed: 7, model: "embedded-small", only: [], twins: 3, layers: "all", bos: "auto", version: "0.1.0" },
  subspaces: {
    ...map,
    matrix: [
      [1, 0.44, null],
      [0.44, 1, null],
      [null, null, null],
    ],
    upper: [
      [null, 0.31, null],
      [0.31, null, null],
      [null, null, null],
    ],
  },
  parallelism: {
    distributional: null,
    causal: {
      ...map,
      identifiable: "underDiversity",
      matrix: [
        [0.5, -0.2, 0.01],
        [-0.2, 0.5, 0.01],
        [0.01, 0.01, 0.3],
      ],
      upper: [
        [0.1, 0.1, 0.1],
        [0.1, 0.1, 0.1],
        [0.1, 0.1, 0.1],
      ],
    },
    euclidean: null,
  },
  probeTransfer: [],
  conceptDirections: null,
  order: [1, 0, 2],
  headline: ["3 relations in embedded-small: what they share."],
  warnings: [{ code: "relation-too-few-units", message: "Left out for fewer than 3 subjects: x (2).", where: "subjects" }], // prettier-ignore
  timing: { load: 0.5, tokenize: 0, forward: 0.2, analyse: 3.3, total: 4, tokens: 42 },
};

function engine(seen: CompareRelationsParams[] = []) {
  return {
    compareRelations: (params: CompareRelationsParams) => {
      seen.push(params);
      return Promise.resolve({ ok: true, value, problems: [] } as const);
    },
  };
}

const files = ["a.yaml", "b.yaml", "c.yaml"];

describe("relation-lens relations", () => {
  it("asks for the files and settings that are named", async () => {
    const seen: CompareRelationsParams[] = [];
    const options = ["--model", "m", "--seed", "7", "--layers", "0,2", "--twins", "1"];
    const { status } = await run(["relations", ...files, ...options], { cwd: "/relations", engine: engine(seen) });
    expect(status).toBe(0);
    expect(seen[0]!.files).toEqual(["/relations/a.yaml", "/relations/b.yaml", "/relations/c.yaml"]);
    expect(seen[0]!.settings).toMatchObject({ model: "m", seed: 7, layers: [0, 2], twins: 1 });
  });

  it("prints the tables in the order of the clusters, with a star beyond the null", async () => {
    const { out } = await run(["relations", ...files], { cwd: "/relations", engine: engine() });
    const lines = out.split("\n");
    expect(lines.every((line) => line.length <= 100)).toBe(true);
    expect(lines[0]).toBe("3 relations · embedded-small · seed 7");
    const table = (title: string) => {
      const start = lines.findIndex((line) => line.startsWith(title));
      return lines.slice(start + 1, start + 5);
    };
    expect(table("Overlap")).toEqual([
      "                           1      2      3",
      " 1 capital              1.00   0.44*     –",
      " 2 plural               0.44*  1.00      –",
      " 3 a relation with a…      –      –      –",
    ]);
    expect(table("Mean cosine between pairs, causal")[1]).toBe(" 1 capital              0.50* −0.20*  0.01");
    expect(out).toContain("[relation-too-few-units]");
    expect(out).toMatch(/ 1 capital +36 +31 +50% +4 +0.61/);
    expect(out).toMatch(/ 3 a relation with a… +36 +32 +– +– +–/);
  });

  it("writes JSON with the files as they were named", async () => {
    const { out, status } = await run(["relations", ...files, "--out", "-"], { cwd: "/relations", engine: engine() });
    expect(status).toBe(0);
    const written = JSON.parse(out) as RelationsReport;
    expect(written.relations.map(({ file }) => file)).toEqual(files);
    expect(written.kind).toBe("relations");
  });

  it("refuses one file, and options of other commands", async () => {
    expect(await run(["relations", "a.yaml"])).toMatchObject({ status: 1 });
    const { status, err } = await run(["relations", ...files, "--html=x.html"]);
    expect(status).toBe(1);
    expect(err).toContain("relations has no option --html");
  });

  it("ends with the status of what went wrong", async () => {
    const problem = { kind: "input", code: "x", severity: "error", message: "Bad.", remedy: "Mend." } as const;
    const failing = { compareRelations: () => Promise.resolve({ ok: false, problems: [problem] } as const) };
    expect(await run(["relations", ...files], { engine: failing })).toMatchObject({ status: 2 });
  });
});
