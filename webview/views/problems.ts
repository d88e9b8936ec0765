import type { Problem } from "../../src/protocol/problem";
import { h } from "../dom";
import { strings } from "../strings";

type Ask = (
  message: { readonly type: "openFile"; readonly file: string; readonly line?: number } | { readonly type: "showLog" },
) => void;

/** What a person can mend, with a link to the place; `previous` says that something older is shown below. */
export function problems(all: readonly Problem[], previous: string | null, ask: Ask): HTMLElement | null {
  if (all.length === 0) return null;
  const failed = all.some((problem) => problem.severity === "error");
  return h(
    "section",
    { class: "problems", "aria-label": strings.problems, role: "alert", "data-testid": "problems" },
    ...all.map((problem) => item(problem, ask)),
    failed && previous !== null && h("p", { class: "muted" }, previous),
  );
}

function item(problem: Problem, ask: Ask): HTMLElement {
  const { file, position, severity } = problem;
  const location =
    file === undefined ? null : [baseName(file), position?.line].filter((p) => p !== undefined).join(":");
  const open = () =>
    file !== undefined && ask(position ? { type: "openFile", file, line: position.line } : { type: "openFile", file });
  return h(
    "div",
    { class: `problem ${severity}`, "data-code": problem.code },
    h("span", { class: "severity" }, severity === "error" ? strings.errorLabel : strings.warningLabel),
    h(
      "div",
      {},
      h(
        "p",
        {},
        location !== null &&
          h(
            "button",
            { type: "button", class: "link", title: strings.openLocation(file ?? ""), onclick: () => void open() },
            location,
          ),
        location !== null && ": ",
        problem.message,
      ),
      problem.remedy !== "" && h("p", { class: "muted" }, problem.remedy),
      problem.kind === "internal" &&
        h("button", { type: "button", class: "link", onclick: () => ask({ type: "showLog" }) }, strings.showLog),
    ),
  );
}

const baseName = (file: string) => file.split(/[\\/]/).at(-1) ?? file;
