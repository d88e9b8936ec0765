import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { embeddableJson, reportHtml, reportHtmlPieces } from "../../../src/formats/reportHtml";

const hostile = {
  a: "</script><script>x()</script>",
  b: '<!-- ]]> & \u2028\u2029 "quotes"',
  "c<": ["\\u003c", 1e-7, null],
};
let assets: string;

beforeAll(async () => {
  assets = await mkdtemp(join(tmpdir(), "report-html-"));
  await writeFile(join(assets, "main.js"), 'x = "</script>";\n//# sourceMappingURL=main.js.map\n');
  await writeFile(join(assets, "main.css"), "p { color: red }\n/*# sourceMappingURL=main.css.map */\n");
});
afterAll(() => rm(assets, { recursive: true }));

describe("a report as a page", () => {
  it("carries JSON that reads back the same and cannot end its element", () => {
    const json = embeddableJson(JSON.stringify(hostile));
    expect(JSON.parse(json)).toEqual(hostile);
    expect(json).not.toMatch(/[<>&\u2028\u2029]/);
  });
  it("has the report, the code and the style in it, and links to nothing", async () => {
    const page = await reportHtml(JSON.stringify(hostile), "en", assets);
    expect(page.match(/<\/script/g)).toHaveLength(2);
    expect(page).not.toMatch(/sourceMappingURL|https?:|<link|src=/);
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|connect-src/);
    const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1] ?? "";
    expect(page.split(`nonce="${nonce}"`)).toHaveLength(3);
  });
  it("is the same in pieces, wherever the parts of the report begin", async () => {
    const json = Buffer.from(JSON.stringify({ ...hostile, d: "größte ↵ 𝛼" }));
    for (const length of [1, 3, 7, 1000]) {
      const parts = Array.from({ length: Math.ceil(json.length / length) }, (_, i) =>
        json.subarray(i * length, (i + 1) * length),
      );
      const pieces: string[] = [];
      for await (const piece of reportHtmlPieces(parts, "en", assets)) pieces.push(piece);
      expect(pieces.join("")).toBe(await reportHtml(json.toString("utf8"), "en", assets));
    }
  });
  it("is in the language that it is saved in, which is no way in for anything else", async () => {
    expect(await reportHtml("{}", "de", assets)).toContain('<html lang="de">');
    expect(await reportHtml("{}", '"><script>', assets)).toContain('<html lang="script">');
  });
  it("is the same for the same report, and has another nonce for another", async () => {
    const [first, again, other] = await Promise.all([
      reportHtml("{}", "en", assets),
      reportHtml("{}", "en", assets),
      reportHtml('{"a":1}', "en", assets),
    ]);
    expect(again).toBe(first);
    const nonce = (page: string) => /nonce-([^']+)'/.exec(page)?.[1];
    expect(nonce(other)).not.toBe(nonce(first));
  });
});
