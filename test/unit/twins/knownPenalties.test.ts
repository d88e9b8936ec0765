import { describe, expect, it } from "vitest";
import type { KlOptions, KlTemplate } from "../../../src/engine/analysis/linearity/klLinearity";
import { inline, type Compute } from "../../../src/engine/compute/tasks";
import { recordingPenalties, withPenalties } from "../../../src/engine/twins/knownPenalties";
import { twinOf } from "../../../src/engine/analysis/twins/twin";
import { random } from "../../../src/engine/linalg/random";
import { model, options, templateOf, type Model } from "../analysis/relationModel";
import { geometryOf } from "../analysis/toyModel";

const klTemplate = (own: Model): KlTemplate => ({ ...templateOf(own), prompts: geometryOf(own.g).embed(own.prompt) });

/** Notes with which options KL fits are asked for. */
function noting(asked: KlOptions[]): Compute {
  return {
    run: (name, ...args) => {
      if (name === "klLinearity") asked.push((args as unknown as [KlTemplate, KlOptions])[1]);
      return inline.run(name, ...args);
    },
  };
}

describe("the λ of KL fits", () => {
  const own = model({ n: 18, d: 14, noise: 0.5, seed: 4 });

  it.each(["changeOfBasis", "changeOfDimension"] as const)(
    "are recorded of the model, taken by its twin, and those that the twin would choose (%s)",
    async (family) => {
      const penalties = new Map<string, readonly number[]>();
      const asked: KlOptions[] = [];
      await recordingPenalties(inline, penalties).run("klLinearity", klTemplate(own), options);
      expect([...penalties.keys()]).toEqual([options.where]);

      const { f, g } = twinOf({ f: [own.subject, own.prompt], g: own.g }, family, { random: random(7) });
      const template = klTemplate({ ...own, subject: f[0]!, prompt: f[1]!, g });
      const taken = await withPenalties(noting(asked), penalties).run("klLinearity", template, options);
      const chosen = await inline.run("klLinearity", template, options);
      expect(asked.map(({ places }) => places)).toEqual([penalties.get(options.where)]);
      expect(taken.places).toEqual(chosen.places);
      expect(taken.fits).toEqual(chosen.fits);
    },
  );

  it("are chosen where none are known", async () => {
    const asked: KlOptions[] = [];
    const compute = withPenalties(noting(asked), new Map([[options.where, []]]));
    await compute.run("klLinearity", klTemplate(own), { ...options, where: "elsewhere" });
    await compute.run("klLinearity", klTemplate(own), options);
    expect(asked.map(({ places }) => places)).toEqual([undefined, undefined]);
  });
});
