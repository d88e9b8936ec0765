"""A GPT-2-like causal transformer: pre-norm, learned positions, tied output projection without bias."""
import math

import torch
from torch import nn
from torch.nn import functional as F

SIZES = {
    "small": dict(width=96, layers=4, heads=4, seed=1, learning_rate=3e-3, steps=2200),
    "wide": dict(width=160, layers=4, heads=5, seed=2, learning_rate=2e-3, steps=1700),
}
POSITIONS = 128
MASKED = -1e9  # finite, so that a row with nothing to attend to (left padding) stays a number


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.head_width = heads, width // heads
        self.c_attn = nn.Linear(width, 3 * width)
        self.c_proj = nn.Linear(width, width)

    def forward(self, x, mask, past):
        batch, length, width = x.shape
        q, k, v = self.c_attn(x).split(width, dim=2)
        q, k, v = (t.reshape(batch, length, self.heads, self.head_width).transpose(1, 2) for t in (q, k, v))
        if past is not None:
            k = torch.cat((past[0], k), dim=2)
            v = torch.cat((past[1], v), dim=2)
        scores = q @ k.transpose(2, 3) * (1.0 / math.sqrt(self.head_width)) + mask
        mixed = scores.softmax(dim=-1) @ v
        return self.c_proj(mixed.transpose(1, 2).reshape(batch, length, width)), (k, v)


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.ln_1 = nn.LayerNorm(width)
        self.attn = Attention(width, heads)
        self.ln_2 = nn.LayerNorm(width)
        self.c_fc = nn.Linear(width, 4 * width)
        self.c_proj = nn.Linear(4 * width, width)

    def forward(self, x, mask, past):
        attended, present = self.attn(self.ln_1(x), mask, past)
        x = x + attended
        h = self.c_fc(self.ln_2(x))
        h = 0.5 * h * (1.0 + torch.tanh(math.sqrt(2.0 / math.pi) * (h + 0.044715 * h * h * h)))  # gelu_new
        return x + self.c_proj(h), present


class Transformer(nn.Module):
    """With `source`, the row of token i is that of token source[i], plus one learned offset where the two differ.

    Training shares the rows of "easy" at the start of a text and " easy" after a space in this way: starts are
    rare, most words would hardly be seen there, and rows left at random distort the covariance of the unembeddings.
    `plain_state` writes the rows out, so that a trained model is an ordinary one.
    """

    def __init__(self, vocabulary, width, layers, heads, source=None):
        super().__init__()
        self.wte = nn.Embedding(vocabulary, width)
        self.source = source
        if source is not None:
            self.offset = nn.Parameter(torch.zeros(width))
        self.wpe = nn.Embedding(POSITIONS, width)
        self.h = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.ln_f = nn.LayerNorm(width)
        for name, p in self.named_parameters():
            if p.dim() == 2:
                scale = 0.02 / math.sqrt(2 * layers) if name.endswith("c_proj.weight") else 0.02
                nn.init.normal_(p, std=scale)
            elif name.endswith("bias"):
                nn.init.zeros_(p)

    def rows(self):
        if self.source is None:
            return self.wte.weight
        differs = (self.source != torch.arange(len(self.source)))[:, None]
        return F.embedding(self.source, self.wte.weight) + differs * self.offset

    def plain_state(self):
        state = {name: p for name, p in self.state_dict().items() if name != "offset"}
        return {**state, "wte.weight": self.rows().detach()}

    def forward(self, input_ids, attention_mask, past=None, only=None):
        """logits and the (key, value) of every layer; attention_mask covers past and present tokens.

        `only`: the indices (into the flattened batch) of the positions whose logits are wanted.
        """
        length, total = input_ids.shape[1], attention_mask.shape[1]
        # positions count real tokens, so that padding on either side moves nothing
        positions = (attention_mask.cumsum(dim=1) - 1).clamp(min=0)[:, total - length:]
        index = torch.arange(total)
        causal = index[None, :] <= index[total - length:, None]
        visible = causal[None, None] & (attention_mask[:, None, None, :] > 0)
        mask = (1.0 - visible.to(torch.float32)) * MASKED
        rows = self.rows()
        x = F.embedding(input_ids, rows) + self.wpe(positions)
        presents = []
        for i, block in enumerate(self.h):
            x, present = block(x, mask, None if past is None else past[i])
            presents.append(present)
        x = self.ln_f(x)
        if only is not None:
            x = x.reshape(-1, x.shape[-1])[only]
        return x @ rows.t(), presents


def build(size, vocabulary, source=None):
    return Transformer(vocabulary, size["width"], size["layers"], size["heads"], source)
