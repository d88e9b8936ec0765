"""A byte-level BPE tokeniser without merges, in the format of tokenizer.json.

Every word of the corpus is one token, and any other text falls back to its bytes. Merges that build a word
step by step would add about as many fragments that no text ever contains; their unembeddings would never be
trained, and would distort the covariance over the vocabulary. `ignore_merges` makes a whole word a token
without them.
"""
import json
import re
import sys
from pathlib import Path

import corpus

END = "<|endoftext|>"  # beginning, end and padding
# GPT-2's pre-tokeniser; the corpus is plain ASCII, so that Python's `re` needs no \p classes
PIECES = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?[A-Za-z]+| ?[0-9]+| ?[^\sA-Za-z0-9]+|\s+(?!\S)|\s+")


def byte_characters():
    """GPT-2's printable stand-in for each byte."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table, extra = {}, 0
    for byte in range(256):
        if byte in printable:
            table[byte] = chr(byte)
        else:
            table[byte] = chr(256 + extra)
            extra += 1
    return table


BYTES = byte_characters()


def as_token(piece):
    return "".join(BYTES[b] for b in piece.encode("utf-8"))


def build_vocabulary():
    words = set()
    for text in corpus.every_sentence():
        words.update(PIECES.findall(text))
        words.update(PIECES.findall(" " + text))  # as a later sentence of a row
    tokens = [END, *BYTES.values()]
    tokens += sorted({as_token(word) for word in words} - set(tokens))
    return {token: i for i, token in enumerate(tokens)}


class Tokenizer:
    """Encodes the corpus; agreement with the JavaScript library is checked by check.mjs."""

    def __init__(self, vocabulary=None):
        self.vocabulary = vocabulary or build_vocabulary()
        self.tokens = list(self.vocabulary)

    def encode(self, text):
        ids = []
        for piece in PIECES.findall(text):
            token = as_token(piece)
            whole = self.vocabulary.get(token)
            ids += [whole] if whole is not None else [self.vocabulary[c] for c in token]
        return ids

    def after_space(self):
        """For every token the id of the same word after a space; its own where there is none."""
        return [self.vocabulary.get("Ġ" + token, i) for i, token in enumerate(self.tokens)]


def save(tokenizer, folder):
    special = {"id": 0, "content": END, "single_word": False, "lstrip": False, "rstrip": False,
               "normalized": False, "special": True}
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    spec = {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": [special], "normalizer": None,
        "pre_tokenizer": byte_level,
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [{"SpecialToken": {"id": END, "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
            "pair": [{"SpecialToken": {"id": END, "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                     {"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": {END: {"id": END, "ids": [0], "tokens": [END]}},
        },
        "decoder": byte_level,
        "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
                  "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "ignore_merges": True,
                  "vocab": tokenizer.vocabulary, "merges": []},
    }
    config = {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": END, "eos_token": END, "pad_token": END,
              "add_bos_token": True, "add_prefix_space": False, "clean_up_tokenization_spaces": False,
              "model_max_length": 128}
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in (("tokenizer.json", spec), ("tokenizer_config.json", config)):
        (folder / name).write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    built = Tokenizer()
    print(len(built.tokens), "tokens")
    if len(sys.argv) > 1:
        save(built, sys.argv[1])
