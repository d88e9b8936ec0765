import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readPassages } from "../../../src/engine/contexts/passages";
import { ProblemError } from "../../../src/protocol/problem";

describe("passages", () => {
  test("of the product: many, of 15 to 45 words, none twice", async () => {
    const { source, texts } = await readPassages(null);
    expect(source).toBe("general");
    expect(new Set(texts).size).toBe(texts.length);
    for (const text of texts) {
      const words = text.split(" ").length;
      expect(words, text).toBeGreaterThanOrEqual(15);
      expect(words, text).toBeLessThanOrEqual(45);
    }
  });

  test("of a folder: the paragraphs of its texts in the order of their names", async () => {
    const folder = await mkdtemp(join(tmpdir(), "passages-"));
    await writeFile(join(folder, "b.md"), "# A title of a page\n\nThe second\r\nfile's text.\r\n\r\nshort one\n");
    await writeFile(join(folder, "a.txt"), "One paragraph of\nwords.\n\n\nAnother paragraph here.");
    await writeFile(join(folder, "c.png"), Uint8Array.of(0, 1));
    expect(await readPassages(folder)).toEqual({
      source: folder,
      texts: ["One paragraph of words.", "Another paragraph here.", "A title of a page", "The second file's text."],
    });
  });

  test("of a long collection: taken evenly from all of it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "passages-"));
    const file = join(folder, "long.txt");
    await writeFile(file, Array.from({ length: 5000 }, (_, i) => `This is number ${i}.`).join("\n\n"));
    const { texts } = await readPassages(file);
    expect(texts).toHaveLength(1000);
    expect([texts[0], texts[999]]).toEqual(["This is number 0.", "This is number 4995."]);
  });

  test("that cannot be used: the code, and the file that is meant", async () => {
    const folder = await mkdtemp(join(tmpdir(), "passages-"));
    const [empty, binary] = [join(folder, "empty.txt"), join(folder, "image.bin")];
    await writeFile(empty, "two words\n");
    await writeFile(binary, Uint8Array.of(137, 80, 0, 0));
    const bare = await mkdtemp(join(tmpdir(), "passages-"));
    const cases = [
      [join(folder, "none.txt"), "contexts-missing"],
      [bare, "contexts-missing"],
      [empty, "contexts-empty"],
      [binary, "contexts-not-text"],
    ] as const;
    for (const [source, code] of cases) {
      const error: unknown = await readPassages(source).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ProblemError);
      expect(error instanceof ProblemError ? error.problems : []).toMatchObject([
        { code, file: source, kind: "input" },
      ]);
    }
  });
});
