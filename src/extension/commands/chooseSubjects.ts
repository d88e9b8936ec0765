import { analyzeInPanel } from "./analyze";
import type { CommandContext } from "./commands";
import { relationArgument } from "./relationArgument";

/** Lets a person choose where the subjects of a file come from, and analyses it with them. */
export async function chooseSubjects(
  argument: unknown,
  context: Pick<CommandContext, "runs" | "panel">,
): Promise<void> {
  const uri = relationArgument(argument, context.panel);
  if (uri === null || !(await context.runs.subjects.choose(uri))) return;
  await analyzeInPanel(uri, {}, context);
}
