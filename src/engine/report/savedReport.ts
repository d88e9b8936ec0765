import { readFile, stat } from "node:fs/promises";
import * as v from "valibot";
import { partsOf } from "../../formats/reportParts";
import type { OpenedReport } from "../../protocol/engine";
import { ProblemError } from "../../protocol/problem";
import type { RelationsReport } from "../../protocol/relationsReport";
import type { Report } from "../../protocol/report";
import type { SimulationReport } from "../../protocol/simulation";
import { digest } from "./digest";

/** A report on thousands of prompts in two models is some hundred megabytes. */
const mostBytes = 500e6;

/** The engine's own writing, so that its figures need not be checked one by one. */
const as = <T>(shape: v.GenericSchema) => shape as v.GenericSchema<T>;

const object = v.looseObject({});
const list = v.array(object);
const numbers = v.array(v.array(v.nullable(v.number())));
const model = v.looseObject({ id: v.string(), hiddenSize: v.number(), layers: v.number(), checks: list });

/** What every view counts on; figures that came with a later version may be absent. */
const reportShape = as<Report>(
  v.looseObject({
    schemaVersion: v.literal(1),
    relation: v.looseObject({ name: v.string(), file: v.string(), templates: v.array(v.string()), samples: list }),
    model,
    settings: v.looseObject({ seed: v.number(), model: v.string(), only: v.array(v.string()) }),
    prompts: list,
    parallelism: v.nullable(object),
    ...{ linearity: list, probes: list, subspaces: list, steering: list, warnings: list },
    summary: v.looseObject({ headline: v.array(v.string()), properties: list }),
    timing: object,
  }),
);

const relationsShape = as<RelationsReport>(
  v.looseObject({
    schemaVersion: v.literal(1),
    kind: v.literal("relations"),
    relations: v.array(v.looseObject({ name: v.string(), file: v.string() })),
    model,
    settings: object,
    parallelism: object,
    probeTransfer: list,
    order: v.array(v.number()),
    headline: v.array(v.string()),
    warnings: list,
  }),
);

const simulationShape = as<SimulationReport>(
  v.looseObject({
    schemaVersion: v.literal(1),
    kind: v.literal("origins"),
    concepts: v.number(),
    runs: v.number(),
    settings: object,
    matrices: v.looseObject({ unembedding: numbers, embedding: numbers, cross: numbers }),
    curves: v.array(list),
    headline: v.array(v.string()),
  }),
);

/** A saved report of any kind, as it is in the file. @throws ProblemError where the file is none */
export async function openSavedReport(file: string): Promise<OpenedReport> {
  const { bytes, value } = await readJson(file);
  const kind = v.is(v.looseObject({ kind: v.string() }), value) ? value.kind : "report";
  if (kind === "relations") return { kind, report: shaped(relationsShape, value, file) };
  if (kind === "origins") return { kind, report: shaped(simulationShape, value, file) };
  const report = shaped(reportShape, value, file);
  return {
    kind: "report",
    report: partsOf(bytes),
    model: report.model.id,
    digest: digest(report),
    relationFile: report.relation.file,
  };
}

/** A saved report on one relation. @throws ProblemError where the file is none */
export async function readSavedReport(file: string): Promise<Report> {
  return shaped(reportShape, (await readJson(file)).value, file);
}

function shaped<T>(shape: v.GenericSchema<T>, value: unknown, file: string): T {
  if (v.is(shape, value)) return value;
  const { issues } = v.safeParse(shape, value);
  const path = issues === undefined ? null : v.getDotPath(issues[0]);
  throw notAReport(file, path === null ? "" : `: its ${path} is missing or of another kind`);
}

async function readJson(file: string): Promise<{ bytes: Uint8Array; value: unknown }> {
  let bytes: Uint8Array;
  try {
    // Before opening: opening a pipe would wait for a writer.
    const found = await stat(file);
    if (!found.isFile() || found.size > mostBytes) throw notAReport(file, found.isFile() ? ": it is too large" : "");
    bytes = await readFile(file);
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw problem(
      "report-unreadable",
      file,
      "This report cannot be read.",
      "Check the path, and that you may read it.",
    );
  }
  try {
    return { bytes, value: JSON.parse(new TextDecoder().decode(bytes)) };
  } catch {
    throw notAReport(file, ": it is no JSON, or is cut off");
  }
}

function notAReport(file: string, why: string): ProblemError {
  return problem(
    "report-not-a-report",
    file,
    `This file is not a report of Relation Lens, version 1${why}.`,
    "Choose a file that `relation-lens analyze --out` or Save Report wrote.",
  );
}

function problem(code: string, file: string, message: string, remedy: string): ProblemError {
  return new ProblemError([{ kind: "input", code, severity: "error", message, remedy, file }]);
}
