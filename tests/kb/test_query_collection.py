"""The named queries asked: they find something, return what they declare, keep a total order, on two engines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kb.named_queries import groups, internal_names, named_query, names
from kb.namespaces import PREFIXES
from kb.query_pages import PAGE, description, listing, page_text
from kb.rdf import dataset

if TYPE_CHECKING:
    from rdflib import Dataset

    from kb.collection import Collection
    from kb.store import Reader

PARAMETERS = [(name, parameter.name) for name in names() for parameter in named_query(name).parameters]


@pytest.fixture(scope="module")
def memory(whole_reader: Reader) -> ox.Store:
    """Return the bundled collection as one graph in memory, where queries take a third of the time."""
    store = ox.Store()
    store.bulk_extend(ox.Quad(*triple) for triple in whole_reader.triples())
    return store


@pytest.fixture(scope="module")
def other_engine(toy: Collection) -> Dataset:
    """Return the toy graph in an engine that is not Oxigraph."""
    return dataset(toy)


def ask(store: ox.Store, text: str) -> tuple[list[str], list[list[str]]]:
    """Return columns and rows."""
    found = store.query(text, prefixes=PREFIXES)
    assert isinstance(found, ox.QuerySolutions)
    columns = [variable.value for variable in found.variables]
    return columns, [["" if term is None else term.value for term in solution] for solution in found]


def order_of(text: str) -> list[str]:
    """Return the variables by which a query orders its rows."""
    return re.findall(r"\?(\w+)", text[text.rindex("ORDER BY") :])


def test_every_query_stands_in_one_group_with_a_question_and_columns() -> None:
    listed = [query for queries in groups().values() for query in queries]
    assert sorted(query.name for query in listed) == names()
    assert all(groups().values())
    for query in listed:
        assert query.question.endswith("?"), query.name
        assert query.columns, query.name
        assert all(parameter.example for parameter in query.parameters), query.name
    assert len({query.title for query in listed}) == len({query.question for query in listed}) == len(listed)


@pytest.mark.parametrize("name", names())
def test_every_query_finds_rows_with_its_columns_in_a_total_order(name: str, memory: ox.Store) -> None:
    query = named_query(name)
    columns, rows = ask(memory, query.text())
    assert columns == list(query.columns)
    assert rows
    places = [columns.index(variable) for variable in order_of(query.body) if variable in columns]
    assert len({tuple(row[place] for place in places) for row in rows}) == len(rows)


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
def test_every_parameter_chooses_among_the_rows(name: str, parameter: str, memory: ox.Store) -> None:
    query = named_query(name)
    (example,) = (found.example for found in query.parameters if found.name == parameter)
    columns, rows = ask(memory, query.text({parameter: [example]}))
    assert columns == list(query.columns)
    assert rows
    assert rows != ask(memory, query.text())[1]
    doubled = query.text({parameter: [example, example]}) if parameter not in ("since", "until") else ""
    assert not doubled or ask(memory, doubled)[1] == rows


@pytest.mark.parametrize("name", sorted(set(internal_names()) - {"dangling"}))
def test_internal_queries_find_something_and_order_it(name: str, toy_reader: Reader) -> None:
    text = named_query(name).text()
    rows = toy_reader.rows(text)
    assert rows
    assert "ORDER BY" in text
    assert len({tuple(row) for row in rows}) == len(rows)


@pytest.mark.parametrize("name", sorted({*names(), *internal_names()} - {"vocabulary", "terms"}))
def test_another_engine_gives_the_same_rows_in_the_same_order(
    name: str, toy_reader: Reader, other_engine: Dataset
) -> None:
    text = named_query(name).text()
    found = [["" if term is None else str(term) for term in row] for row in other_engine.query(text)]  # type: ignore[union-attr]
    assert found == toy_reader.rows(text)


def test_the_page_is_written_anew() -> None:
    assert PAGE.read_text("utf-8") == page_text(), "Write docs/queries.md anew: python -m kb.query_pages"


def test_the_list_holds_every_question_under_its_group() -> None:
    lines = listing().splitlines()
    place = lines.index("What is missing")
    assert any(re.fullmatch(r"  uncoded +Which studies await coding\?", line) for line in lines[place : place + 6])
    assert sum(line.startswith("  ") for line in lines) == len(names())
    assert not any(re.match(rf"  {name} ", line) for name in internal_names() for line in lines)


def test_a_description_says_what_goes_in_and_comes_out() -> None:
    text = description(named_query("null-results"))
    assert re.search(r"^  policy +policy: only these policies .*such as ", text, re.MULTILINE)
    assert "columns:\n  circle policy outcome finding" in text
    assert "mipex-kb sparql --named null-results policy=" in text


def test_the_uncoded_study_is_named(toy_reader: Reader) -> None:
    assert [row[0] for row in toy_reader.rows(named_query("uncoded").text())] == ["epsilon2005review"]


def test_counts_are_of_findings_and_studies(toy_reader: Reader) -> None:
    assert toy_reader.rows(named_query("counts").text()) == [
        ["aa1", "core", "1", "1"],
        ["access-to-nationality", "reform", "1", "1"],
        ["anti-discrimination", "core", "2", "2"],
        ["health", "core", "1", "1"],
        ["overall", "comparable", "1", "1"],
        ["overall", "core", "1", "1"],
    ]


def test_studies_are_listed_with_the_number_of_their_findings(toy_reader: Reader) -> None:
    rows = toy_reader.rows(named_query("studies").text())
    assert {row[0]: row[-1] for row in rows} == {
        "alpha2001trust": "3", "beta2002moderator": "2", "delta2004reform": "1", "epsilon2005review": "0",
        "gamma2003index": "1",
    }  # fmt: skip
    some = toy_reader.rows(named_query("studies").text({"circle": ["reform", "comparable"]}))
    assert [row[0] for row in some] == ["delta2004reform", "gamma2003index"]


def test_studies_that_share_data_are_paired(toy_reader: Reader) -> None:
    assert toy_reader.rows(named_query("shared-data").text()) == [
        ["ess", "alpha2001trust", "2-3", "beta2002moderator", "3"]
    ]


def test_what_lies_below_a_policy_counts_for_it(toy_reader: Reader) -> None:
    found = toy_reader.rows(named_query("null-results").text({"policy": ["labour-market-mobility"]}))
    assert [row[:4] for row in found] == [["core", "aa1", "employment-rate", "alpha2001trust-3"]]
    both = toy_reader.rows(named_query("null-results").text({"policy": ["labour-market-mobility", "aa1"]}))
    assert both == found


def test_cells_of_the_map_with_two_studies_are_not_thin(memory: ox.Store) -> None:
    """Count the same by hand: studies with findings on an area, or below it, and on a group of outcomes."""
    _, findings = ask(memory, named_query("findings").text())
    _, concepts = ask(memory, named_query("concepts").text({"scheme": ["policies"]}))
    above = {row[1]: row[3] for row in concepts}
    cells: dict[tuple[str, str], set[str]] = {}
    for row in findings:
        finding = dict(zip(named_query("findings").columns, row, strict=True))
        area = finding["policy"]
        while above[area]:
            area = above[area]
        cells.setdefault((area, finding["outcome_group"]), set()).add(finding["study"])
    _, thin = ask(memory, named_query("thin-cells").text())
    assert {(area, group): int(number) for area, group, number in thin} == {
        (area, group): len(cells.get((area, group), ()))
        for area, group, _ in thin
    }  # fmt: skip
    assert {cell for cell, found in cells.items() if len(found) == 1 and cell[0] in {row[0] for row in thin}} <= {
        (area, group) for area, group, _ in thin
    }


def test_contradictions_are_of_two_studies(toy_reader: Reader, memory: ox.Store) -> None:
    assert toy_reader.rows(named_query("contradictions").text()) == []
    _, rows = ask(memory, named_query("contradictions").text())
    _, pairs = ask(memory, named_query("opposed-findings").text())
    assert {tuple(row[:3]) for row in rows} == {tuple(row[:3]) for row in pairs}
