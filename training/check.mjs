// Checks an exported folder in the libraries that the extension uses: the tokeniser, and the graph against PyTorch.
// node check.mjs <model folder> <reference.json>   (reference.json is written by export.py)
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createRequire } from "node:module";

const require = createRequire(join(process.cwd(), "package.json"));
const ort = require("onnxruntime-node");
const { Tokenizer } = require("@huggingface/tokenizers");

const [folder, reference] = process.argv.slice(2).map((p) => resolve(p));
const readJson = (name) => JSON.parse(readFileSync(name, "utf8"));
const config = readJson(join(folder, "config.json"));
const tokenizer = new Tokenizer(
  readJson(join(folder, "tokenizer.json")),
  readJson(join(folder, "tokenizer_config.json")),
);
let failures = 0;
const check = (what, ok, detail = "") => {
  if (!ok) failures++;
  console.log(`${ok ? "ok  " : "FAIL"} ${what} ${detail}`);
};

// Tokeniser
for (const text of [
  "The superlative of easy is",
  "h\u00e9llo w\u00f6rld \u4f60\u597d \ud83d\ude00",
  "a\n\n  b\tc  ",
  "don't 123 {}",
  "\u0000\u007f\u00ff",
  "  ",
  "xyzzyq",
]) {
  const { ids } = tokenizer.encode(text);
  const back = tokenizer.decode(ids, { skip_special_tokens: true });
  check(`round trip ${JSON.stringify(text)}`, ids[0] === 0 && back === text, back === text ? "" : JSON.stringify(back));
}
for (const word of [" easiest", " Paris", " easy", "easy", " puppy"]) {
  const { ids } = tokenizer.encode(word, { add_special_tokens: false });
  check(`one token ${JSON.stringify(word)}`, ids.length === 1, String(ids));
}
check("end token alone", String(tokenizer.encode("").ids) === "0", String(tokenizer.encode("").ids));

// Graph
const session = await ort.InferenceSession.create(join(folder, "onnx", "model.onnx"));
const { n_layer: layers, n_head: heads, n_embd: width, vocab_size: vocabulary } = config;
const int64 = (rows) => new ort.Tensor("int64", BigInt64Array.from(rows.flat(), BigInt), [rows.length, rows[0].length]);
const emptyCache = (batch) => {
  const feeds = {};
  for (let i = 0; i < layers; i++)
    for (const part of ["key", "value"])
      feeds[`past_key_values.${i}.${part}`] = new ort.Tensor("float32", new Float32Array(0), [
        batch,
        heads,
        0,
        width / heads,
      ]);
  return feeds;
};
const run = async (rows, mask, cache = emptyCache(rows.length)) =>
  session.run({ input_ids: int64(rows), attention_mask: int64(mask), ...cache });
// largest difference between the rows of `logits` from position `from` and the reference
const difference = (logits, row, length, from, expected) => {
  let worst = 0;
  expected.forEach((values, t) =>
    values.forEach((value, v) => {
      worst = Math.max(worst, Math.abs(logits.data[(row * length + from + t) * vocabulary + v] - value));
    }),
  );
  return worst;
};

for (const { prompt, ids, logits: expected } of readJson(reference)) {
  if (prompt !== null)
    check(`same ids as in training: ${prompt}`, String(tokenizer.encode(prompt).ids) === String(ids));
  const n = ids.length,
    label = prompt ?? "bytes";
  const ones = ids.map(() => 1),
    pad = [0, 0, 0],
    short = (x) => x.toExponential(1);
  const plain = (await run([ids], [ones])).logits;
  let d = difference(plain, 0, n, 0, expected);
  check(`plain: ${label}`, d < 1e-4, short(d));
  const padded = (
    await run(
      [
        [...pad, ...ids],
        [...ids, ...pad],
      ],
      [
        [...pad, ...ones],
        [...ones, ...pad],
      ],
    )
  ).logits;
  d = Math.max(difference(padded, 0, n + 3, 3, expected), difference(padded, 1, n + 3, 0, expected));
  check(`padding left and right: ${label}`, d < 1e-4, short(d));
  if (n > 2) {
    const first = await run([ids.slice(0, 2)], [ones.slice(0, 2)]);
    const cache = {};
    for (let i = 0; i < layers; i++)
      for (const part of ["key", "value"]) cache[`past_key_values.${i}.${part}`] = first[`present.${i}.${part}`];
    const second = (await run([ids.slice(2)], [ones], cache)).logits;
    d = Math.max(
      difference(first.logits, 0, 2, 0, expected.slice(0, 2)),
      difference(second, 0, n - 2, 0, expected.slice(2)),
    );
    check(`split by the cache: ${label}`, d < 1e-4, short(d));
  }
}
process.exitCode = failures ? 1 : 0;
