"""Per-relation accuracy of a trained model, and a first look at what comes out linear.

python3 evaluate.py small|wide [--gate] [--linear]
"""
import json
import sys
from pathlib import Path

import numpy as np
import torch

import facts
from model import build
from tokenizer import Tokenizer

WORK = Path(__file__).parent / "work"
GATE = dict(trained=0.95, heldOut=0.90)


def load(name, tokenizer):
    saved = torch.load(WORK / f"{name}.pt")
    model = build(saved["size"], len(tokenizer.tokens))
    model.load_state_dict(saved["state"])
    return model.eval(), saved


@torch.no_grad()
def run(model, tokenizer, prompts):
    """(f, log-probabilities) after each prompt."""
    hidden, logs = [], []
    keep = model.ln_f.register_forward_hook(lambda _m, _i, out: hidden.append(out))
    for start in range(0, len(prompts), 64):
        encoded = [[0] + tokenizer.encode(p) for p in prompts[start:start + 64]]
        length = max(map(len, encoded))
        ids = torch.tensor([e + [0] * (length - len(e)) for e in encoded])
        mask = torch.tensor([[1] * len(e) + [0] * (length - len(e)) for e in encoded])
        last = torch.tensor([i * length + len(e) - 1 for i, e in enumerate(encoded)])
        hidden_before = len(hidden)
        logits, _ = model(ids, mask, only=last)
        f = hidden.pop()
        assert len(hidden) == hidden_before
        hidden.append(f.reshape(-1, f.shape[-1])[last])
        logs.append(logits.log_softmax(dim=-1))
    keep.remove()
    return torch.cat(hidden).double().numpy(), torch.cat(logs).double().numpy()


def accuracy(model, tokenizer, relation):
    """Shares of prompts whose most probable next token is the object."""
    rows = []
    for subject, object_ in relation.pairs:
        omit = facts.held_out_template(relation, subject)
        for i, template in enumerate(relation.templates):
            for form in [template] if template.startswith("{}") else [template, facts.lower_start(template)]:
                rows.append((form.replace("{}", subject), object_, i == omit, form != template))
    _, logs = run(model, tokenizer, [r[0] for r in rows])
    answers = np.array([tokenizer.vocabulary["Ġ" + r[1]] for r in rows])
    right = logs.argmax(axis=1) == answers
    held, lower = np.array([r[2] for r in rows]), np.array([r[3] for r in rows])
    chosen = logs[np.arange(len(rows)), answers]
    return dict(relation=relation.name, facts=len(relation.pairs), answers=len({o for _, o in relation.pairs}),
                trained=right[~held].mean(), heldOut=right[held].mean(), lowerStart=right[lower].mean(),
                probability=float(np.exp(chosen).mean()))


def spread(vectors):
    """Mean cosine off the diagonal."""
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    n = len(unit)
    return ((unit @ unit.T).sum() - n) / (n * (n - 1))


def linear(model, tokenizer, relation, trained, count=40, seed=0):
    """Leave-one-out ridge from the whitened state after the bare subject in its prompt to the answer's logits.

    Also the mean cosine of the unembedding differences in the distributional geometry, true and with the
    partners shuffled. A quick look at the first phrasing only: the engine's figures are the ones to quote.
    """
    pairs = relation.pairs[:count]
    template = relation.templates[0]
    stem = template[:template.index("{}") + 2]
    f_subject, _ = run(model, tokenizer, [stem.replace("{}", s) for s, _ in pairs])
    prompts = [t.replace("{}", s) for t in relation.templates[:3] for s, _ in pairs]
    f_all, _ = run(model, tokenizer, prompts)
    f = f_all[:len(pairs)]
    g = model.wte.weight.detach().double().numpy()
    cov = np.cov(g[trained].T)
    root = np.linalg.cholesky(cov)
    x = f_subject @ root
    ids = sorted({tokenizer.vocabulary["Ġ" + o] for _, o in pairs})
    y = f @ (g[ids] - g[ids].mean(axis=0)).T
    n = len(pairs)
    best = None
    for s in 10.0 ** np.arange(-4, 4.01, 0.5):
        error, base, agree = 0.0, 0.0, 0
        for i in range(n):
            rest = np.arange(n) != i
            mx, my = x[rest].mean(axis=0), y[rest].mean(axis=0)
            xc = x[rest] - mx
            k = xc @ xc.T
            alpha = np.linalg.solve(k + s * np.trace(k) / n * np.eye(n - 1), y[rest] - my)
            prediction = my + (x[i] - mx) @ xc.T @ alpha
            error += ((prediction - y[i]) ** 2).sum()
            base += ((y[i] - my) ** 2).sum()
            agree += prediction.argmax() == y[i].argmax()
        if best is None or error < best[0]:
            best = (error, 1 - error / base, agree / n)
    result = dict(r2=best[1], agreement=best[2])
    if not relation.kinds:  # subjects of several words have no unembedding
        return result
    rng = np.random.default_rng(seed)
    a = g[[tokenizer.vocabulary["Ġ" + s] for s, _ in pairs]]
    b = g[[tokenizer.vocabulary["Ġ" + o] for _, o in pairs]]
    moment = np.linalg.cholesky(f_all.T @ f_all / len(f_all) + 1e-12 * np.eye(f_all.shape[1]))
    causal = np.linalg.inv(root).T
    shuffles = [rng.permutation(n) for _ in range(50)]
    for name, to in (("distributional", moment), ("causal", causal), ("euclidean", np.eye(len(cov)))):
        result[name] = spread((b - a) @ to)
        result[name + "Shuffled"] = float(np.mean([spread((b[p] - a + 1e-9) @ to) for p in shuffles]))
    return result


def main(name, gate, with_linear):
    torch.set_num_threads(1)
    tokenizer = Tokenizer()
    model, saved = load(name, tokenizer)
    trained = saved["seen"].numpy() > 0
    rows, failed = [], []
    for relation in facts.load():
        row = accuracy(model, tokenizer, relation)
        if with_linear:
            row.update(linear(model, tokenizer, relation, trained))
        rows.append(row)
        low = [key for key, least in GATE.items() if row[key] < least]
        failed += [f"{relation.name} {key} {row[key]:.3f}" for key in low]
        print(" ".join(f"{v:>12}" if isinstance(v, str) else f"{k} {v}" if isinstance(v, int) else f"{k} {v:.3f}"
                       for k, v in row.items()), "  LOW" if low else "")
    total = sum(r["facts"] for r in rows)
    for key in GATE:
        print(key, f"{sum(r[key] * r['facts'] for r in rows) / total:.4f}")
    (WORK / f"{name}.json").write_text(json.dumps(rows, indent=1) + "\n")
    if gate and failed:
        sys.exit("below the gate: " + ", ".join(failed))


if __name__ == "__main__":
    main(sys.argv[1], "--gate" in sys.argv, "--linear" in sys.argv)
