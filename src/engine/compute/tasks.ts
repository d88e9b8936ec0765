import { linearity } from "../analysis/linearity";

/**
 * The analyses that may run in a worker thread: pure functions whose arguments and results can be cloned. A task
 * draws its random numbers from the seed in its arguments, so that the report does not depend on who ran it.
 */
export const tasks = { linearity };

export type Tasks = typeof tasks;
export type TaskName = keyof Tasks;
export type TaskArguments<Name extends TaskName> = Parameters<Tasks[Name]>;
export type TaskResult<Name extends TaskName> = ReturnType<Tasks[Name]>;

/** Runs analyses somewhere; `inline` here, `WorkerPool` beside. */
export interface Compute {
  /** @throws Cancelled */
  run<Name extends TaskName>(name: Name, ...args: TaskArguments<Name>): Promise<TaskResult<Name>>;
}

export function runTask<Name extends TaskName>(name: Name, args: TaskArguments<Name>): TaskResult<Name> {
  const task = tasks[name] as unknown as (...args: TaskArguments<Name>) => TaskResult<Name>;
  return task(...args);
}

/** In this thread, for tests of the sections and where threads cannot be had. */
export const inline: Compute = {
  run: (name, ...args) => Promise.resolve().then(() => runTask(name, args)),
};
