import type { Problem } from "../../src/protocol/problem";
import { h } from "../dom";
import { post } from "../host";
import type { ViewState } from "../state";
import { strings } from "../strings";

/** What a person can mend, with a link to the place, shown above the last report. */
export function problems(state: ViewState): HTMLElement | null {
  if (state.problems.length === 0) return null;
  const failed = state.problems.some((problem) => problem.severity === "error");
  return h(
    "section",
    { class: "problems", "aria-label": strings.problems, role: "alert", "data-testid": "problems" },
    ...state.problems.map((problem) => item(problem)),
    failed && state.report && h("p", { class: "muted" }, strings.previous),
  );
}

function item(problem: Problem): HTMLElement {
  const { file, position, severity } = problem;
  const location =
    file === undefined ? null : [baseName(file), position?.line].filter((p) => p !== undefined).join(":");
  const open = () =>
    file !== undefined && post(position ? { type: "openFile", file, line: position.line } : { type: "openFile", file });
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
        h("button", { type: "button", class: "link", onclick: () => post({ type: "showLog" }) }, strings.showLog),
    ),
  );
}

const baseName = (file: string) => file.split(/[\\/]/).at(-1) ?? file;
