import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { engineFlags } from "../../../src/engine/compute/engineFlags";

it("sets flags that V8 knows: it writes an error for any other", () => {
  const known = execFileSync(process.execPath, ["--v8-options"], { encoding: "utf8", maxBuffer: 2 ** 26 });
  for (const flag of engineFlags(2, 2)) {
    const name = flag.replace(/^--(no-)?/, "").replace(/=.*$/, "");
    expect(known, name).toContain(`--${name} `);
  }
  expect(known).not.toContain("--no-such-flag ");
});

it("leaves V8 its own threads where processors are idle", () => {
  expect(engineFlags(4, 8)).not.toContain("--no-concurrent-recompilation");
  expect(engineFlags(4, 4)).toContain("--no-concurrent-recompilation");
});
