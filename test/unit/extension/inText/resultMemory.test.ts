import { describe, expect, it } from "vitest";
import { ResultMemory, type TextResult } from "../../../../src/extension/inText/resultMemory";

/** What the editor keeps for a workspace, as JSON. */
class Memento {
  text: string | undefined;
  get(): unknown {
    return this.text === undefined ? undefined : JSON.parse(this.text);
  }
  update(_: string, value: unknown): Thenable<void> {
    this.text = JSON.stringify(value);
    return Promise.resolve();
  }
}

const result = (subjects = 1): TextResult => ({
  digest: {
    relation: "r",
    model: "m",
    headline: ["A sentence."],
    brief: ["linear .96"],
    templates: ["a {}"],
    samples: Array.from({ length: subjects }, (_, i) => ({
      subject: `s${i}`,
      object: null,
      prompts: [
        { answer: "a", rank: 1, probability: 0.5, predicted: "a", heldOut: { fold: 0, token: "a", agrees: true } },
      ],
      parallel: { cosine: 0.1, holds: false },
    })),
    expectations: [{ path: "p", expected: "> 1", found: null, ok: false, message: "No." }],
  },
  analysed: "abc",
  models: { compare: "other" },
  shown: 0,
  restored: false,
});

const nextSession = (memento: Memento) => new ResultMemory(memento as never);

describe("results over sessions", () => {
  it("are there again, and known to be from before", () => {
    const memento = new Memento();
    const memory = nextSession(memento);
    memory.set("file:///a", result());
    memory.set("file:///b", result());
    memory.delete("file:///b");
    const again = nextSession(memento);
    expect(again.get("file:///a")).toEqual({ ...result(), restored: true });
    expect(again.get("file:///b")).toBeUndefined();
  });

  it("are those of the files analysed last, as many as there is room for", () => {
    const memento = new Memento();
    const memory = nextSession(memento);
    for (let i = 0; i < 40; i++) memory.set(`file:///${i}`, result());
    memory.set("file:///0", result());
    const again = nextSession(memento);
    const kept = Array.from({ length: 40 }, (_, i) => i).filter((i) => again.get(`file:///${i}`) !== undefined);
    expect(kept).toEqual([0, ...Array.from({ length: 29 }, (_, i) => 11 + i)]);
    for (let i = 0; i < 12; i++) memory.set(`file:///large${i}`, result(1000));
    expect(memento.text?.length).toBeGreaterThan(500_000);
    expect(memento.text?.length).toBeLessThan(1_100_000);
    expect(nextSession(memento).get("file:///large11")?.digest.samples).toHaveLength(1000);
    // In this session nothing is lost.
    expect(memory.get("file:///1")).toBeDefined();
  });

  it("are none where another version left something else", () => {
    const memento = new Memento();
    memento.text = JSON.stringify([{ uri: "file:///a", digest: { relation: "r" } }]);
    expect(nextSession(memento).get("file:///a")).toBeUndefined();
  });
});
