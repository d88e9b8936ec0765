import { basename, resolve } from "node:path";
import { checkExpectations } from "../../engine/report/expectations";
import { expectationNeeds } from "../../formats/expectations/expectationNeeds";
import { readTextFile } from "../../formats/readTextFile";
import { parseRelation } from "../../formats/relationFile";
import { relationOutline } from "../../formats/relationOutline";
import type { ExpectationResult } from "../../protocol/digest";
import type { AnalyzeSettings } from "../../protocol/engine";
import type { Position, Problem } from "../../protocol/problem";
import { untilInterrupted, type EngineApi, type EngineHooks } from "../engineApi";
import type { Io } from "../io";
import { logTo } from "../logLines";
import { statusOf } from "../problemLines";
import { ProgressLine } from "../progressLine";

export interface TestedExpectation extends ExpectationResult {
  readonly position: Position;
}

/** What became of the expectations of one file. */
export interface TestedFile {
  /** As it was named. */
  readonly file: string;
  readonly seconds: number;
  readonly seed: number;
  /** `model.id` of the report; null where none was made. */
  readonly model: string | null;
  /** In the file's order; none where the file could not be analysed. */
  readonly expectations: readonly TestedExpectation[];
  /** Of the file and of the model; an error keeps the file from being tested. */
  readonly problems: readonly Problem[];
}

export interface TestRun {
  readonly engine: EngineApi;
  readonly settings: Omit<AnalyzeSettings, "only">;
  readonly compare: string | null;
  readonly io: Io;
  readonly verbose: boolean;
}

/** Analyses what the expectations of a file are about; null where it has none. @throws what an interruption does */
export async function testFile(file: string, run: TestRun): Promise<TestedFile | null> {
  const started = performance.now();
  const { io, settings } = run;
  const tested = (parts: Partial<TestedFile>): TestedFile => ({
    file,
    seconds: (performance.now() - started) / 1000,
    seed: settings.seed,
    model: null,
    expectations: [],
    problems: [],
    ...parts,
  });
  const path = resolve(io.cwd, file);
  const { text, problem } = await readTextFile(path);
  if (text === null) return tested({ problems: [problem] });
  const { relation, problems } = parseRelation(text, path);
  if (relation === null) return tested({ problems });
  const { expect = {} } = relation;
  const paths = Object.keys(expect);
  if (paths.length === 0) return null;
  const outcome = await analyze(path, expectationNeeds(paths), run);
  if (!outcome.ok) return tested({ problems: outcome.problems });
  const positions = new Map(relationOutline(text, path).expectations.map(({ path, position }) => [path, position]));
  return tested({
    model: outcome.value.model.id,
    expectations: checkExpectations(outcome.value, expect).map((result) => ({
      ...result,
      position: positions.get(result.path) ?? { line: 1, column: 1 },
    })),
    problems: outcome.problems,
  });
}

async function analyze(
  path: string,
  { sections, twins }: ReturnType<typeof expectationNeeds>,
  { engine, settings, compare, io, verbose }: TestRun,
) {
  const progress = new ProgressLine(io.err, basename(path));
  const hooks: EngineHooks = {
    signal: io.signal,
    onProgress: (step) => progress.show(step),
    onLog: logTo(io, verbose),
  };
  const params = {
    file: path,
    settings: { ...settings, only: sections, twins: twins ? (settings.twins ?? 0) : 0 },
    ...(compare !== null && { compare }),
  };
  return untilInterrupted(engine.analyze(params, hooks), io.signal).finally(() => progress.clear());
}

/** Whether a file was analysed at all. */
export function wasTested({ problems, model }: TestedFile): boolean {
  return model !== null && statusOf(problems) === 0;
}
