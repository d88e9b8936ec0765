import type { TabId } from "../strings";
import { comparisonView } from "../views/comparison/comparison";
import { linearityView } from "../views/linearity";
import { originsView } from "../views/origins";
import { overview } from "../views/overview";
import { parallelismView } from "../views/parallelism";
import { probesView } from "../views/probes";
import { promptsView } from "../views/prompts";
import { steeringView } from "../views/steering";
import { subspacesView } from "../views/subspaces";
import type { View } from "../views/view";

export const views: Readonly<Record<TabId, View>> = {
  overview,
  parallelism: parallelismView,
  linearity: linearityView,
  probes: probesView,
  subspaces: subspacesView,
  steering: steeringView,
  origins: originsView,
  prompts: promptsView,
  comparison: comparisonView,
};
