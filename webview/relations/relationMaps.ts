import type { RelationMatrix, RelationsReport } from "../../src/protocol/relationsReport";
import type { CosineMatrix } from "../../src/protocol/report";
import { h } from "../dom";
import { cosineDomain, overlapDomain } from "../figures/colourScale";
import { figure, fileName, interval, share } from "../format";
import { identifiableWords, strings } from "../strings";
import { capitalised } from "../strings/words";
import { segmented, selector } from "../views/controls";
import { matrixFigure } from "../views/matrixFigure";
import type { MatrixFigure } from "../views/matrixFigure";
import type { PageContext } from "../views/view";
import { relationList } from "./relationList";

/** What the relations share: a map each of subspaces, parallelism, probes and directions. */
export function relationMaps(report: RelationsReport, context: PageContext, open: (file: string) => void): HTMLElement {
  const clustered = context.choice("relation-order", "clustered") === "clustered";
  const names = report.relations.map(({ name }) => name);
  const order = clustered ? report.order : names.map((_, i) => i);
  const map = (
    id: string,
    options: Omit<MatrixFigure, "id" | "labels" | "names" | "order" | "plain" | "narrow" | "fileName">,
  ) =>
    matrixFigure(
      { ...options, id, labels: names, names, order, plain: true, narrow: true, fileName: fileName("relations", id) },
      context,
    );
  return h(
    "div",
    { class: "stack wide-gap" },
    report.headline.length > 0 &&
      h(
        "section",
        { class: "headline", "data-testid": "headline", "aria-label": strings.summary },
        ...report.headline.map((sentence) => h("p", {}, sentence)),
      ),
    relationList(report.relations, context, open),
    h(
      "div",
      { class: "controls" },
      segmented(
        "relation-order",
        strings.orderChoice,
        [
          { value: "clustered", label: strings.clusteredOrder },
          { value: "given", label: strings.givenOrder },
        ],
        clustered ? "clustered" : "given",
        context,
      ),
      h("span", { class: "muted" }, strings.withinNull),
    ),
    h("div", { class: "columns even wide-gap" }, subspaces(), parallelism(), probes(), directions()),
    report.warnings.length > 0 &&
      h(
        "ul",
        { class: "warnings" },
        ...report.warnings.map(({ message, where }) =>
          h("li", {}, message, where !== "" && h("span", { class: "muted" }, ` (${where})`)),
        ),
      ),
  );

  function subspaces(): HTMLElement {
    const found = report.subspaces;
    if (!found) return none(strings.subspacesOf);
    return map("subspaces", {
      ...ofMatrix(found),
      title: strings.subspacesOf,
      domain: overlapDomain,
      quantity: strings.overlap,
      below: `${strings.subspacesHelp} ${sameness(found)}`,
    });
  }

  function parallelism(): HTMLElement {
    const { key, found, control } = ofGeometry("parallelism-geometry", report.parallelism);
    if (!key || !found) return none(strings.parallelismOf);
    return map("parallelism", {
      ...ofMatrix(found),
      title: `${strings.parallelismOf}, ${strings.inSentence(strings.geometries[key])}`,
      domain: cosineDomain,
      quantity: strings.meanCosine,
      above: control,
      below: `${strings.parallelismHelp} ${sameness(found)}`,
    });
  }

  function probes(): HTMLElement {
    const layers = report.probeTransfer.map(({ layer }) => layer);
    const layer = layers.find((one) => String(one) === context.choice("probe-layer", "")) ?? layers.at(-1);
    const found = report.probeTransfer.find((one) => one.layer === layer);
    if (!found || layer === undefined) return none(strings.probesOf);
    return map("probes", {
      ...ofMatrix(found),
      title: `${strings.probesOf}, ${strings.atLayer(layer)}`,
      domain: overlapDomain,
      quantity: strings.accuracy,
      axes: [strings.trainedOn, strings.testedOn],
      above: selector(
        "probe-layer",
        strings.layer,
        layers.map((one) => ({ value: String(one), label: strings.layerName(one) })),
        String(layer),
        context,
      ),
      below: `${strings.probesHelp(share(found.majority))} ${sameness(found)}`,
    });
  }

  function directions(): HTMLElement {
    const all = report.conceptDirections;
    if (!all) return none(strings.directionsOf);
    const { distributional, causal, euclidean, mahalanobis, meanOffDiagonal: mean } = all;
    const { key, found, control } = ofGeometry("direction-geometry", {
      distributional,
      causal,
      euclidean,
      mahalanobis,
    });
    if (!key || !found) return none(strings.directionsOf);
    return map("directions", {
      title: `${strings.directionsOf}, ${strings.inSentence(geometryName(key))}`,
      domain: cosineDomain,
      quantity: strings.cosine,
      matrix: found.matrix,
      above: control,
      detail: (row, column) => relationFacts([row, column]),
      below: [
        strings.directionsHelp,
        mean === null
          ? ""
          : strings.offDiagonal(figure(mean), interval(all.interval), figure(all.randomMean), figure(all.randomUpper)),
        sameness({ ...found, n: all.n }),
      ].join(" "),
    });
  }

  /** Choice among the geometries that were computed. */
  function ofGeometry<K extends GeometryKey, M>(choice: string, maps: Readonly<Record<K, M | null>>) {
    const available = geometryKeys.filter((one): one is K => one in maps && maps[one as K] !== null);
    const key = available.find((one) => one === context.choice(choice, "")) ?? available[0];
    const options = available.map((value) => ({ value, label: geometryName(value) }));
    const control = segmented(choice, strings.geometry, options, key ?? "", context);
    return { key, found: key === undefined ? null : maps[key], control };
  }

  function ofMatrix({ matrix, upper, intervals }: RelationMatrix) {
    const value = (row: number, column: number) => matrix[row]?.[column] ?? null;
    const nullOf = (row: number, column: number) => upper?.[row]?.[column] ?? null;
    const lines = (row: number, column: number) => {
      const ends = intervals?.[row]?.[column] ?? null;
      const expected = nullOf(row, column);
      return [
        ends && `${strings.interval} ${interval(ends)}`,
        expected === null ? null : strings.nullLine(figure(expected, 3)),
      ].filter((text) => text !== null);
    };
    return {
      matrix,
      lines,
      marked: (row: number, column: number) => {
        const [found, expected] = [value(row, column), nullOf(row, column)];
        return found !== null && expected !== null && found <= expected;
      },
      detail: (row: number, column: number) =>
        h(
          "div",
          { class: "stack" },
          h("p", { class: "muted" }, lines(row, column).join("; ")),
          relationFacts([row, column]),
        ),
    };
  }

  /** The two relations behind a cell. */
  function relationFacts(places: readonly number[]): HTMLElement {
    return h(
      "dl",
      { class: "row-facts" },
      ...[...new Set(places)].flatMap((i) => {
        const one = report.relations[i];
        return one
          ? [
              h(
                "div",
                {},
                h("dt", {}, one.name),
                h("dd", {}, one.template),
                h("dd", {}, `${strings.sampleCount(one.samples)}, ${strings.pairsBehind(one.pairs)}`),
                h("dd", {}, `${strings.rank} ${one.rank ?? "–"}, R² ${figure(one.r2Logit)}`),
              ),
            ]
          : [];
      }),
    );
  }
}

const geometryKeys = ["distributional", "causal", "euclidean", "mahalanobis"] as const;
type GeometryKey = (typeof geometryKeys)[number];

const geometryName = (key: GeometryKey) => (key === "mahalanobis" ? strings.mahalanobis : strings.geometries[key]);

const sameness = ({ identifiable, n }: Pick<RelationMatrix, "identifiable" | "n"> | (CosineMatrix & { n: number })) =>
  `${capitalised(identifiableWords(identifiable))}; n ${n}.`;

const none = (title: string) => h("p", { class: "muted" }, strings.noneOf(title));
