import { join } from "node:path";
import { inline } from "../../../src/engine/compute/tasks";
import { ModelStore } from "../../../src/engine/modelStore";
import { prepareStudy } from "../../../src/engine/prepareStudy";
import { ProgressMeter } from "../../../src/engine/progressMeter";
import { computeSections } from "../../../src/engine/sections/computeSections";
import type { SectionFigures } from "../../../src/engine/sections/sectionFigures";
import type { Study } from "../../../src/engine/sections/study";
import { Stopwatch } from "../../../src/engine/stopwatch";
import type { Recording } from "../../../src/engine/twins/recordingModel";
import { readRelationFile } from "../../../src/formats/relationFile";
import type { Relation } from "../../../src/protocol/relation";
import type { Section } from "../../../src/protocol/report";

const root = join(import.meta.dirname, "../../..");
const store = new ModelStore();

/** Seconds of one stage, and its result. */
export async function timed<T>(run: () => Promise<T>): Promise<[T, number]> {
  const start = performance.now();
  const value = await run();
  return [value, (performance.now() - start) / 1000];
}

/** The study of a sample on the embedded model, recorded; `change` edits the relation first. */
export async function embeddedStudy(
  sample: string,
  change: (relation: Relation) => Relation = (relation) => relation,
): Promise<{ study: Study; recording: Recording }> {
  const file = join(root, "samples", sample);
  const { relation } = await readRelationFile(file);
  if (relation === null) throw new Error(`${sample} cannot be read`);
  const hooks = { signal: new AbortController().signal, onProgress: () => undefined };
  const location = join(root, "models/embedded-small");
  const { study, recording } = await prepareStudy({
    relation: change(relation),
    file,
    samplesFile: file,
    samplePositions: [],
    settings: { model: null, seed: 5, only: [], layers: "all", bos: "auto" },
    open: await store.get({ location, id: "embedded-small" }, { bos: "auto", signal: hooks.signal }),
    clock: new Stopwatch(),
    progress: new ProgressMeter(hooks, ["load", "tokenize", "forward"]),
    hooks,
    warn: () => undefined,
  });
  return { study: { ...study, compute: inline, pause: () => Promise.resolve() }, recording };
}

/** The figures that the report would have. */
export function figuresOf(study: Study, only: readonly Section[]): Promise<SectionFigures> {
  return computeSections(only, {
    studyOf: () => study,
    stage: (_, run) => run(),
    onFigures: () => undefined,
  });
}
