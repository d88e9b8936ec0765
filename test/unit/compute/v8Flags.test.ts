import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { v8Flags } from "../../../src/engine/compute/v8Flags";

it("sets flags that V8 knows: it writes an error for any other", () => {
  const known = execFileSync(process.execPath, ["--v8-options"], { encoding: "utf8", maxBuffer: 2 ** 26 });
  for (const flag of v8Flags(2, 2)) {
    const name = flag.replace(/^--(no-)?/, "").replace(/=.*$/, "");
    expect(known, name).toContain(`--${name} `);
  }
  expect(known).not.toContain("--no-such-flag ");
});

it("leaves V8 its own threads where processors are idle", () => {
  expect(v8Flags(4, 8)).not.toContain("--no-concurrent-recompilation");
  expect(v8Flags(4, 4)).toContain("--no-concurrent-recompilation");
});
