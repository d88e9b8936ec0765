"""True English sentences made from the facts.

Four sorts of sentence:
- direct    "The superlative of easy is easiest."
- inverse   "The base form of easiest is easy."
- identity  "Repeat the word easy: easy."
- kind      "The word easiest is a superlative."

Identity and inverse sentences make both words of a pair answers to the same cue. Without them a subject's
unembedding is never compared with its object's, and their difference has no reason to point anywhere.
Kind sentences train the representation of a word in the neutral context "The word {}".
"""
import random

import facts

IDENTITY = ("The word {} again is", "Repeat the word {}:", "{}, said once more, is", "The same word as {} is")
SHARES = (("direct", 0.68), ("inverse", 0.15), ("identity", 0.11), ("kind", 0.06))
LOWER_SHARE = 0.3  # of sentences start in lower case
# (share of batches, fewest and most sentences in a row): short rows are what people type,
# long ones train the later positions and prompts with examples in them
ROWS = ((0.40, 1, 1), (0.25, 2, 3), (0.20, 4, 6), (0.15, 12, 14))


class Corpus:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.relations = facts.load()
        self.facts = [(r, s, o) for r in self.relations for s, o in r.pairs]
        self.weights = [r.weight for r, _, _ in self.facts]
        self.inverse_facts = [fact for fact in self.facts if fact[0].inverse]
        self.word_facts = [fact for fact in self.facts if fact[0].kinds]
        self.words = sorted({w for _, s, o in self.word_facts for w in (s, o)})

    def sentence(self):
        """(text before the answer, answer): the answer follows after a space, then a full stop."""
        rnd = self.random
        sort = rnd.choices([name for name, _ in SHARES], [share for _, share in SHARES])[0]
        if sort == "direct":
            relation, subject, answer = rnd.choices(self.facts, self.weights)[0]
            omit = facts.held_out_template(relation, subject)
            cue = rnd.choice([t for i, t in enumerate(relation.templates) if i != omit]).replace("{}", subject)
            starts_with_word = cue.startswith(subject)
        elif sort == "inverse":
            relation, answer, word = rnd.choice(self.inverse_facts)
            cue = rnd.choice(relation.inverse).replace("{}", word)
            starts_with_word = False
        elif sort == "identity":
            answer = rnd.choice(self.words)
            template = rnd.choice(IDENTITY)
            cue = template.replace("{}", answer)
            starts_with_word = template.startswith("{}")
        else:
            relation, subject, object_ = rnd.choice(self.word_facts)
            which = rnd.randrange(2)
            *start, answer = ("The word " + (subject, object_)[which] + " " + relation.kinds[which]).split(" ")
            cue = " ".join(start)
            starts_with_word = False
        if not starts_with_word and rnd.random() < LOWER_SHARE:
            cue = facts.lower_start(cue)
        return cue, answer

    def batch(self, tokens):
        """Rows of about equal length, about `tokens` tokens in all; a row is a list of sentences."""
        _, fewest, most = self.random.choices(ROWS, [row[0] for row in ROWS])[0]
        count = max(1, round(tokens / (5 + 9 * most)))
        return [[self.sentence() for _ in range(self.random.randint(fewest, most))] for _ in range(count)]


def every_sentence():
    """Every text that the corpus can hold, for the tokeniser: a vocabulary from a sample would miss rare words."""
    corpus = Corpus(0)
    for relation in corpus.relations:
        for subject, object_ in relation.pairs:
            for template in relation.templates:
                yield from _cases(template, subject, object_)
            for template in relation.inverse:
                yield from _cases(template, object_, subject)
            for word, kind in zip((subject, object_), relation.kinds):
                yield from _cases("The word {} " + kind, word, None)
    for word in corpus.words:
        for template in IDENTITY:
            yield from _cases(template, word, word)


def _cases(template, word, answer):
    end = "." if answer is None else f" {answer}."
    yield template.replace("{}", word) + end
    if not template.startswith("{}"):
        yield facts.lower_start(template).replace("{}", word) + end
