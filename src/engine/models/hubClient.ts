import * as v from "valibot";
import { hubProblem, type HubRequest } from "./hubProblems";
import { commitPattern } from "./hubCache";

/** A file in a repository of the hub, and what its bytes must hash to. */
export interface HubFile {
  readonly path: string;
  readonly bytes: number;
  /** Hex: SHA-256 of large files (LFS), Git's SHA-1 of others; the name of its blob in the cache. */
  readonly checksum: string;
}

const revisionAnswer = v.object({ sha: v.pipe(v.string(), v.regex(commitPattern)) });

const fileEntry = v.object({
  type: v.string(),
  path: v.string(),
  size: v.pipe(v.number(), v.integer(), v.minValue(0)),
  oid: v.optional(v.pipe(v.string(), v.regex(commitPattern))),
  lfs: v.optional(v.object({ oid: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) })),
});

/** Speaks to the hub through its own library, which is loaded when first needed. */
export class HubClient {
  private readonly fetch: typeof fetch;
  private readonly model: string;

  constructor(
    private readonly request: HubRequest,
    signal: AbortSignal,
  ) {
    const { settings, id } = request;
    const { origin } = new URL(settings.endpoint);
    this.model = id.name;
    this.fetch = async (input, init) => {
      const headers = new Headers(init?.headers);
      const url = new URL(input instanceof Request ? input.url : input);
      // The library takes tokens of huggingface.co alone, and sends them wherever a page of results points.
      if (settings.token !== null && url.origin === origin) headers.set("authorization", `Bearer ${settings.token}`);
      const response = await fetch(input, { ...init, headers, signal });
      const start = Number(/^bytes=(\d+)-/.exec(headers.get("range") ?? "")?.[1] ?? 0);
      if (start > 0 && response.status === 200) {
        await response.body?.cancel();
        throw new Error(rangeIgnored);
      }
      return response;
    };
  }

  /** The commit that the revision means now. */
  async commit(): Promise<string> {
    const { modelInfo } = await import("@huggingface/hub");
    const { revision } = this.request.id;
    const info = await modelInfo({
      ...this.common(),
      name: this.model,
      revision: revision ?? "main",
      additionalFields: ["sha"],
    });
    return v.parse(revisionAnswer, info).sha;
  }

  async files(commit: string): Promise<readonly HubFile[]> {
    const { listFiles } = await import("@huggingface/hub");
    const files: HubFile[] = [];
    const listing = listFiles({ ...this.common(), repo: this.model, revision: commit, recursive: true });
    for await (const entry of listing) {
      const { type, path, size, oid, lfs } = v.parse(fileEntry, entry);
      const checksum = lfs?.oid ?? oid;
      if (type === "file" && checksum !== undefined) files.push({ path, bytes: size, checksum });
    }
    return files;
  }

  /** Opens a file for reading from any byte on. @throws ProblemError where its size is not what the listing says */
  async open(file: HubFile, commit: string): Promise<(start: number) => AsyncIterable<unknown>> {
    const { downloadFile } = await import("@huggingface/hub");
    const blob = await downloadFile({
      ...this.common(),
      repo: this.model,
      path: file.path,
      revision: commit,
      xet: false,
    });
    if (blob === null || blob.size !== file.bytes) {
      throw hubProblem(
        "hub-checksum",
        `${file.path} of ${this.model} has ${blob?.size ?? 0} bytes on the hub, but should have ${file.bytes}.`,
        "Try again later; the hub may be changing it.",
      );
    }
    return (start) => (start === 0 ? blob : blob.slice(start)).stream();
  }

  private common() {
    return { hubUrl: this.request.settings.endpoint, fetch: this.fetch };
  }
}

/** Message of the failure of a download that cannot be resumed, since the server sends the whole file. */
export const rangeIgnored = "The server does not answer Range.";
