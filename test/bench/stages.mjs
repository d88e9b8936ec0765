/**
 * `npm run bench -- stages`: where the time of one whole report goes, for a relation of 50 pairs in three
 * paraphrases on the embedded model. The goal: everything but the Jacobian within three times the forward passes
 * plus 2 s. Within a run, passes share the processors with the analyses; the same passes are run once more alone.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../scripts/paths.mjs";

const processorTime = new URL("processorTime.mjs", import.meta.url).href;
const forwardAlone = new URL("forwardAlone.mjs", import.meta.url).href;

const subjects = 50;
const paraphrases = 3;

export function benchStages(repeats) {
  const folder = mkdtempSync(join(tmpdir(), "relation-lens-bench-"));
  const relation = join(folder, "plural.relation.json");
  writeFileSync(relation, JSON.stringify(pluralRelation()));
  const runs = Array.from({ length: repeats }, () => timingOf(relation, folder));
  const alone = Array.from({ length: repeats }, () => secondsAlone(relation, folder));
  rmSync(folder, { recursive: true });

  const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  const of = (pick) => median(runs.map(pick));
  const forward = of(({ forward }) => forward);
  const row = (seconds) => ({ s: seconds.toFixed(3), "÷ forward": (seconds / forward).toFixed(1) });
  console.log(`${subjects} pairs × ${paraphrases} paraphrases, embedded-small, median of ${repeats} runs`);
  console.log("`forward` holds every forward pass; the stages below `analyses` run side by side and hold theirs");
  console.table({
    load: row(of(({ load }) => load)),
    forward: row(forward),
    "  the same alone": row(median(alone)),
    analyses: row(of(({ analyse }) => analyse)),
    ...Object.fromEntries(
      Object.keys(runs[0].stages).map((name) => [`  ${name}`, row(of(({ stages }) => stages[name]))]),
    ),
    "  all but twins": row(of(({ analyse, stages }) => analyse - stages.twins)),
    total: row(of(({ total }) => total)),
    "goal for analyses": row(3 * forward + 2),
    "  by passes alone": row(3 * median(alone) + 2),
    "processor, all threads": row(of(({ processor }) => processor)),
  });
}

function pluralRelation() {
  const { templates, pairs } = JSON.parse(readFileSync(join(root, "training/facts/plural.json"), "utf8"));
  return {
    name: "plural",
    prompt_templates: templates.slice(0, paraphrases),
    samples: pairs.slice(0, subjects).map(([subject, object]) => ({ subject, object })),
  };
}

function timingOf(relation, folder) {
  const processor = join(folder, "processor.txt");
  const out = analyse(relation, folder, processorTime, { PROCESSOR_TIME_FILE: processor });
  return { ...JSON.parse(readFileSync(out, "utf8")).timing, processor: Number(readFileSync(processor, "utf8")) };
}

/** Every pass of a report, run again when the report is done. */
function secondsAlone(relation, folder) {
  const seconds = join(folder, "forward.txt");
  analyse(relation, folder, forwardAlone, { FORWARD_ALONE_FILE: seconds });
  return Number(readFileSync(seconds, "utf8"));
}

/** The path of the report. */
function analyse(relation, folder, preloaded, variables) {
  const out = join(folder, "report.json");
  const args = ["--import", preloaded, "dist/cli.js", "analyze", relation, "--out", out];
  const env = { ...process.env, ...variables };
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8", env });
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}:\n${stderr}`);
  return out;
}
