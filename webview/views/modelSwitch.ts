import type { Report } from "../../src/protocol/report";
import { h } from "../dom";
import type { Side } from "../figures/sides";
import { strings } from "../strings";
import { segmented } from "./controls";
import { modelNames } from "./modelNames";
import type { PageContext } from "./view";

/** Which of two compared models the tabs show. */
export function modelSwitch(
  { model, comparison }: Partial<Report>,
  side: Side,
  context: Pick<PageContext, "choose">,
): HTMLElement | null {
  if (!model || !comparison) return null;
  const [left, right] = modelNames(model.id, comparison.model.id);
  return h(
    "div",
    { class: "model-switch", "data-testid": "model-switch" },
    h("span", { class: "selector-label", "aria-hidden": "true" }, strings.shownModel),
    segmented(
      "model",
      strings.shownModel,
      [
        { value: "left", label: left },
        { value: "right", label: right },
      ],
      side,
      context,
    ),
  );
}
