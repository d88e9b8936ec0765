import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { WriteTwinParams } from "../../../src/protocol/engine";
import { run, writeTwinLikeEngine } from "./support";

/** What the engine is asked for. */
async function asked(...argv: readonly string[]): Promise<WriteTwinParams> {
  const seen: WriteTwinParams[] = [];
  const engine = {
    writeTwin: (params: WriteTwinParams) => {
      seen.push(params);
      return writeTwinLikeEngine(params);
    },
  };
  const { status, err } = await run(["twin", ...argv], { cwd: "/relations", engine });
  expect(status, err).toBe(0);
  expect(seen.length).toBe(1);
  return seen[0]!;
}

describe("relation-lens twin", () => {
  it("asks for condition 100, seed 0 and the model's own hidden size", async () => {
    const params = await asked("embedded-small", "--out", "twin");
    expect(params).toEqual({ model: "embedded-small", out: resolve("/relations", "twin"), condition: 100, seed: 0 });
  });

  it("passes on what is chosen", async () => {
    const more = ["--hidden-size", "160", "--condition", "1e3", "--seed", "7"];
    expect(await asked("owner/name", "--out", "/twins/a", ...more)).toMatchObject({
      model: "owner/name",
      out: resolve("/twins/a"),
      hiddenSize: 160,
      condition: 1000,
      seed: 7,
    });
  });

  it("shows the folder, the hidden size and the checks", async () => {
    const { out } = await run(["twin", "embedded-small", "--out", "twin", "--hidden-size", "16"], {
      cwd: "/relations",
    });
    expect(out).toBe("twin\n  hidden size     16\nchecks\n  ok      log-probabilities: 2.5e-7 (at most 1.0e-3)\n");
  });

  it.each([
    { argv: ["twin"], says: "No model is named" },
    { argv: ["twin", "a", "b", "--out", "x"], says: "b is one model too many" },
    { argv: ["twin", "a"], says: "Write --out FOLDER" },
    { argv: ["twin", "a", "--out", "x", "--condition", "0.5"], says: "--condition 0.5 is not a condition number" },
    { argv: ["twin", "a", "--out", "x", "--condition", "1e7"], says: "from 1 to 1000000" },
    { argv: ["twin", "a", "--out", "x", "--condition", "many"], says: "--condition many" },
    { argv: ["twin", "a", "--out", "x", "--hidden-size", "1.5"], says: "--hidden-size 1.5 cannot be used" },
    { argv: ["twin", "a", "--out", "x", "--hidden-size", "0"], says: "from 1 to 65536" },
    { argv: ["twin", "a", "--out", "x", "--seed", "x"], says: "--seed x cannot be used" },
    { argv: ["twin", "a", "--out", "x", "--sed", "1"], says: "Did you mean --seed?" },
  ])("refuses $argv", async ({ argv, says }) => {
    const { status, err, out } = await run(argv);
    expect(status).toBe(1);
    expect(err).toContain(says);
    expect(out).toBe("");
  });

  it("ends with the status of what the engine found wrong", async () => {
    const problem = { kind: "model", code: "x", severity: "error", message: "It is not.", remedy: "Do." } as const;
    const engine = { writeTwin: () => Promise.resolve({ ok: false, problems: [problem] } as const) };
    const { status, err } = await run(["twin", "a", "--out", "x"], { engine });
    expect(status).toBe(3);
    expect(err).toContain("It is not. Do. [x]");
  });

  it("waits for the engine to take away what it has written", async () => {
    const controller = new AbortController();
    let takenAway = false;
    const engine = {
      writeTwin: async () => {
        controller.abort();
        await new Promise((done) => setTimeout(done, 1_500));
        takenAway = true;
        throw new Error("cancelled");
      },
    };
    const { status, err } = await run(["twin", "a", "--out", "x"], { engine, signal: controller.signal });
    expect({ status, err, takenAway }).toEqual({ status: 130, err: "Interrupted.\n", takenAway: true });
  });
});

describe("docs/equivalent-twins.md", () => {
  it("lists every problem code", () => {
    const root = join(import.meta.dirname, "../../..");
    const models = readdirSync(join(root, "src/engine/models")).filter((name) => name.startsWith("twinModel"));
    const sources = ["src/engine/writeTwin.ts", ...models.map((name) => `src/engine/models/${name}`)];
    const codes = sources.flatMap((path) => [...readFileSync(join(root, path), "utf8").matchAll(/"(twin-[a-z-]+)"/g)]);
    expect(codes.length).toBeGreaterThan(5);
    const page = readFileSync(join(root, "docs/equivalent-twins.md"), "utf8");
    expect(codes.map(([, code]) => code).filter((code) => !page.includes(`\`${code ?? ""}\``))).toEqual([]);
  });
});
