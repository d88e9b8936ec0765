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
