import type { ComparedRelation } from "../../src/protocol/relationsReport";
import { frame } from "../charts/frame";
import { h } from "../dom";
import { cell } from "../figures/table";
import type { TableModel } from "../figures/table";
import { figure, fileName, missing, share } from "../format";
import { strings } from "../strings";
import type { PageContext } from "../views/view";

/** The relations that are compared, each with a link to its file. */
export function relationList(
  relations: readonly ComparedRelation[],
  context: PageContext,
  open: (file: string) => void,
): HTMLElement {
  const table: TableModel = {
    columns: [
      { label: strings.relation },
      { label: strings.samplesColumn, numeric: true },
      { label: strings.pairsColumn, numeric: true },
      { label: strings.correctColumn, numeric: true },
      { label: strings.rankColumn, numeric: true },
      { label: strings.r2, numeric: true },
      { label: strings.template, wide: true },
    ],
    rows: relations.map((one) => [
      cell(one.name),
      cell(String(one.samples), one.samples),
      cell(String(one.pairs), one.pairs),
      cell(share(one.correct), one.correct),
      cell(one.rank === null ? missing : String(one.rank), one.rank),
      cell(figure(one.r2Logit), one.r2Logit),
      cell(one.template),
    ]),
  };
  return h(
    "div",
    {},
    frame({ id: "relations", title: strings.relationsTable, fileName: fileName("relations"), table }, context),
    h(
      "p",
      { class: "file-links" },
      ...relations.map(({ name, file }) =>
        h(
          "button",
          { type: "button", class: "link", title: strings.openLocation(file), onclick: () => open(file) },
          strings.openFileOf(name),
        ),
      ),
    ),
  );
}
