"""What may stand at the cursor in a SPARQL text: prefixes, terms, concepts, keys, variables and words of SPARQL."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from kb.named_queries import named_query
from kb.namespaces import BASE, PREFIXES, concept_iri
from kb.sparql_text import declared, term, tokens, words
from kb.text import clean_text, plain_letters
from kb.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kb.session import Session
    from kb.sparql_text import Token
    from kb.vocabulary import Vocabulary

LIMIT = 50
_SHORTEST = 2  # letters of a word before concepts and terms are looked through for it
_CLOSED = ("comment", "string", "iri", "language", "number")


class Suggestion(NamedTuple):
    """Something that may stand there: the text as it is written, and what it is called."""

    text: str
    label: str = ""


class Completion(NamedTuple):
    """What may stand in the place of the letters from ``start`` to ``end``."""

    start: int
    end: int
    suggestions: list[Suggestion]


class _Entry(NamedTuple):
    """A name of the graph with all that it is known by, folded: its own first, then its label, then the others."""

    local: str
    iri: str
    label: str
    names: tuple[str, ...]

    def rank(self, wanted: str) -> int:
        """Return how well the words fit, 0 best, -1 not at all."""
        if self.names[0].startswith(wanted):
            return 0
        if any(name.startswith(wanted) for name in self.names[1:]):
            return 1
        everything = " " + " ".join(self.names)
        return 2 if all(f" {word}" in everything for word in wanted.split()) else -1


class Completer:
    """Knows every name that a query may use. Asking it takes a few milliseconds."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        terms: Iterable[tuple[str, str]] = (),
        keys: Mapping[str, Iterable[tuple[str, str]]] | None = None,
    ) -> None:
        """Collect the concepts, ``terms`` as address and label, and ``keys`` by kind (study, finding) with a label."""
        self._entries: dict[str, list[_Entry]] = defaultdict(list)
        for concept in vocabulary:
            address = f"{BASE}{concept.kind}/"
            iri = concept_iri(concept.kind, concept.notation)
            self._add(address, concept.notation, iri, concept.label, concept.alt_labels)
        for iri, label in terms:
            address = next((found for found in PREFIXES.values() if iri.startswith(found)), "")
            if address and iri != address:
                self._add(address, iri[len(address) :], iri, label)
        self._words = [address for address in self._entries if not address.startswith(f"{BASE}country")]
        for kind, found in (keys or {}).items():
            for key, label in found:
                self._add(f"{BASE}{kind}/", key, concept_iri(kind, key), label)

    def _add(self, address: str, local: str, iri: str, label: str, others: Iterable[str] = ()) -> None:
        names = tuple(fold(plain_letters(name)) for name in (local, label, *others))
        self._entries[address].append(_Entry(local, iri, clean_text(label), names))

    def of_kind(self, kind: str, typed: str) -> list[Suggestion]:
        """Return the concepts or keys of a kind that the words may mean, as a field names them."""
        found = self._ranked([f"{BASE}{kind}/"], typed)
        return [Suggestion(entry.local, entry.label) for entry in found]

    def at(self, text: str, cursor: int) -> Completion:
        """Return what may stand at a position of a text."""
        here = next((token for token in tokens(text) if token.start < cursor <= token.end), None)
        if here is None or here.kind == "sign":
            return Completion(cursor, cursor, self._anything(text))
        typed = text[here.start : cursor]
        if here.kind in _CLOSED:
            return Completion(cursor, cursor, [])
        if here.kind == "variable":
            return Completion(here.start, here.end, _variables(text, typed[1:], here))
        if ":" in typed:
            return Completion(here.start, here.end, self._local(text, typed))
        return Completion(here.start, here.end, self._word(text, typed))

    def _local(self, text: str, typed: str) -> list[Suggestion]:
        prefix, _, local = typed.partition(":")
        address = {**PREFIXES, **declared(text)}.get(prefix, "")
        own = PREFIXES.get(prefix) != address

        def written(entry: _Entry) -> str:
            known = term(entry.iri)
            return f"{prefix}:{entry.local}" if own and not known.startswith("<") else known

        found = [Suggestion(written(entry), entry.label) for entry in self._ranked([address], local)]
        return [] if [suggestion.text for suggestion in found] == [typed] else found

    def _word(self, text: str, typed: str) -> list[Suggestion]:
        upper, lower = typed.upper(), typed.casefold()
        found = [Suggestion(word) for word in words()["keywords"] if word.startswith(upper)]
        found += [Suggestion(f"{word}(", "function") for word in words()["functions"] if word.startswith(upper)]
        prefixes = {**PREFIXES, **declared(text)}
        found += [Suggestion(f"{name}:", prefixes[name]) for name in prefixes if name and name.startswith(lower)]
        if len(typed) >= _SHORTEST:
            entries = self._ranked(self._words, typed)
            named = [Suggestion(term(entry.iri), entry.label) for entry in entries]
            found += [suggestion for suggestion in named if not suggestion.text.startswith("<")]
        return [] if [suggestion.text for suggestion in found] == [typed] else found[:LIMIT]

    def _anything(self, text: str) -> list[Suggestion]:
        found = _variables(text, "", None)
        found += [Suggestion(f"{name}:", address) for name, address in {**PREFIXES, **declared(text)}.items()]
        return (found + [Suggestion(word) for word in words()["keywords"]])[:LIMIT]

    def _ranked(self, addresses: Iterable[str], typed: str) -> list[_Entry]:
        """Return the names at some addresses that fit, the best first; all where nothing was typed."""
        wanted = fold(plain_letters(typed))
        ranked: list[list[_Entry]] = [[], [], []]
        for address in addresses:
            for entry in self._entries.get(address, ()):
                rank = entry.rank(wanted)
                if rank >= 0:
                    ranked[rank].append(entry)
        return [entry for entries in ranked for entry in entries][:LIMIT]


def make_completer(session: Session) -> Completer:
    """Return the completion of a collection: its concepts, the terms that its graph uses, its studies and findings."""
    terms = [(row[0], row[1]) for row in session.reader.remembered(named_query("terms").text())]
    keys = {
        "study": [(study.study, study.title) for study in session.studies()],
        "finding": [(row.finding, row.statement) for row in session.findings()],
    }
    return Completer(session.vocabulary(), terms, keys)


def _variables(text: str, typed: str, here: Token | None) -> list[Suggestion]:
    """Return the other variables of a text that begin so, in their order."""
    found = {
        text[token.start + 1 : token.end]: None for token in tokens(text) if token.kind == "variable" and token != here
    }
    return [
        Suggestion(f"?{name}")
        for name in found
        if name and name != typed and name.casefold().startswith(typed.casefold())
    ]
