import { h } from "../dom";
import { button } from "../toolkit";

export interface MenuItem {
  readonly id: string;
  readonly label: string;
  /** More than the label says, where it needs it. */
  readonly help?: string;
  readonly choose: () => void;
}

/**
 * A button that opens a menu, as the ARIA pattern of a menu button has it: arrows, Home, End and first letters move,
 * Escape goes back to the button, and so does a choice.
 */
export function menu(label: string, testId: string, items: readonly MenuItem[]): HTMLElement {
  const entries = items.map((item) =>
    h(
      "button",
      {
        type: "button",
        role: "menuitem",
        tabindex: -1,
        "data-testid": item.id,
        title: item.help,
        onclick: () => {
          close(true);
          item.choose();
        },
      },
      item.label,
    ),
  );
  const list = h("div", { class: "menu-list", role: "menu", "aria-label": label, hidden: true }, ...entries);
  const opener = button(label, () => (list.hidden ? open(0) : close(true)), {
    "data-testid": testId,
    "aria-haspopup": "menu",
    "aria-expanded": "false",
  });
  const element = h("div", { class: "menu" }, opener, list);
  opener.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    open(event.key === "ArrowDown" ? 0 : entries.length - 1);
  });
  list.addEventListener("keydown", onKey);
  element.addEventListener("focusout", ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && element.contains(relatedTarget))) close(false);
  });
  // A click on what takes no focus leaves it where it was.
  document.addEventListener("pointerdown", ({ target }) => {
    if (!(target instanceof Node && element.contains(target))) close(false);
  });
  return element;

  function open(place: number): void {
    list.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    entries[place]?.focus();
  }

  function close(back: boolean): void {
    if (list.hidden) return;
    list.hidden = true;
    opener.setAttribute("aria-expanded", "false");
    if (back) opener.focus();
  }

  function onKey(event: KeyboardEvent): void {
    const at = entries.findIndex((entry) => entry === document.activeElement);
    const to = target(event, at);
    if (event.key === "Escape") close(true);
    else if (to !== null) entries[to]?.focus();
    else return;
    event.preventDefault();
  }

  /** Where a key leads; null where it leads nowhere. */
  function target({ key }: KeyboardEvent, at: number): number | null {
    const count = entries.length;
    switch (key) {
      case "ArrowDown":
        return (at + 1) % count;
      case "ArrowUp":
        return (at - 1 + count) % count;
      case "Home":
        return 0;
      case "End":
        return count - 1;
    }
    if (key.length !== 1 || key === " ") return null;
    const begins = (place: number) => items[place % count]?.label.toLowerCase().startsWith(key.toLowerCase());
    const step = items.findIndex((_, i) => begins(at + 1 + i));
    return step < 0 ? null : (at + 1 + step) % count;
  }
}
