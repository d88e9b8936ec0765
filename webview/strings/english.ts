import { comparisonStrings } from "./comparison";
import { exportStrings } from "./exports";
import { linearityStrings } from "./linearity";
import { originStrings } from "./origins";
import { panelStrings } from "./panel";
import { probeStrings } from "./probes";
import { relationStrings } from "./relations";
import { simulationStrings } from "./simulation";
import { steeringStrings } from "./steering";
import { subspaceStrings } from "./subspaces";
import { count, inSentence } from "./words";

export { equivalenceNames, verdictWords } from "./comparison";
export * from "./names";

export const strings = {
  ...linearityStrings,
  ...probeStrings,
  ...subspaceStrings,
  ...steeringStrings,
  ...comparisonStrings,
  ...originStrings,
  ...relationStrings,
  ...simulationStrings,
  ...exportStrings,
  ...panelStrings,
  count,
  inSentence,
} as const;
