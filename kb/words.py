"""The concepts of a generation in files of their own, one for each kind: naming a policy needs no query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.vocabulary import Concept, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_FOLDER = "words"


def write_words(generation: Path, vocabulary: Vocabulary) -> None:
    """Write the concepts of every kind."""
    import json

    folder = generation / _FOLDER
    folder.mkdir(exist_ok=True)
    for kind in vocabulary.kinds():
        (folder / f"{kind}.json").write_text(json.dumps(vocabulary.concepts(kind)), "utf-8")


def link_words(previous: Path, generation: Path) -> None:
    """Give a new generation the words of the one before, whose ontology is the same."""
    folder = generation / _FOLDER
    folder.mkdir()
    for path in (previous / _FOLDER).glob("*.json"):
        (folder / path.name).hardlink_to(path)


def read_words(generation: Path, kinds: Iterable[str] = ()) -> Vocabulary:
    """Return the concepts of some kinds, of all where none is named; a kind that was not written has none."""
    import json

    folder = generation / _FOLDER
    wanted = list(kinds) or sorted(path.stem for path in folder.glob("*.json"))
    concepts: list[Concept] = []
    for kind in wanted:
        path = folder / f"{kind}.json"
        if path.is_file():
            for values in json.loads(path.read_bytes()):
                concept = Concept._make(values)
                concepts.append(concept._replace(alt_labels=tuple(concept.alt_labels), broader=tuple(concept.broader)))
    return Vocabulary(concepts)
