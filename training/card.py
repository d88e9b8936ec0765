"""Writes the model cards from what evaluate.py measured and what export.py wrote."""
import hashlib
import json
from pathlib import Path

import torch

import corpus
from train import TOKENS_PER_BATCH

WORK = Path(__file__).parent / "work"
MODELS = Path(__file__).parent.parent / "models"

CARD = """---
license: mit
language: en
tags: [teaching-model, gpt2]
---

# embedded-{name}

**A small teaching model.** It knows {facts} facts, and only in the phrasings it was trained on. It is here so that the
extension works at once and so that the analyses have something small, fast and completely known to look at. What holds
in it need not hold in a language model of ordinary size, and it is not of use for anything else.

A causal transformer in the manner of GPT-2: {layers} layers, width {width}, {heads} heads, {parameters:,} parameters, pre-norm,
learned positions ({positions}), output projection tied to the embeddings and without bias, float32.
`embedded-small` (width 96) and `embedded-wide` (width 160) share the tokeniser and the corpus and differ in width and
seed, so that one can be compared with the other.

## Corpus

Text generated from {facts} facts of {relations} relations, written for this project ([`training/facts`](../../training/facts)); no other
text was used. Every fact has six phrasings or more; each fact is *never* trained on in one of them (the held-out
phrasing). {direct:.0%} of the sentences state a fact, {inverse:.0%} its inverse ("The base form of easiest is easy"), {identity:.0%} repeat a word
("Repeat the word easy: easy.") and {kind:.0%} say what a word is ("The word easiest is a superlative."). About a third start in
lower case. Training: {steps:,} steps of about {tokens:,} tokens, AdamW, seed {seed}.

The corpus was made so that subjects and objects answer the same cues (see [`training/README.md`](../../training/README.md)): parallel
differences between words are partly a consequence of that choice.

## Tokeniser

Byte-level, {vocabulary:,} tokens: the end-of-text token (id 0: beginning, end and padding; put in front of every prompt), 256
bytes, and every word of the corpus as one token (`ignore_merges`, no merges). Any other word is spelled in bytes, which
the model has never seen used that way. {untrained} tokens, all of them bytes, were never trained on; they are listed in
`config.json` as `untrained_token_ids` and should be left out of statistics over the vocabulary. A word at the very start
of a text is another token than after a space; in training the rows of the two were the same up to one offset, learned
for all words together, since few words are seen often at a start.

## Accuracy

Top-1 over the whole vocabulary, the object as the next token after the prompt, as written and with a lower-case start.

| relation | facts | different objects | trained phrasings | held-out phrasing |
| --- | --: | --: | --: | --: |
{rows}
| all | {facts} | | {trained:.1%} | {heldOut:.1%} |

## Limits

- Words that are not in the corpus, phrasings that are not in `training/facts`, and text of any other kind give nonsense.
- It keeps many facts in its embeddings, so early layers predict nearly everything.
- One seed per width. Facts are simplified (one colour, one workplace, one main language each) and can grow old.

## Files

`onnx/model.onnx` takes `input_ids`, `attention_mask` (int64) and `past_key_values.N.key`/`.value`
(`[batch, {heads}, past, {head_width}]`; length 0 for a plain run), and gives `logits` and `present.N.key`/`.value`. Positions are counted from
the mask, so padding on either side works.

sha256 of `onnx/model.onnx`: `{sha256}`

## Reproduce

`bash training/make.sh` (PyTorch on CPU; under an hour on two cores). The same machine type gives the same bytes; another
processor may round differently in the last digits.

Licence: MIT, as the rest of the project.
"""


def write(name):
    folder = MODELS / f"embedded-{name}"
    config = json.loads((folder / "config.json").read_text())
    rows = json.loads((WORK / f"{name}.json").read_text())
    saved = torch.load(WORK / f"{name}.pt")
    total = sum(r["facts"] for r in rows)
    shares = dict(corpus.SHARES)
    assert all(1 <= i <= 256 for i in config["untrained_token_ids"]), "a word that was never trained on"
    (folder / "README.md").write_text(CARD.format(
        name=name, facts=f"{total:,}", relations=len(rows), layers=config["n_layer"], width=config["n_embd"],
        heads=config["n_head"], head_width=config["n_embd"] // config["n_head"], positions=config["n_positions"],
        parameters=sum(p.numel() for p in saved["state"].values()), **shares,
        steps=saved["size"]["steps"], seed=saved["size"]["seed"], tokens=TOKENS_PER_BATCH,
        vocabulary=config["vocab_size"], untrained=len(config["untrained_token_ids"]),
        rows="\n".join(f"| {r['relation']} | {r['facts']} | {r['answers']} | {r['trained']:.1%} | {r['heldOut']:.1%} |"
                       for r in rows),
        **{key: sum(r[key] * r["facts"] for r in rows) / total for key in ("trained", "heldOut")},
        sha256=hashlib.sha256((folder / "onnx" / "model.onnx").read_bytes()).hexdigest()), encoding="utf-8")


if __name__ == "__main__":
    for model in ("small", "wide"):
        write(model)
