"""The facts and their phrasings, and which pairings of the two are never trained on."""
import json
import zlib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "facts"


@dataclass(frozen=True)
class Relation:
    name: str
    weight: float  # how often its facts are sampled, relative to a fact of another relation
    templates: tuple  # the subject goes into {}, the object follows after a space
    inverse: tuple  # the same the other way round: the object goes into {}, the subject follows
    kinds: tuple  # what can be said of (a subject, an object) after "The word {}"; empty where they are not words
    pairs: tuple  # (subject, object)


def load():
    relations = []
    for path in sorted(FOLDER.glob("*.json")):
        raw = json.loads(path.read_text(encoding="utf-8"))
        relations.append(Relation(
            raw["name"], raw["weight"], tuple(raw["templates"]), tuple(raw["inverse"]),
            tuple(raw["kinds"]), tuple(tuple(pair) for pair in raw["pairs"])))
    return relations


def held_out_template(relation, subject):
    """The index of the one phrasing in which this fact is never trained on.

    A checksum rather than a random draw: it stays the same when facts or relations are added.
    """
    return zlib.crc32(f"{relation.name}/{subject}".encode()) % len(relation.templates)


def lower_start(text):
    """A template as people type it in a hurry; one that begins with the subject stays as it is."""
    return text[0].lower() + text[1:]


if __name__ == "__main__":
    for r in load():
        print(f"{r.name:12} {len(r.pairs):4} facts {len({o for _, o in r.pairs}):4} answers {len(r.templates)} phrasings")
