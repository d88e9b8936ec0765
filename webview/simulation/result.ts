import type { MeanAndError, SimulationReport } from "../../src/protocol/simulation";
import { frame } from "../charts/frame";
import { h } from "../dom";
import { cosineKeys } from "../figures/simulationCurves";
import { cell } from "../figures/table";
import type { TableModel } from "../figures/table";
import { figure, fileName, seconds, significant } from "../format";
import { strings } from "../strings";
import type { PageContext } from "../views/view";

/** What the runs came to, beside where they began. */
export function result(report: SimulationReport, context: PageContext): HTMLElement {
  const { resultColumns: columns } = strings;
  const numeric = (label: string) => ({ label, numeric: true });
  const parts = ({ mean, se }: MeanAndError) => [cell(figure(mean, 3), mean), cell(figure(se, 3), se)];
  const table: TableModel = {
    columns: [
      { label: columns.quantity },
      numeric(columns.final),
      numeric(columns.finalError),
      numeric(columns.initial),
      numeric(columns.initialError),
    ],
    rows: cosineKeys.map((key) => [
      cell(strings.cosineNames[key]),
      ...parts(report[key]),
      ...parts(report.initial[key]),
    ]),
  };
  const withError = ({ mean, se }: MeanAndError) =>
    se === null ? significant(mean) : strings.meanAndError(significant(mean), significant(se, 2));
  const converged = report.converged.filter(Boolean).length;
  return h(
    "section",
    { class: "stack", "data-testid": "result" },
    frame(
      { id: "simulation-result", title: strings.resultTitle, fileName: fileName("origins", "result"), table },
      context,
    ),
    h(
      "p",
      { class: "muted" },
      [
        strings.lossOf(withError(report.loss), withError(report.lossFloor)),
        strings.convergedRuns(converged, report.converged.length),
        strings.tookSeconds(seconds(report.seconds)),
      ].join(" "),
    ),
  );
}
