interface Walk {
  readonly rows: number;
  readonly columns: number;
  readonly label: string;
  /** Where the cursor is, in drawn rows and columns. */
  readonly cursor: () => readonly [number, number];
  readonly move: (row: number, column: number) => void;
  readonly choose: (row: number, column: number) => void;
}

const moves: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Makes a map walkable: arrow keys move between cells, Enter chooses one. */
export function walkCells(box: HTMLElement, { rows, columns, label, cursor, move, choose }: Walk): void {
  box.tabIndex = 0;
  box.setAttribute("role", "application");
  box.setAttribute("aria-label", label);
  box.addEventListener("keydown", (event) => {
    const step = moves[event.key];
    const [row, column] = cursor();
    const clamp = (i: number, count: number) => Math.max(0, Math.min(count - 1, i));
    if (step) move(clamp(row + step[0], rows), clamp(column + step[1], columns));
    else if (event.key === "Enter" || event.key === " ") choose(row, column);
    else return;
    event.preventDefault();
  });
}
