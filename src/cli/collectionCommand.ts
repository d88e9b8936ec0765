import { listCollection } from "../engine/subjects/offerSubjects";
import type { SubjectList } from "../protocol/engine";
import { exitStatus, UsageError, type ExitStatus, type Io } from "./io";
import { readOptions } from "./options";
import { reportText } from "./reportText";
import { style } from "./style";

/** `relation-lens collection`. @throws UsageError */
export async function collectionCommand(argv: readonly string[], io: Io): Promise<ExitStatus> {
  const { positionals, flags } = readOptions(argv, { json: "flag" });
  const [unexpected] = positionals;
  if (unexpected !== undefined) {
    throw new UsageError(`collection takes no ${unexpected}.`, "It lists all built-in relations.");
  }
  const relations = await listCollection();
  await io.out.write(flags.has("json") ? reportText(relations) : renderCollection(relations, io.out.colour));
  return exitStatus.done;
}

function renderCollection(relations: readonly SubjectList[], colour: boolean): string {
  const { bold } = style(colour);
  const width = Math.max(0, ...relations.map(({ name }) => name.length)) + 2;
  const kinds = [...new Set(relations.map(({ kind }) => kind ?? "other"))];
  const groups = kinds.map((kind) => {
    const lines = relations
      .filter((relation) => (relation.kind ?? "other") === kind)
      .map((relation) => line(relation, width));
    return `${bold(kind)}\n${lines.join("")}`;
  });
  return `${groups.join("\n")}\n${relations.length} relations. Take the subjects of one: relation-lens analyze prompt.txt --subjects ${relations[0]?.name ?? "NAME"}\n`;
}

function line({ name, count, examples, template }: SubjectList, width: number): string {
  const [first] = examples;
  const pair = first === undefined ? "" : `${first.subject} → ${first.object ?? "?"}`;
  return `  ${name.padEnd(width)}${String(count).padStart(4)}  ${pair.padEnd(28)}  ${template ?? ""}\n`;
}
