import * as assert from "node:assert/strict";
import * as vscode from "vscode";

/** What a person does with what is asked, in turn; undefined is Escape. */
export interface Person {
  /** Of each list one label, or several where several may be picked. */
  readonly picks?: readonly (string | readonly string[] | undefined)[];
  readonly types?: string | undefined;
  readonly browses?: vscode.Uri | undefined;
  readonly saves?: vscode.Uri | undefined;
  /** Buttons of notifications, in turn. */
  readonly presses?: readonly (string | undefined)[];
}

export interface Seen {
  /** Lists that were shown. */
  readonly lists: readonly (readonly vscode.QuickPickItem[])[];
  /** What was said of the text typed. */
  readonly complaint: string | null;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly informations: readonly string[];
  /** Where a dialog proposed to save. */
  readonly proposed: vscode.Uri | undefined;
}

type Items = readonly vscode.QuickPickItem[];

/** Runs something while a person answers; the editor's own dialogs are not shown. */
export async function whileAnswering(
  { picks = [], types, browses, saves, presses = [] }: Person,
  run: () => PromiseLike<unknown>,
): Promise<Seen> {
  const lists: Items[] = [];
  const said = { errors: [] as string[], warnings: [] as string[], informations: [] as string[] };
  let complaint: string | null = null;
  let proposed: vscode.Uri | undefined;
  let pressed = 0;
  const notification = (kind: keyof typeof said) => (message: string, modalOrButton: unknown) => {
    said[kind].push(message);
    // What has no buttons asks nothing.
    return Promise.resolve(modalOrButton === undefined ? undefined : presses[pressed++]);
  };
  const window = vscode.window as unknown as Record<string, unknown>;
  const usual = { ...window };
  const answers = {
    showQuickPick: async (items: Items | Promise<Items>, options?: vscode.QuickPickOptions) => {
      const list = await items;
      const wanted = picks[lists.length];
      lists.push(list);
      const found =
        typeof wanted === "string" ? [labelled(list, wanted)] : wanted?.map((label) => labelled(list, label));
      return options?.canPickMany === true ? found : found?.[0];
    },
    showInputBox: (options: vscode.InputBoxOptions) => {
      complaint = types === undefined ? null : ((options.validateInput?.(types) as string | null | undefined) ?? null);
      return Promise.resolve(complaint === null ? types : undefined);
    },
    showOpenDialog: () => Promise.resolve(browses === undefined ? undefined : [browses]),
    showSaveDialog: (options: vscode.SaveDialogOptions) => {
      proposed = options.defaultUri;
      return Promise.resolve(saves);
    },
    showErrorMessage: notification("errors"),
    showWarningMessage: notification("warnings"),
    showInformationMessage: notification("informations"),
  };
  Object.assign(window, answers);
  try {
    await run();
  } finally {
    for (const name of Object.keys(answers)) window[name] = usual[name];
  }
  return { lists, complaint, proposed, ...said };
}

const isHeading = ({ kind }: vscode.QuickPickItem) => kind === vscode.QuickPickItemKind.Separator;

function labelled(list: Items, wanted: string): vscode.QuickPickItem {
  const found = list.find((item) => item.label === wanted && !isHeading(item));
  assert.ok(found, `${wanted} is not among ${list.map(({ label }) => label).join(", ")}`);
  return found;
}

/** The labels below a heading. */
export function group(list: Items, heading: string): string[] {
  const start = list.findIndex((item) => isHeading(item) && item.label === heading);
  if (start < 0) return [];
  const length = list.slice(start + 1).findIndex(isHeading);
  return list.slice(start + 1, length < 0 ? undefined : start + 1 + length).map(({ label }) => label);
}
