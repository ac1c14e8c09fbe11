"""In which texts of a study a search looks, field by field, and how much a match in each counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.search_terms import fold_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kb.evidence import Row
    from kb.tables import StudyRow
    from kb.vocabulary import Vocabulary


class Field(NamedTuple):
    """A field: what people call it, how much a match counts, and whether years in it are no years of publication."""

    label: str
    weight: float
    skips_years: bool = False


FIELDS = {
    "title": Field("title", 8.0),
    "author": Field("authors", 7.0),
    "year": Field("year", 9.0),
    "key": Field("key or DOI", 5.0),
    "vocabulary": Field("policy or outcome", 4.0),
    "coded": Field("population, country, data or design", 3.0, skips_years=True),
    "journal": Field("journal or book", 2.5),
    "statement": Field("statement", 2.0, skips_years=True),
}
_NAMED = ("policy", "outcome")
_CODED = ("population", "country", "data", "design")
#: The fields that hold names of concepts; the others hold texts.
NAMED = ("vocabulary", "coded")
_SEPARATED = " | "


class StudyTexts(NamedTuple):
    """What a search looks at in one study: by field the folded text, or the names of what it is coded with.

    A bar parts what no phrase should reach across.
    """

    texts: dict[str, str]
    names: dict[str, list[str]]


class TextReader:
    """Reads what a search looks at; the names of a concept are put together once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._names = _Names(vocabulary)

    def read(self, study: StudyRow, findings: list[Row]) -> StudyTexts:
        """Return the texts of a study."""
        texts = {
            "title": _folded(study.title),
            "author": _joined(_folded(name) for name in study.authors.split("; ")),
            "year": _folded(study.year),
            "key": _joined((study.study.lower(), _folded(study.doi), *(row.finding.lower() for row in findings))),
            "journal": _folded(study.container),
            "statement": _joined(_folded(row.statement) for row in findings),
        }
        coded = [*self._names.of(study, findings, _CODED), _folded(f"{study.circle} {study.measure}")]
        names = {"vocabulary": list(self._names.of(study, findings, _NAMED)), "coded": coded}
        return StudyTexts(texts, {field: list(dict.fromkeys(filter(None, found))) for field, found in names.items()})


class _Names:
    """The folded names of concepts: label, notation and alternative labels, with those of all concepts above."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._known: dict[tuple[str, str], str] = {}

    def of(self, study: StudyRow, rows: list[Row], kinds: tuple[str, ...]) -> Iterator[str]:
        """Return the names of the concepts of some kinds."""
        for kind, notations in _coded(study, rows):
            if kind in kinds:
                yield from (self._names(kind, notation) for notation in notations)

    def _names(self, kind: str, notation: str) -> str:
        if (kind, notation) not in self._known:
            concept = self._vocabulary.get(kind, notation)
            every = [concept, *self._vocabulary.ancestors(kind, notation)] if concept else []
            names = [_folded(name) for one in every if one for name in (one.label, one.notation, *one.alt_labels)]
            self._known[kind, notation] = _joined(dict.fromkeys(names or [_folded(notation)]))
        return self._known[kind, notation]


def explain(
    words: Iterable[str], study: StudyRow, findings: Iterable[Row], vocabulary: Vocabulary
) -> list[tuple[str, str]]:  # fmt: skip
    """Return why a study was found: pairs of a field's name and what stands there, for folded words or phrases."""
    words, rows = list(words), list(findings)

    def fits(part: str) -> bool:
        folded = _folded(part)
        return any(word in folded for word in words)

    found = [(FIELDS["title"].label, study.title)] if fits(study.title) else []
    found += [(FIELDS["author"].label, name) for name in study.authors.split("; ") if fits(name)]
    found += [
        (FIELDS[name].label, part)
        for name, part in (("year", study.year), ("key", study.study), ("key", study.doi), ("journal", study.container))
        if fits(part)
    ]
    for kind, notations in _coded(study, rows):
        for notation in notations:
            concept = vocabulary.get(kind, notation)
            for one in (concept, *vocabulary.ancestors(kind, notation)) if concept else ():
                if fits(one.label) or fits(one.notation):
                    found.append((kind, one.label))
                else:
                    found += [(kind, f"{one.label}, also called {name}") for name in one.alt_labels if fits(name)][:1]
    found += [(row.finding, row.statement) for row in rows if fits(row.statement)]
    return list(dict.fromkeys(found))


def _coded(study: StudyRow, rows: list[Row]) -> list[tuple[str, list[str]]]:
    """Return the notations of each kind that a study and its findings are coded with, each once."""

    def parts(texts: Iterable[str]) -> list[str]:
        return list(dict.fromkeys(part.partition(":")[0].strip() for text in texts for part in text.split(";") if part))

    return [
        ("policy", parts(row.policy for row in rows)), ("outcome", parts(row.outcome for row in rows)),
        ("population", parts(row.population for row in rows)), ("country", parts([study.countries])),
        ("data", parts([study.data])), ("design", parts([study.design])),
    ]  # fmt: skip


def _folded(text: str) -> str:
    return " ".join(fold_words(text))


def _joined(parts: Iterable[str]) -> str:
    return _SEPARATED.join(part for part in parts if part)
