import * as v from "valibot";
import type * as vscode from "vscode";

const key = "relationLens.recentModels";
const most = 8;

/** Models that were chosen before, the last one first; as they stand in the setting. */
export class RecentModels {
  constructor(private readonly memory: Pick<vscode.Memento, "get" | "update">) {}

  list(): readonly string[] {
    const parsed = v.safeParse(v.array(v.string()), this.memory.get(key));
    return parsed.success ? parsed.output : [];
  }

  async add(model: string): Promise<void> {
    await this.memory.update(key, [model, ...this.list().filter((other) => other !== model)].slice(0, most));
  }
}
