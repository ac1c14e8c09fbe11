"""The kept index of the search: the same answers as one made anew and as the rules alone, and changed in part only."""

from __future__ import annotations

import marshal
import random
from typing import TYPE_CHECKING, Any

import pytest

from kb import search_file
from kb.build import build, ensure
from kb.search_file import FILE, study_index
from kb.store import open_store
from kb.study_search import StudyIndex
from kb.tables import make_tables
from tests.kb.building import edit
from tests.kb.plain_search import plain_search

if TYPE_CHECKING:
    from kb.collection import Collection
    from kb.store import Reader
    from kb.tables import Tables

CHANCE = 5


def queries(tables: Tables, number: int) -> list[str]:
    """Return words, starts of words, phrases and rows of words of a collection."""
    chance = random.Random(CHANCE)
    texts = [row.title for row in tables.studies] + [row.statement for row in tables.findings]
    texts += [row.authors for row in tables.studies] + [row.outcome_label for row in tables.findings]
    found = ["2015", "trust", "of the", '"social trust"', "citizenship 2014", "s", "nothing of this kind"]
    while len(found) < number:
        words = chance.choice(texts).split() or ["a"]
        start = chance.randrange(len(words))
        here = words[start]
        found += [here, here[: chance.randint(1, 4)], f'"{" ".join(words[start : start + 3])}', " ".join(words[:9])]
        found.append(f"{here} {chance.choice(chance.choice(texts).split() or ['b'])}")
    return found


def test_the_index_finds_what_the_rules_say_in_that_order(whole_reader: Reader) -> None:
    tables = make_tables(whole_reader)
    words = whole_reader.vocabulary()
    index = study_index(whole_reader.folder, tables, words)
    chosen = tables.studies[::9]
    small = StudyIndex(chosen, [row for row in tables.findings if row.study in {s.study for s in chosen}], words)
    for query in queries(tables, 30):
        expected = plain_search(query, chosen, tables.findings, words)
        found = small.search(query)
        assert found.instead or found.hits == expected, query
        whole = index.search(query)
        assert whole.instead or {hit.study for hit in expected} <= {hit.study for hit in whole.hits}


def test_a_kept_index_answers_like_one_made_anew(whole_reader: Reader) -> None:
    tables = make_tables(whole_reader)
    words = whole_reader.vocabulary()
    study_index(whole_reader.folder, tables, words)
    kept, anew = study_index(whole_reader.folder, tables, words), StudyIndex(tables.studies, tables.findings, words)
    for query in ["", *queries(tables, 120)]:
        assert kept.search(query) == anew.search(query)


def test_an_index_of_before_is_brought_up_to_date(copy_of_toy: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    with ensure(copy_of_toy)[0] as reader:
        study_index(reader.folder, make_tables(reader), reader.vocabulary())
    for title in ("An unheard-of title", "Yet another title"):  # the index stays behind for one generation
        edit(copy_of_toy, "alpha2001trust.bib", " study of equal", f" {title} of equal")
        edit(copy_of_toy, "alpha2001trust.bib", f" {title} of equal", f" {title} study of equal")
        build(copy_of_toy)
        with open_store(copy_of_toy) as reader:
            make_tables(reader)
    (copy_of_toy.studies[0] / "gamma2003index.bib").unlink()
    text = (copy_of_toy.studies[0] / "epsilon2005review.bib").read_text("utf-8").replace("epsilon2005", "zeta2006")
    (copy_of_toy.studies[0] / "zeta2006review.bib").write_text(text.replace("2005", "2006"), "utf-8")
    build(copy_of_toy)
    read: list[set[str]] = []
    real = StudyIndex.change
    monkeypatch.setattr(search_file, "_MOST", 1.0)

    def noting(index: StudyIndex, keys: set[str], *state: Any) -> None:  # noqa: ANN401 - passed on
        read.append(keys)
        real(index, keys, *state)

    monkeypatch.setattr(StudyIndex, "change", noting)
    with open_store(copy_of_toy) as reader:
        tables = make_tables(reader)
        changed = study_index(reader.folder, tables, reader.vocabulary())
        again = study_index(reader.folder, tables, reader.vocabulary())
        anew = StudyIndex(tables.studies, tables.findings, reader.vocabulary())
    assert len(read) == 1
    assert read[0] == {"alpha2001trust", "gamma2003index", "zeta2006review"}
    assert [hit.study for hit in changed.search("unheard yet").hits] == ["alpha2001trust"]
    for query in ["", "gamma", "zeta2006review", *queries(tables, 60)]:
        assert changed.search(query) == again.search(query) == anew.search(query)


@pytest.mark.parametrize("content", [b"", b"{", marshal.dumps([]), marshal.dumps({"layout": ["0"]})])
def test_a_damaged_one_is_made_again(toy_reader: Reader, content: bytes) -> None:
    tables = make_tables(toy_reader)
    (toy_reader.folder / FILE).write_bytes(content)
    assert study_index(toy_reader.folder, tables, toy_reader.vocabulary()).search("alpha2001trust").hits
    assert (toy_reader.folder / FILE).read_bytes() != content


def test_a_kept_one_that_lacks_a_part_is_made_again(toy_reader: Reader) -> None:
    tables = make_tables(toy_reader)
    study_index(toy_reader.folder, tables, toy_reader.vocabulary())
    content = marshal.loads((toy_reader.folder / FILE).read_bytes())
    del content["index"]["texts"]["title"]
    (toy_reader.folder / FILE).write_bytes(marshal.dumps(content))
    assert study_index(toy_reader.folder, tables, toy_reader.vocabulary()).search("alpha2001trust").hits
