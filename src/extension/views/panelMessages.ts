import * as v from "valibot";
import type { SteerParams } from "../../protocol/engine";
import type { FromPanel, PanelState } from "../../protocol/panel";
import type { Report } from "../../protocol/report";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const steerSchema: v.GenericSchema<unknown, SteerParams> = v.object({
  layer: v.union([v.literal("final"), count]),
  method: v.picklist(["minimumNorm", "differenceOfMeans", "probeNormal", "pseudoInverse"]),
  alpha: v.pipe(v.number(), v.finite()),
  template: count,
  sample: count,
  to: count,
  continuation: v.pipe(count, v.maxValue(100)),
});

/** What every page may send. */
export const commonMessages = [
  v.object({ type: v.literal("ready"), hasReport: v.boolean() }),
  v.object({ type: v.literal("cancel") }),
  v.object({
    type: v.literal("openFile"),
    file: v.string(),
    line: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  }),
  v.object({ type: v.literal("saveReport") }),
  v.object({ type: v.literal("saveText"), name: v.string(), text: v.string() }),
  v.object({
    type: v.literal("savePicture"),
    name: v.string(),
    dataUrl: v.pipe(v.string(), v.regex(/^data:image\/(png|svg\+xml)[;,]/)),
  }),
  v.object({ type: v.literal("copy"), text: v.string() }),
  v.object({ type: v.literal("showLog") }),
] as const;

const fromPanelSchema: v.GenericSchema<unknown, FromPanel> = v.variant("type", [
  ...commonMessages,
  v.object({ type: v.literal("analyzeAgain") }),
  v.object({ type: v.literal("compareModels") }),
  v.object({ type: v.literal("steer"), id: count, params: steerSchema }),
  v.object({ type: v.literal("saveHtml") }),
  v.object({
    type: v.literal("saveTables"),
    tables: v.array(v.object({ name: v.pipe(v.string(), v.regex(/^[a-z0-9-]+\.csv$/)), text: v.string() })),
  }),
  v.object({ type: v.literal("saveActivations") }),
]);

const panelStateSchema: v.GenericSchema<unknown, PanelState> = v.object({
  file: v.pipe(v.string(), v.nonEmpty()),
  report: v.nullable(
    v.custom<Report>((report) =>
      v.is(v.looseObject({ schemaVersion: v.literal(1), relation: v.object({}), settings: v.object({}) }), report),
    ),
  ),
  tab: v.fallback(v.string(), ""),
});

/** `null` for anything that the page has no business sending. */
export function parseFromPanel(message: unknown): FromPanel | null {
  const parsed = v.safeParse(fromPanelSchema, message);
  return parsed.success ? parsed.output : null;
}

/** The state that a page kept over a reload; `null` where there is none, or it is from another version. */
export function parsePanelState(state: unknown): PanelState | null {
  const parsed = v.safeParse(panelStateSchema, state);
  return parsed.success ? parsed.output : null;
}
