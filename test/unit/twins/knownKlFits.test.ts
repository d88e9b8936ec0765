import { describe, expect, it } from "vitest";
import type { KlOptions, KlTemplate, KnownKlFit } from "../../../src/engine/analysis/linearity/klLinearity";
import { inline, type Compute } from "../../../src/engine/compute/tasks";
import { recordingKlFits, withKlFits } from "../../../src/engine/twins/knownKlFits";
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

describe("what KL fits found", () => {
  const own = model({ n: 18, d: 14, noise: 0.5, seed: 4 });

  it.each(["changeOfBasis", "changeOfDimension"] as const)(
    "is recorded of the model and begun from by its twin, which comes to what it would find by itself (%s)",
    async (family) => {
      const fits = new Map<string, KnownKlFit>();
      const asked: KlOptions[] = [];
      await recordingKlFits(inline, fits).run("klLinearity", klTemplate(own), options);
      expect([...fits.keys()]).toEqual([options.where]);

      const { f, g } = twinOf({ f: [own.subject, own.prompt], g: own.g }, family, { random: random(7) });
      const template = klTemplate({ ...own, subject: f[0]!, prompt: f[1]!, g });
      const taken = await withKlFits(noting(asked), fits).run("klLinearity", template, options);
      const chosen = await inline.run("klLinearity", template, options);
      const itself = await withKlFits(inline, fits).run("klLinearity", klTemplate(own), options);
      expect(asked.map(({ known }) => known)).toEqual([fits.get(options.where)]);
      expect(taken.found?.places).toEqual(chosen.found?.places);
      expect(taken.fits[0]?.predictions).toEqual(chosen.fits[0]?.predictions);
      for (const key of ["r2Logit", "faithfulness", "klInAnswers", "lambda"] as const) {
        const [one = NaN, same = NaN, other = NaN] = [taken, itself, chosen].map(
          ({ fits: [fit] }) => fit?.[key] ?? NaN,
        );
        expect(Math.abs(one - same), `${key} of the model itself`).toBeLessThanOrEqual(1e-8 * Math.abs(same));
        // Fits end where the sum of KL falls by less than 1e-7 of itself, from wherever they come.
        expect(Math.abs(one - other), `${key} without a beginning`).toBeLessThan(1e-6);
      }
    },
  );

  it("is not recorded of hidden layers", async () => {
    const fits = new Map<string, KnownKlFit>();
    await recordingKlFits(inline, fits).run("klLinearity", { ...klTemplate(own), inputAnswerLogits: null }, options);
    expect(fits.size).toBe(0);
  });

  it("is looked for where nothing is known", async () => {
    const asked: KlOptions[] = [];
    const compute = withKlFits(noting(asked), new Map());
    await compute.run("klLinearity", klTemplate(own), { ...options, where: "elsewhere" });
    expect(asked.map(({ known }) => known)).toEqual([undefined]);
  });
});
