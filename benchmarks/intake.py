"""The plan of an addition: thousands of incoming entries against a thousand studies, beside a bare pybtex parse."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.measure import Ratio, functions
from kb.bibtex_writer import format_entry
from kb.collection import Collection, bundled
from kb.intake.decoding import decode_bytes
from kb.intake.existing import read_existing
from kb.intake.incoming import names_of, read_incoming
from kb.intake.plan import make_plan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kb.intake.plan import Plan

STUDIES = 1000
ENTRIES = 5000
_SEED = 4
_LATEX = {"ä": r"{\"a}", "ö": r"{\"o}", "ü": r"{\"u}", "é": r"{\'e}", "ó": r"{\'o}", "á": r"{\'a}", "ø": r"{\o}"}


class _Words(NamedTuple):
    """What the bundled studies are made of: words of titles, authors, journals."""

    titles: list[str]
    authors: list[str]
    journals: list[str]


def intake_ratios(folder: Path, times: int = 5) -> Iterator[Ratio]:
    """Compare reading the collection, decoding and planning with pybtex reading the incoming file, in one process.

    Raises:
        RuntimeError: the plan does not find the half of the entries that the collection holds.
    """
    from pybtex.database.input.bibtex import Parser

    place = folder / "intake"
    collection = Collection((place / "studies",), bundled().ontology)
    content = _write(place).encode("utf-8")

    def ours() -> Plan:
        return make_plan(decode_bytes(content), read_existing(collection))

    def bare() -> object:
        return Parser().parse_string(content.decode("utf-8"))

    plan = ours()
    known = sum(bool(row.matches) for row in plan.rows)
    if len(plan.rows) != ENTRIES or plan.count("broken") or abs(known - ENTRIES // 2) > ENTRIES // 50:
        raise RuntimeError(f"{len(plan.rows)} rows and {known} known instead of {ENTRIES} and {ENTRIES // 2}")
    planned, parsed = functions([ours, bare], times)
    name = f"plan for {ENTRIES:,} entries against {STUDIES:,} studies"
    yield Ratio(name, planned, "pybtex parses the same file", parsed, 3)


def _write(place: Path) -> str:
    """Write the studies, and return the incoming file: one half of its entries are of them, written otherwise."""
    chance = random.Random(_SEED)
    words = _words()
    studies = [_publication(words, chance, number) for number in range(STUDIES)]
    folder = place / "studies"
    folder.mkdir(parents=True)
    for number, fields in enumerate(studies):
        text = format_entry("article", f"study{number}", {**fields, "bibstatus": "confirmed"})
        (folder / f"study{number}.bib").write_text(text, "utf-8")
    half = ENTRIES // 2
    incoming = [_written_otherwise(studies[number % STUDIES], chance) for number in range(half)]
    incoming += [_publication(words, chance, STUDIES + number) for number in range(ENTRIES - half)]
    chance.shuffle(incoming)
    return "\n".join(_exported(f"Key_{number}", fields) for number, fields in enumerate(incoming))


def _words() -> _Words:
    titles: dict[str, None] = {}
    authors: dict[str, None] = {}
    journals: dict[str, None] = {}
    for path in sorted(bundled().studies[0].glob("*.bib")):
        entry = read_incoming(path.read_text("utf-8")).entries[0]
        titles.update(dict.fromkeys(re.findall(r"[^\W\d_]{3,}", entry.fields.get("title", ""))))
        authors.update(dict.fromkeys(names_of(entry.fields.get("author", ""))))
        if "journal" in entry.fields:
            journals[entry.fields["journal"]] = None
    return _Words(list(titles), list(authors), list(journals))


def _publication(words: _Words, chance: random.Random, number: int) -> dict[str, str]:
    first = chance.randrange(1, 900)
    return {
        "author": " and ".join(chance.sample(words.authors, chance.randint(1, 4))),
        "title": " ".join(chance.sample(words.titles, chance.randint(6, 14))),
        "journal": chance.choice(words.journals),
        "year": str(chance.randint(1995, 2026)),
        "volume": str(chance.randint(1, 80)),
        "number": str(chance.randint(1, 6)),
        "pages": f"{first}--{first + chance.randint(5, 40)}",
        "doi": f"10.1234/example.{number}",
    }


def _written_otherwise(fields: dict[str, str], chance: random.Random) -> dict[str, str]:
    """Return a publication as another program exports it: LaTeX, other capitals, now and then no DOI."""
    copy = dict(fields)
    copy["author"] = "".join(_LATEX.get(letter, letter) for letter in fields["author"])
    copy["title"] = chance.choice((fields["title"].upper(), f"{{{fields['title']}}}", fields["title"].capitalize()))
    if chance.random() < 0.5:
        del copy["doi"]
    return copy


def _exported(key: str, fields: dict[str, str]) -> str:
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@article{{{key},\n{body}  file = {{Full Text:files/{key}/paper.pdf:application/pdf}},\n}}\n"
