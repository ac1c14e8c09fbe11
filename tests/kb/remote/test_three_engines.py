"""The same rows in the same order from the embedded store, Oxigraph's server and Virtuoso, whatever is asked."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from kb.evidence import Question, answer, query_text
from kb.named_queries import internal_names, named_query, names
from kb.namespaces import prefix_header
from kb.remote.changes import graphs_of
from kb.remote.graphs import OURS
from kb.studies import study_documents
from kb.tables import make_tables
from tests.kb.remote.conftest import GONE, LACKED, OTHER

if TYPE_CHECKING:
    from kb.evidence import Answer
    from kb.remote.reader import RemoteReader
    from kb.store import Reader
    from tests.kb.remote.conftest import Engine

QUERIES = [*names(), *internal_names()]
#: Values for parameters that the files of queries give no example for.
VALUES = {
    "study": ["ziller2014societal", "migali2017determinants"],
    "finding": ["ziller2014societal-1"],
    "circle": ["core"],
}
FILTERS = [
    Question(),
    Question(measure=("all",)),
    Question(policy=("health",)),
    Question(policy=("anti-discrimination", "overall"), measure=("all",)),
    Question(policy=("health",), exact=True, measure=("all",)),
    Question(outcome=("generalised-trust",)),
    Question(outcome=("health", "employment"), measure=("all",)),
    Question(population=("immigrants",)),
    Question(population=("third-country-nationals", "general-public"), measure=("all",)),
    Question(direction=("positive",)),
    Question(direction=("null", "mixed"), measure=("all",)),
    Question(appraisal=("favourable",)),
    Question(appraisal=("unfavourable", "unclear"), measure=("all",)),
    Question(role=("direct",)),
    Question(role=("moderator",), measure=("all",)),
    Question(design=("panel",)),
    Question(design=("cross-sectional", "quasi-experiment"), measure=("all",)),
    Question(measure=("comparable",)),
    Question(measure=("mipex:2015",)),
    Question(measure=("reform", "mipex:2010")),
    Question(source_level=("fulltext",)),
    Question(source_level=("abstract", "secondary"), measure=("all",)),
    Question(country=("DE",)),
    Question(country=("AT", "SE"), measure=("all",)),
    Question(data=("ess",)),
    Question(data=("pisa", "evs"), measure=("all",)),
    Question(year=("2014",)),
    Question(year=("2012", "2020"), measure=("all",)),
    Question(since="2015"),
    Question(since="2019", measure=("all",)),
    Question(until="2012"),
    Question(until="2009", measure=("all",)),
    Question(search="trust"),
    Question(search="Näive öst discrimination", measure=("all",)),
    Question(study=("ziller2014societal",)),
    Question(study=("migali2017determinants", "callens2015integration"), measure=("all",)),
    Question(finding=("migali2017determinants-1",)),
    Question(finding=("ziller2014societal-1", "ziller2014societal-2"), measure=("all",)),
    Question(policy=("overall",), direction=("positive",), country=("DE",), since="2010", until="2020"),
    Question(outcome=("attitudes",), population=("general-public",), design=("cross-sectional",), data=("ess",)),
    Question(policy=("access-to-nationality",), appraisal=("favourable",), role=("direct",), year=("2019", "2020")),
    Question(policy=("education",), source_level=("abstract",), search="language", measure=("all",)),
]  # fmt: skip


@cache
def rows_here(reader: Reader, query: str) -> list[list[str]]:
    """Return the rows of the embedded store, asked once for both servers."""
    return reader.rows(query)


@cache
def answer_here(reader: Reader, question: Question) -> Answer:
    return answer(reader, question)


def difference(here: list[list[str]], there: list[list[str]]) -> str:
    """Return where rows first differ; empty where they are the same."""
    if here == there:
        return ""
    first = next((pair for pair in zip(here, there, strict=False) if pair[0] != pair[1]), None)
    return f"{len(here)} rows here, {len(there)} there; first other row: {first}"


@pytest.mark.parametrize("name", QUERIES)
def test_every_named_query_gives_the_same_rows(name: str, whole_reader: Reader, remote: RemoteReader) -> None:
    query = named_query(name)
    examples = {
        parameter.name: [parameter.example] if parameter.example else VALUES.get(parameter.name, [])
        for parameter in query.parameters
    }
    for values in ({}, *({name: found} for name, found in examples.items() if found)):
        text = query.text(values)
        assert difference(rows_here(whole_reader, text), remote.rows(text)) == "", values


@pytest.mark.parametrize("question", FILTERS, ids=range(len(FILTERS)))
def test_every_filter_of_the_evidence_gives_the_same_rows(
    question: Question, whole_reader: Reader, remote: RemoteReader
) -> None:
    here, there = answer_here(whole_reader, question), answer(remote, question)
    assert difference(list(map(list, here.rows)), list(map(list, there.rows))) == ""
    assert here == there
    assert query_text(whole_reader, question) == query_text(remote, question)


def test_most_filters_find_something(whole_reader: Reader) -> None:
    found = [bool(answer_here(whole_reader, question).rows) for question in FILTERS]
    assert sum(found) >= len(found) - 4


def test_the_words_the_tables_and_the_studies_are_the_same(whole_reader: Reader, remote: RemoteReader) -> None:
    assert list(remote.vocabulary()) == list(whole_reader.vocabulary())
    assert list(remote.vocabulary("policy")) == list(whole_reader.vocabulary("policy"))
    here, there = make_tables(whole_reader), make_tables(remote)
    assert there.studies == here.studies
    assert there.findings == here.findings
    assert there.version == here.version
    keys = [study.study for study in here.studies[:20]]
    assert study_documents(remote, keys) == study_documents(whole_reader, keys)


def test_more_rows_come_than_a_server_gives_at_once(whole_reader: Reader, remote: RemoteReader) -> None:
    query = prefix_header() + "SELECT ?s ?p { ?s ?p ?o } ORDER BY ?s ?p"
    assert len(here := rows_here(whole_reader, query)) > 20_000
    assert difference(here, remote.rows(query)) == ""


def test_the_graphs_are_the_same(whole_reader: Reader, remote: RemoteReader) -> None:
    assert graphs_of(remote) == graphs_of(whole_reader)
    assert remote.dump() == whole_reader.dump()


def test_a_later_push_sends_what_changed_and_takes_out_what_is_gone(engine: Engine) -> None:
    changed = [["add", LACKED], ["replace", OTHER], ["remove", f"{OURS}{GONE}"]]
    assert sorted(engine.changes) == sorted([kind, graph.removeprefix(OURS)] for kind, graph in changed)
    assert engine.requests == 1
