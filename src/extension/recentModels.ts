import * as v from "valibot";
import type * as vscode from "vscode";

const most = 8;

/** Models that were chosen before, the last one first; as they stand in the setting. */
export class RecentModels {
  private readonly key: string;

  /** @param purpose what they were chosen for */
  constructor(
    private readonly memory: Pick<vscode.Memento, "get" | "update">,
    purpose: "recentModels" | "comparedModels" = "recentModels",
  ) {
    this.key = `relationLens.${purpose}`;
  }

  list(): readonly string[] {
    const parsed = v.safeParse(v.array(v.string()), this.memory.get(this.key));
    return parsed.success ? parsed.output : [];
  }

  async add(model: string): Promise<void> {
    await this.memory.update(this.key, [model, ...this.list().filter((other) => other !== model)].slice(0, most));
  }

  async remove(model: string): Promise<void> {
    await this.memory.update(
      this.key,
      this.list().filter((other) => other !== model),
    );
  }
}
