"""Writes models/embedded-<name>: configuration, tokeniser and the ONNX graph with a key-value cache.

python3 export.py small|wide [folder for reference logits]
"""
import json
import sys
from pathlib import Path

import torch
from torch import nn

import tokenizer as tokenizers
from evaluate import load
from model import POSITIONS
from tokenizer import Tokenizer

MODELS = Path(__file__).parent.parent / "models"


class WithCache(nn.Module):
    """The signature that other exporters give a causal model: flat inputs past_key_values.N.key and .value."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, *flat):
        past = list(zip(flat[0::2], flat[1::2]))
        logits, presents = self.model(input_ids, attention_mask, past)
        return (logits, *(t for pair in presents for t in pair))


def untrained(seen):
    """Tokens that the corpus never showed: bytes that only occur inside of unknown words."""
    return [i for i, count in enumerate(seen.tolist()) if count == 0]


def main(name, reference=None):
    torch.manual_seed(0)
    tokenizer = Tokenizer()
    model, saved = load(name, tokenizer)
    size, folder = saved["size"], MODELS / f"embedded-{name}"
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    tokenizers.save(tokenizer, folder)
    config = {
        "model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "activation_function": "gelu_new",
        "n_layer": size["layers"], "num_hidden_layers": size["layers"],
        "n_head": size["heads"], "num_attention_heads": size["heads"],
        "n_embd": size["width"], "hidden_size": size["width"], "n_inner": 4 * size["width"],
        "n_positions": POSITIONS, "n_ctx": POSITIONS, "max_position_embeddings": POSITIONS,
        "vocab_size": len(tokenizer.tokens), "layer_norm_epsilon": 1e-5, "tie_word_embeddings": True,
        "bos_token_id": 0, "eos_token_id": 0, "pad_token_id": 0, "torch_dtype": "float32",
        "relation_lens_note": "small teaching model",  # every view says so
        "untrained_token_ids": untrained(saved["seen"]),
    }
    text = json.dumps(config, indent=2)
    ids = json.dumps(config["untrained_token_ids"])
    config["untrained_token_ids"] = "IDS"  # on one line
    text = json.dumps(config, indent=2).replace('"IDS"', ids)
    (folder / "config.json").write_text(text + "\n", encoding="utf-8")

    layers, heads, head_width = size["layers"], size["heads"], size["width"] // size["heads"]
    past = [torch.randn(2, heads, 3, head_width) for _ in range(2 * layers)]
    inputs = (torch.randint(1, 300, (2, 5)), torch.ones(2, 8, dtype=torch.long), *past)
    names_in = ["input_ids", "attention_mask"]
    names_out = ["logits"]
    axes = {"input_ids": {0: "batch", 1: "sequence"}, "attention_mask": {0: "batch", 1: "total_sequence"},
            "logits": {0: "batch", 1: "sequence"}}
    for i in range(layers):
        for part in ("key", "value"):
            names_in.append(f"past_key_values.{i}.{part}")
            names_out.append(f"present.{i}.{part}")
            axes[names_in[-1]] = {0: "batch", 2: "past_sequence"}
            axes[names_out[-1]] = {0: "batch", 2: "total_sequence"}
    # do_constant_folding=False: folding would store the tied matrix a second time, transposed
    torch.onnx.export(WithCache(model), inputs, str(folder / "onnx" / "model.onnx"), input_names=names_in,
                      output_names=names_out, dynamic_axes=axes, opset_version=17, do_constant_folding=False)
    if reference:
        write_reference(model, tokenizer, Path(reference))


@torch.no_grad()
def write_reference(model, tokenizer, path):
    """PyTorch's logits for check.mjs."""
    prompts = ["The superlative of easy is", "the capital of France is",
               "dog in the plural is", "What is the opposite of hot? It is", "easy", "xyzzy \u00e9\u4f60 is"]
    rows = []
    for prompt in prompts:
        ids = [0] + tokenizer.encode(prompt) if prompt.isascii() else [0] + [1, 77, 200, 30]
        logits, _ = model(torch.tensor([ids]), torch.ones(1, len(ids), dtype=torch.long))
        rows.append({"prompt": prompt if prompt.isascii() else None, "ids": ids, "logits": logits[0].tolist()})
    path.write_text(json.dumps(rows))


if __name__ == "__main__":
    main(*sys.argv[1:])
