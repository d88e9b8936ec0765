import { h } from "../dom";
import { strings, tabIds, tabNames } from "../strings";
import type { TabId } from "../strings";

/** ARIA tabs: arrows, Home and End move and open; one panel per tab, filled by the caller. */
export function tabs(onOpen: (tab: TabId) => void) {
  const buttons = tabIds.map((id) =>
    h(
      "button",
      {
        type: "button",
        role: "tab",
        id: `tab-${id}`,
        "data-testid": `tab-${id}`,
        "aria-controls": `panel-${id}`,
        onclick: () => onOpen(id),
      },
      tabNames[id],
    ),
  );
  const panels = tabIds.map((id) =>
    h("div", {
      role: "tabpanel",
      id: `panel-${id}`,
      "data-testid": `panel-${id}`,
      "aria-labelledby": `tab-${id}`,
      class: "panel",
    }),
  );
  const keydown = (event: Event) => {
    if (!(event instanceof KeyboardEvent)) return;
    const from = buttons.findIndex((button) => button === event.target);
    const to = { ArrowRight: from + 1, ArrowLeft: from - 1, Home: 0, End: tabIds.length - 1 }[event.key];
    if (to === undefined || from < 0) return;
    const index = (to + tabIds.length) % tabIds.length;
    const id = tabIds[index];
    if (id === undefined) return;
    event.preventDefault();
    onOpen(id);
    buttons[index]?.focus();
  };
  const list = h(
    "div",
    { class: "tablist", role: "tablist", "aria-label": strings.tabs, onkeydown: keydown },
    ...buttons,
  );
  return {
    element: h("div", { class: "tabs" }, list, ...panels),
    panel: (id: TabId) => panels[tabIds.indexOf(id)],
    open: (open: TabId) =>
      tabIds.forEach((id, i) => {
        const selected = id === open;
        buttons[i]?.setAttribute("aria-selected", String(selected));
        buttons[i]?.setAttribute("tabindex", selected ? "0" : "-1");
        const panel = panels[i];
        if (panel) panel.hidden = !selected;
      }),
  };
}
