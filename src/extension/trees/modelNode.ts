import { basename } from "node:path";
import type { AvailableModel, ModelDescription } from "../../protocol/engine";
import { settingValue } from "../modelValues";
import { isHubId } from "../settings";

/** A model of the list. */
export interface ModelNode {
  readonly kind: "model";
  readonly group: ModelGroup;
  /** As the setting has it. */
  readonly value: string;
  readonly name: string;
  /** Null for a model of which only the name is known. */
  readonly found: AvailableModel | null;
  /** Relations are analysed with it where they name no other. */
  readonly chosen: boolean;
  /** The engine has it open. */
  readonly loaded: boolean;
  /** Once somebody has asked for its checks. */
  readonly description: ModelDescription | null;
}

const modelGroups = ["embedded", "workspace", "recent", "cache"] as const;
export type ModelGroup = (typeof modelGroups)[number];

export type ModelTreeNode =
  | ModelNode
  | { readonly kind: "group"; readonly group: ModelGroup; readonly models: readonly ModelNode[] }
  /** A line about a model that was described. */
  | {
      readonly kind: "detail";
      readonly id: string;
      readonly label: string;
      readonly text: string;
      readonly ok: boolean | null;
    }
  | { readonly kind: "action"; readonly action: "look" | "download" };

export interface KnownModels {
  /** Names of the embedded models, which are known before anything is looked for. */
  readonly embedded: readonly string[];
  /** Null before the engine has looked. */
  readonly found: readonly AvailableModel[] | null;
  /** As they stand in the setting. */
  readonly recent: readonly string[];
  /** As it stands in the setting. */
  readonly chosen: string;
  /** `model.id` of the last report; null where the engine has none open. */
  readonly loaded: string | null;
  /** By value of the setting. */
  readonly descriptions: ReadonlyMap<string, ModelDescription>;
}

/** What the view shows at its top level. */
export function modelTree(known: KnownModels): ModelTreeNode[] {
  const { chosen, loaded, descriptions, found } = known;
  const node = (group: ModelGroup, value: string, name: string, available: AvailableModel | null): ModelNode => ({
    kind: "model",
    group,
    value,
    name,
    found: available,
    chosen: value === chosen,
    loaded: loaded !== null && (loaded === name || loaded === value),
    description: descriptions.get(value) ?? null,
  });
  const here = found?.map((model) => node(groupOf(model), settingValue(model), model.id, model)) ?? null;
  const listed = here ?? known.embedded.map((name) => node("embedded", name, name, null));
  const values = new Set(listed.map(({ value }) => value));
  const others = [...new Set([...(chosen === "" ? [] : [chosen]), ...known.recent])];
  const recent = others
    .filter((value) => !values.has(value))
    .map((value) => node("recent", value, isHubId(value) ? value : basename(value), null));
  const all = [...listed, ...recent];
  const groups = modelGroups.flatMap((group): ModelTreeNode[] => {
    const models = all.filter((model) => model.group === group);
    return models.length === 0 ? [] : [{ kind: "group", group, models }];
  });
  const look: ModelTreeNode[] = here === null ? [{ kind: "action", action: "look" }] : [];
  return [...groups, ...look, { kind: "action", action: "download" }];
}

function groupOf({ origin }: AvailableModel): ModelGroup {
  return origin === "hub" ? "cache" : origin;
}
