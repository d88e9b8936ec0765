import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";

export const commit = "0123456789abcdef0123456789abcdef01234567";
export const embedded = resolve(import.meta.dirname, "../../../models/embedded-small");

export const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
export const gitSha1 = (bytes: Uint8Array) =>
  createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly range: string | null;
  readonly authorization: string | null;
  readonly host: string;
}

/** The routes of a Hugging Face Hub that a download uses, on 127.0.0.1, with faults on demand. */
export class HubServer {
  readonly asked: Asked[] = [];
  /** Files of a repository by name. */
  readonly repositories = new Map<string, ReadonlyMap<string, Buffer>>();
  /** Names of repositories that need this token. */
  readonly gated = new Map<string, string>();
  /** Large files, by path: after how many bytes the next answers break off. */
  readonly breaks = new Map<string, number[]>();
  /** What the listing says instead of the truth, by path. */
  readonly listed = new Map<string, { readonly oid?: string; readonly size?: number }>();
  answersRange = true;
  /** Listings go on at another origin. */
  pagesElsewhere = false;
  /** Large files are in Xet storage, as the hub keeps new ones. */
  xet = false;
  /** Called with the bytes that were sent of a large file; the rest waits for it. */
  onPiece: (path: string, sent: number) => Promise<void> | void = () => undefined;
  private readonly hub = this.serve();
  /** Another origin, to which the hub sends those who want a large file. */
  private readonly cdn = this.serve();
  private ports: readonly number[] = [];

