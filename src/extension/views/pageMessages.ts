import * as v from "valibot";
import type { FromPage, PageState } from "../../protocol/panel";
import type { RelationsReport } from "../../protocol/relationsReport";
import { simulationLimits, type SimulationReport, type SimulationSettings } from "../../protocol/simulation";
import { commonMessages } from "./panelMessages";

const share = v.pipe(v.number(), v.gtValue(0), v.maxValue(1));
const whole = ([least, most]: readonly [number, number]) =>
  v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most));

const simulationSettings: v.GenericSchema<unknown, SimulationSettings> = v.object({
  concepts: whole(simulationLimits.concepts),
  runs: whole(simulationLimits.runs),
  optimizer: v.picklist(["sgd", "adam"]),
  seed: whole(simulationLimits.seed),
  dimension: v.exactOptional(whole(simulationLimits.dimension)),
  steps: v.exactOptional(whole(simulationLimits.steps)),
  masks: v.exactOptional(share),
  strings: v.exactOptional(share),
});

const fromPageSchema: v.GenericSchema<unknown, FromPage> = v.variant("type", [
  ...commonMessages,
  v.object({ type: v.literal("again"), settings: v.exactOptional(simulationSettings) }),
]);

const saved = <T>(kind: string) =>
  v.nullable(
    v.custom<T>((report) => v.is(v.looseObject({ schemaVersion: v.literal(1), kind: v.literal(kind) }), report)),
  );

const pageStateSchema: v.GenericSchema<unknown, PageState> = v.variant("page", [
  v.object({
    page: v.literal("relations"),
    files: v.array(v.pipe(v.string(), v.nonEmpty())),
    report: saved<RelationsReport>("relations"),
  }),
  v.object({ page: v.literal("simulation"), settings: simulationSettings, report: saved<SimulationReport>("origins") }),
]);

/** `null` for anything that a page has no business sending. */
export function parseFromPage(message: unknown): FromPage | null {
  const parsed = v.safeParse(fromPageSchema, message);
  return parsed.success ? parsed.output : null;
}

/** The state that a page kept over a reload; `null` where there is none, or it is from another version. */
export function parsePageState(state: unknown): PageState | null {
  const parsed = v.safeParse(pageStateSchema, state);
  return parsed.success ? parsed.output : null;
}
