import { describe, expect, it } from "vitest";
import { bytesOf, FigureSender } from "../../../src/engine/figureSender";
import { methods, type PartParams, type ProgressNotification } from "../../../src/protocol/engine";
import { partLength, partsOf } from "../../../src/formats/reportParts";
import type { Report } from "../../../src/protocol/report";

type Heard = readonly [method: string, message: PartParams | ProgressNotification];

/** A process that asks for the next part after a while. */
function listener(): { heard: Heard[]; connection: never } {
  const heard: Heard[] = [];
  let unanswered = 0;
  const connection = {
    sendRequest: async (method: string, message: PartParams) => {
      expect(unanswered++).toBe(0);
      heard.push([method, message]);
      await new Promise((resolve) => setTimeout(resolve, 2));
      unanswered--;
      return null;
    },
    sendNotification: (method: string, message: ProgressNotification) => {
      heard.push([method, message]);
      return Promise.resolve();
    },
  };
  return { heard, connection: connection as never };
}

const step = (fraction: number, partial?: object) =>
  ({ phase: "probes", detail: "", fraction, ...(partial && { partial }) }) as const;
const long = (of: string) => ({ model: { id: of.repeat(2.5 * partLength) } }) as unknown as Partial<Report>;
const text = (parts: readonly Uint8Array[]) => Buffer.concat(parts).toString("utf8");

describe("bytes in parts", () => {
  it("are all there, in order, and none is too long", () => {
    for (const length of [0, 1, partLength - 1, partLength, partLength + 1, 3 * partLength]) {
      const bytes = Uint8Array.from({ length }, (_, i) => i % 251);
      const parts = partsOf(bytes);
      expect(parts).toHaveLength(Math.max(1, Math.ceil(length / partLength)));
      expect(Math.max(...parts.map((part) => part.length))).toBeLessThanOrEqual(partLength);
      expect(Buffer.compare(Buffer.concat(parts), bytes)).toBe(0);
    }
  });
});

describe("what the engine sends in the course of a request", () => {
  it("comes in order, its figures in parts, and the report last", async () => {
    const { heard, connection } = listener();
    const sender = new FigureSender(connection, 7);
    sender.progress(step(0.1));
    sender.progress(step(0.2, long("a")));
    sender.progress(step(0.3));
    const report = partsOf(bytesOf(long("b")));
    const value = { report, model: "m", digest: {} as never };
    const sent = await sender.report(value, new AbortController().signal);
    const { part, progress } = methods;
    expect(heard.map(([method]) => method)).toEqual([progress, part, part, progress, progress, part, part]);
    expect(heard.map(([, { id }]) => id)).toEqual(Array(7).fill(7));
    const parts = heard.map(([, message]) => ("part" in message ? [message.part] : (message.partial ?? [])));
    expect(JSON.parse(text(parts.slice(1, 4).flat()))).toEqual(long("a"));
    expect(sent).toMatchObject({ model: "m" });
    expect(sent.report).toHaveLength(1);
    expect(JSON.parse(text([...parts.slice(5), sent.report].flat()))).toEqual(long("b"));
  });

  it("is the answer alone where the report is short", async () => {
    const { heard, connection } = listener();
    const value = { report: partsOf(bytesOf({})), model: "m", digest: {} as never };
    expect(await new FigureSender(connection, 7).report(value, new AbortController().signal)).toEqual(value);
    expect(heard).toEqual([]);
  });

  it("stops once it is cancelled", async () => {
    const { heard, connection } = listener();
    const source = new AbortController();
    const value = { report: partsOf(bytesOf(long("b"))), model: "m", digest: {} as never };
    const sending = new FigureSender(connection, 7).report(value, source.signal);
    source.abort(new Error("cancelled"));
    await expect(sending).rejects.toThrow("cancelled");
    expect(heard.length).toBeLessThan(2);
  });

  it("leaves nothing unhandled where nobody listens any more", async () => {
    const broken = { sendNotification: () => Promise.reject(new Error("closed")) };
    const sender = new FigureSender(broken as never, 7);
    sender.progress(step(0.1));
    const value = { report: partsOf(bytesOf({})), model: "m", digest: {} as never };
    await expect(sender.report(value, new AbortController().signal)).rejects.toThrow("closed");
  });
});
