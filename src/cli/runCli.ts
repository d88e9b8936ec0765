import { nearest } from "../formats/nearest";
import { ProblemError } from "../protocol/problem";
import { version } from "../../package.json";
import { analyzeCommand } from "./analyzeCommand";
import { collectionCommand } from "./collectionCommand";
import { compareCommand } from "./compareCommand";
import type { LoadEngine } from "./engineApi";
import { commandHelp, commandNames, generalHelp, type CommandName } from "./help";
import { exitStatus, UsageError, type ExitStatus, type Io } from "./io";
import { modelCommand } from "./modelCommand";
import { originsCommand } from "./originsCommand";
import { printProblems, statusOf } from "./problemLines";
import { relationsCommand } from "./relationsCommand";
import { style } from "./style";
import { testCommand } from "./testing/testCommand";
import { twinCommand } from "./twinCommand";

/** Runs one command line and gives its exit status; whatever fails is told in a sentence. */
export async function runCli(argv: readonly string[], io: Io, loadEngine: LoadEngine): Promise<ExitStatus> {
  const end = argv.indexOf("--");
  const options = end < 0 ? argv : argv.slice(0, end);
  const verbose = options.includes("--verbose");
  try {
    return await dispatch(argv, options, io, loadEngine, verbose);
  } catch (error) {
    if (io.signal.aborted) {
      await io.err.write("Interrupted.\n");
      return exitStatus.interrupted;
    }
    return await explain(error, argv, io, verbose);
  }
}

async function dispatch(
  argv: readonly string[],
  options: readonly string[],
  io: Io,
  loadEngine: LoadEngine,
  verbose: boolean,
): Promise<ExitStatus> {
  const command = commandOf(argv);
  if (options.includes("--help") || options.includes("-h")) {
    await io.out.write(command === null ? generalHelp : commandHelp[command]);
    return exitStatus.done;
  }
  if (options.includes("--version")) {
    await io.out.write(`${version}\n`);
    return exitStatus.done;
  }
  const rest = command === null ? argv : argv.toSpliced(argv.indexOf(command), 1);
  switch (command) {
    case "analyze":
      return analyzeCommand(rest, io, loadEngine, verbose);
    case "test":
      return testCommand(rest, io, loadEngine, verbose);
    case "collection":
      return collectionCommand(rest, io);
    case "relations":
      return relationsCommand(rest, io, loadEngine, verbose);
    case "compare":
      return compareCommand(rest, io, loadEngine);
    case "model":
      return modelCommand(rest, io, loadEngine);
    case "twin":
      return twinCommand(rest, io, loadEngine);
    case "origins":
      return originsCommand(rest, io, loadEngine);
    case null:
      await io.err.write(generalHelp);
      return exitStatus.usage;
  }
}

/** The command is the first word that is not an option. @throws UsageError for a word that is no command */
function commandOf(argv: readonly string[]): CommandName | null {
  const word = argv.find((argument) => !argument.startsWith("-"));
  const first = argv[0];
  const isGlobal = (option: string) => ["--help", "-h", "--version", "--verbose"].includes(option);
  if (first?.startsWith("-") === true && !isGlobal(first)) {
    throw new UsageError(`${first} comes before a command.`, "Start with analyze or model.");
  }
  if (word === undefined) return null;
  const command = commandNames.find((name) => name === word);
  if (command !== undefined) return command;
  const meant = /\.(ya?ml|json)$/i.test(word) ? "analyze " + word : nearest(word, commandNames);
  const remedy = meant === null ? "Commands: analyze, model." : `Did you mean relation-lens ${meant}?`;
  throw new UsageError(`There is no command ${word}.`, remedy);
}

async function explain(error: unknown, argv: readonly string[], io: Io, verbose: boolean): Promise<ExitStatus> {
  const label = style(io.err.colour).error("error");
  const trace = verbose && error instanceof Error && error.stack !== undefined ? `${error.stack}\n` : "";
  if (error instanceof UsageError) {
    const command = commandNames.find((name) => argv.includes(name));
    const help = `relation-lens ${command === undefined ? "" : `${command} `}--help shows what is possible.`;
    await io.err.write(`${label}: ${error.message} ${error.remedy}\n${help}\n${trace}`);
    return exitStatus.usage;
  }
  if (error instanceof ProblemError) {
    await printProblems(error.problems, io);
    if (trace !== "") await io.err.write(trace);
    return statusOf(error.problems) || exitStatus.internal;
  }
  await io.err.write(`${label}: ${describeFault(error, verbose)}`);
  return exitStatus.internal;
}

/** A fault of the program in a sentence; with its stack trace only where the user asked for it. */
export function describeFault(error: unknown, verbose: boolean): string {
  const reason = (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";
  const sentence = `Relation Lens stopped because of a fault of its own: ${reason.replace(/\.$/, "")}.`;
  if (!verbose) return `${sentence} Run again with --verbose for details.\n`;
  return `${sentence} Please report it with what follows.\n${error instanceof Error ? (error.stack ?? "") : ""}\n`;
}