  async start(): Promise<void> {
    const servers = [this.hub, this.cdn];
    await Promise.all(servers.map((server) => new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready))));
    this.ports = servers.map((server) => (server.address() as AddressInfo).port);
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.ports[0]!}`;
  }

  async stop(): Promise<void> {
    for (const server of [this.hub, this.cdn]) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
  }

  private serve(): Server {
    return createServer((request, response) => {
      void this.answer(request, response).catch(() => response.destroy());
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.endpoint);
    const range = request.headers.range ?? null;
    const authorization = request.headers.authorization ?? null;
    this.asked.push({
      method: request.method ?? "",
      path: url.pathname,
      range,
      authorization,
      host: request.headers.host ?? "",
    });
    const [, area, owner, name, kind, revision, path] =
      /^(\/api\/models|\/cdn)?\/([^/]+)\/([^/]+)\/(revision|tree|resolve)\/([^/]+)(?:\/(.+))?$/.exec(url.pathname) ??
      [];
    const id = `${owner ?? ""}/${name ?? ""}`;
    const files = this.repositories.get(id);
    const token = this.gated.get(id);
    if (files === undefined) {
      json(response, 404, { error: "Repository not found" });
      return;
    }
    if (token !== undefined && area !== "/cdn" && authorization !== `Bearer ${token}`) {
      json(response, authorization === null ? 401 : 403, { error: "Access is restricted" });
      return;
    }
    if (kind === "revision") {
      if (revision !== "main" && revision !== commit) {
        json(response, 404, { error: "Invalid rev id" });
        return;
      }
      const about = { _id: "1", id, private: false, gated: false, downloads: 0, likes: 0 };
      json(response, 200, { ...about, lastModified: "2025-01-01T00:00:00.000Z", sha: commit });
      return;
    }
    if (kind === "tree") {
      this.list(response, url, files);
      return;
    }
    const bytes = files.get(path ?? "");
    if (revision !== commit || bytes === undefined) {
      response.setHeader("X-Error-Code", "EntryNotFound");
      json(response, 404, { error: "Entry not found" });
      return;
    }
    response.setHeader("X-Repo-Commit", commit);
    const large = isLarge(path ?? "");
    response.setHeader(large ? "X-Linked-ETag" : "ETag", `"${large ? sha256(bytes) : gitSha1(bytes)}"`);
    if (large && area === undefined && this.xet && request.headers.accept?.includes("xet-fileinfo") === true) {
      const links = ["xet-auth", "xet-reconstruction-info"].map((rel) => `<${this.endpoint}/${rel}>; rel="${rel}"`);
      response.writeHead(200, {
        "Content-Type": "application/vnd.xet-fileinfo+json",
        "X-Linked-Size": bytes.length,
        "X-Xet-Hash": "c".repeat(64),
        Link: links.join(", "),
      });
      response.end("{}");
      return;
    }
    if (large && area === undefined) {
      response
        .writeHead(302, {
          "X-Linked-Size": bytes.length,
          Location: `http://127.0.0.1:${this.ports[1]!}/cdn${url.pathname}`,
        })
        .end();
      return;
    }
    await this.send(response, path ?? "", bytes, range);
  }

  /** Three entries a page. */
  private list(response: ServerResponse, url: URL, files: ReadonlyMap<string, Buffer>): void {
    const folders = [...new Set([...files.keys()].flatMap((path) => path.split("/").slice(0, -1)))];
    const entries = [
      ...folders.map((path) => ({ type: "directory", path, size: 0, oid: commit })),
      ...[...files].map(([path, bytes]) => {
        const { oid, size } = this.listed.get(path) ?? {};
        const shown = { type: "file", path, size: size ?? bytes.length };
        if (!isLarge(path)) return { ...shown, oid: oid ?? gitSha1(bytes) };
        const lfs = { oid: oid ?? sha256(bytes), size: shown.size, pointerSize: 134 };
        return { ...shown, oid: gitSha1(Buffer.from(lfs.oid)), lfs };
      }),
    ];
    const from = Number(url.searchParams.get("cursor") ?? 0);
    url.searchParams.set("cursor", String(from + 3));
    if (this.pagesElsewhere) url.port = String(this.ports[1]!);
    if (from + 3 < entries.length) response.setHeader("Link", `<${url.href}>; rel="next"`);
    json(response, 200, entries.slice(from, from + 3));
  }

  private async send(response: ServerResponse, path: string, bytes: Buffer, range: string | null): Promise<void> {
    const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(range ?? "") ?? [];
    const probe = last === "0";
    const partial = first !== undefined && (this.answersRange || probe);
    const start = partial ? Number(first) : 0;
    const end = partial && last !== undefined && last !== "" ? Number(last) + 1 : bytes.length;
    const rest = bytes.subarray(start, end);
    if (partial) response.setHeader("Content-Range", `bytes ${start}-${end - 1}/${bytes.length}`);
    response.writeHead(partial ? 206 : 200, { "Content-Length": rest.length, "Accept-Ranges": "bytes" });
    const breakAfter = probe ? undefined : this.breaks.get(path)?.shift();
    const piece = 65_536;
    for (let sent = 0; sent < rest.length; sent += piece) {
      if (breakAfter !== undefined && sent + piece > breakAfter) {
        await written(response, rest.subarray(sent, breakAfter));
        // What was written must leave before the connection goes.
        await new Promise((resolve) => setTimeout(resolve, 50));
        response.destroy();
        return;
      }
      await written(response, rest.subarray(sent, sent + piece));
      if (!probe) await this.onPiece(path, start + sent + piece);
    }
    response.end();
  }
}

const isLarge = (path: string) => /\.onnx(_data|\.data)?|\.bin$/.test(path);

async function written(response: ServerResponse, bytes: Uint8Array): Promise<void> {
  if (bytes.length === 0) return;
  await new Promise<void>((done, fail) => response.write(bytes, (error) => (error ? fail(error) : done())));
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(value));
}

/** All files of a folder and of its `onnx`. */
export function filesOf(folder: string): Map<string, Buffer> {
  return new Map(
    ["", "onnx/"]
      .filter((inner) => existsSync(join(folder, inner)))
      .flatMap((inner) =>
        readdirSync(join(folder, inner), { withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map(({ name }) => [inner + name, readFileSync(join(folder, inner, name))] as const),
      ),
  );
}
