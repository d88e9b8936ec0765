import { expect, test } from "vitest";
import { WarningLog } from "../../../src/engine/warningLog";

const warning = (code: string, message = code) => ({ code, message, where: "here" });

test("warnings come in the order of their parts, whoever was first", () => {
  const log = new WarningLog(["input", "linearity", "probes"]);
  log.add("probes", warning("c"));
  log.add("input", warning("a"));
  log.add("linearity", warning("b"));
  expect(log.all().map(({ code }) => code)).toEqual(["a", "b", "c"]);
});

test("the same warning is said once, another message of the same code again", () => {
  const log = new WarningLog(["input", "probes"]);
  log.add("input", warning("a"));
  log.add("probes", warning("a"));
  log.add("probes", warning("a", "something else"));
  expect(log.all()).toHaveLength(2);
});
