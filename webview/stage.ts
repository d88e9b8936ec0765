import type { Drawing } from "./charts/drawing";
import type { PageContext } from "./views/view";

export type Mounting = Pick<PageContext, "afterMount" | "track">;

/** Where one view is drawn at a time, in place of what was there before. */
export interface Stage {
  show(holder: Element | undefined, render: (mounting: Mounting) => HTMLElement): void;
  /** Colours have changed. */
  redraw(): void;
}

export function stage(): Stage {
  let drawings: Drawing[] = [];
  return {
    show: (holder, render) => {
      const focused = document.activeElement?.id;
      drawings.forEach((drawing) => drawing.destroy());
      drawings = [];
      const mounted: (() => void)[] = [];
      holder?.replaceChildren(
        render({ afterMount: (run) => void mounted.push(run), track: (drawing) => void drawings.push(drawing) }),
      );
      mounted.forEach((run) => run());
      // The control that caused this was replaced by its like.
      if (focused !== undefined && focused !== "" && document.activeElement === document.body) {
        document.getElementById(focused)?.focus();
      }
    },
    redraw: () => drawings.forEach((drawing) => drawing.redraw()),
  };
}
