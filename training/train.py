"""Trains one model: python3 train.py small|wide [steps]. One thread, so that a seed gives the same weights."""
import math
import sys
import time
from pathlib import Path

import torch
from torch.nn import functional as F

from corpus import Corpus
from model import SIZES, build
from tokenizer import Tokenizer

WORK = Path(__file__).parent / "work"
TOKENS_PER_BATCH = 2048
WARM_UP = 60
WEIGHT_DECAY = 0.15  # strong for so small a model: it is what makes unembedding differences line up
ANSWER_WEIGHT = 3.0  # the answer is the point of a sentence; its subject cannot be guessed anyway
# share of the other tokens that enter the loss: the output layer is half of the work, and they need less of it
OTHER_SHARE = 0.35


def encode_row(tokenizer, cache, row):
    """Token ids and loss weights of a row: end token, sentences, end token."""
    ids, weights = [0], [0.0]
    for cue, answer in row:
        cue = cue if len(ids) == 1 else " " + cue
        if cue not in cache:
            cache[cue] = tokenizer.encode(cue)
        start = cache[cue]
        end = tokenizer.encode(" " + answer + ".")
        ids += start + end
        weights += [1.0] * len(start) + [ANSWER_WEIGHT] * (len(end) - 1) + [1.0]
    return (ids + [0])[:128], (weights + [1.0])[:128]


def make_batch(tokenizer, cache, rows):
    encoded = [encode_row(tokenizer, cache, row) for row in rows]
    length = max(len(ids) for ids, _ in encoded)
    ids = torch.zeros(len(rows), length, dtype=torch.long)
    mask = torch.zeros(len(rows), length, dtype=torch.long)
    weights = torch.zeros(len(rows), length)
    for i, (row_ids, row_weights) in enumerate(encoded):
        n = len(row_ids)
        ids[i, :n], mask[i, :n], weights[i, :n] = torch.tensor(row_ids), 1, torch.tensor(row_weights)
    return ids, mask, weights


def main(name, steps=None):
    size = dict(SIZES[name])
    size["steps"] = steps or size["steps"]
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(size["seed"])
    tokenizer = Tokenizer()
    corpus = Corpus(size["seed"])
    source = torch.tensor(tokenizer.after_space())
    model = build(size, len(tokenizer.tokens), source)
    decay = [p for p in model.parameters() if p.dim() == 2]
    plain = [p for p in model.parameters() if p.dim() != 2]
    optimizer = torch.optim.AdamW([dict(params=decay, weight_decay=WEIGHT_DECAY), dict(params=plain, weight_decay=0.0)],
                                  lr=size["learning_rate"], betas=(0.9, 0.98))
    seen = torch.zeros(len(tokenizer.tokens), dtype=torch.long)
    cache, running, started = {}, None, time.time()
    print(name, len(tokenizer.tokens), "tokens", sum(p.numel() for p in model.parameters()), "parameters", flush=True)
    for step in range(size["steps"]):
        progress = step / size["steps"]
        rate = min(1.0, (step + 1) / WARM_UP) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * progress)))
        for group in optimizer.param_groups:
            group["lr"] = rate * size["learning_rate"]
        ids, mask, weights = make_batch(tokenizer, cache, corpus.batch(TOKENS_PER_BATCH))
        seen += torch.bincount(ids.flatten(), minlength=len(seen))
        targets, target_weights = ids[:, 1:].reshape(-1), weights[:, 1:].reshape(-1)
        kept = (target_weights == ANSWER_WEIGHT) | (torch.rand(len(targets)) < OTHER_SHARE)
        only = (kept & (target_weights > 0)).nonzero().squeeze(1)
        logits, _ = model(ids[:, :-1], mask[:, :-1], only=only)
        loss = (F.cross_entropy(logits, targets[only], reduction="none") * target_weights[only]).sum()
        loss = loss / target_weights[only].sum()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        running = loss.item() if running is None else 0.98 * running + 0.02 * loss.item()
        if (step + 1) % 100 == 0:
            print(f"{name} {step + 1}/{size['steps']} loss {running:.3f} {time.time() - started:.0f} s", flush=True)
    WORK.mkdir(exist_ok=True)
    seen = torch.zeros_like(seen).index_add(0, source, seen)[source]  # of either form: their rows are shared
    torch.save(dict(state=model.plain_state(), seen=seen, size=size), WORK / f"{name}.pt")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else None)
