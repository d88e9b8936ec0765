export interface EditorServer {
  readonly port: number;
  /** Its data folder. */
  readonly data: string;
  stop(): Promise<void>;
}

export function startEditorServer(options?: {
  readonly trust?: boolean;
  readonly vsix?: string;
}): Promise<EditorServer>;

export function workbenchAddress(
  port: number,
  folder: string | null,
  options?: { readonly tests?: string; readonly installed?: boolean },
): string;
