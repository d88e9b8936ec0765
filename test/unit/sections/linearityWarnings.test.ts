import { expect, it } from "vitest";
import { WarningsByLayer } from "../../../src/engine/sections/linearity/fits";
import { linearStudy } from "./linearModel";

it("says once what several layers have in common, with the layers, and leaves out what f has said", async () => {
  const { study } = await linearStudy({ controls: [] });
  const sent: string[] = [];
  const edge = (folds: number) => ({
    code: "lambda-edge",
    message: `The smallest λ was chosen in ${folds} of 10 folds.`,
    where: "",
  });
  const warnings = new WarningsByLayer();
  warnings.add(0, [edge(10), { code: "constant-answers", message: "They do not vary.", where: "" }]);
  warnings.add(2, [edge(3), { code: "no-held-out-rank", message: "No rank.", where: "" }]);
  warnings.send({ ...study, warn: (code, message, where) => sent.push(`${where} ${code} ${message}`) }, "here");
  expect(sent).toEqual([
    "here lambda-edge The smallest λ was chosen in 10 of 10 folds (layers 0, 2; the numbers are those of layer 0).",
    "here no-held-out-rank No rank (layer 2).",
  ]);
});
