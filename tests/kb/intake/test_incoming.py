"""Foreign entries as publications: abbreviations, parents, names and dates of both dialects."""

from __future__ import annotations

import pytest

from kb.intake.incoming import Incoming, facts_of, family_of, names_of, read_incoming, title_of, year_of


def entries(text: str) -> dict[str, Incoming]:
    return {item.key: item for item in read_incoming(text).entries}


def test_abbreviations_are_chained_whatever_their_case() -> None:
    item = entries('@string{A = "x"}@string{b = a # { y}}@article{k, title = B # 1 # " z"}')["k"]
    assert item.fields["title"] == "x y1 z"
    assert item.macros == ("b",)
    assert item.undefined == ()


def test_an_abbreviation_that_nothing_defines_is_named_and_stays_readable() -> None:
    item = entries("@article{k, journal = jmr, month = jan # { 1}}")["k"]
    assert (item.fields["journal"], item.fields["month"]) == ("jmr", "jan 1")
    assert item.undefined == ("jmr",)


def test_of_a_field_given_twice_the_first_counts() -> None:
    item = entries("@article{k, title = {one}, TITLE = {two}}")["k"]
    assert item.fields["title"] == "one"
    assert item.repeated == ("title",)


def test_a_child_takes_what_it_lacks_from_its_parent() -> None:
    text = (
        "@incollection{c, title = {Child}, crossref = {P}}"
        "@collection{p, title = {Parent}, subtitle = {Sub}, editor = {E}, year = 2001, abstract = {x}, file = {y}}"
    )
    item = entries(text)["c"]
    assert item.fields["title"] == "Child"
    assert (item.fields["booktitle"], item.fields["booksubtitle"]) == ("Parent", "Sub")
    assert (item.fields["editor"], item.fields["year"]) == ("E", "2001")
    assert not {"abstract", "file"} & set(item.fields)
    assert set(item.inherited) == {"booktitle", "booksubtitle", "editor", "year"}


def test_shared_data_reach_a_child_through_other_shared_data() -> None:
    text = "@xdata{a, publisher = {P}}@xdata{b, xdata = {a}, series = {S}}@book{k, title = {T}, xdata = {b, none}}"
    found = entries(text)
    assert list(found) == ["k"]
    assert (found["k"].fields["publisher"], found["k"].fields["series"]) == ("P", "S")
    assert found["k"].missing_parent == "none"


@pytest.mark.parametrize("text", ["@book{a, crossref = {a}}", "@book{a, crossref = {b}}@book{b, crossref = {a}}"])
def test_entries_that_refer_to_each_other_come_to_an_end(text: str) -> None:
    assert "a" in entries(text)


def test_a_parent_that_is_missing_is_named() -> None:
    item = entries("@incollection{c, title = {Child}, crossref = {nowhere}}")["c"]
    assert item.missing_parent == "nowhere"
    assert item.fields["title"] == "Child"


@pytest.mark.parametrize(
    ("fields", "year"),
    [
        ({"year": "2001"}, 2001),
        ({"date": "2001-08-01"}, 2001),
        ({"date": "2001/2003"}, 2001),
        ({"date": "2001-09~"}, 2001),
        ({"year": "in press 2001"}, 2001),
        ({"year": "[1901]"}, 1901),
        ({"year": "forthcoming"}, 0),
        ({"year": "20011"}, 0),
        ({"year": "forthcoming", "date": "2003"}, 2003),
        ({}, 0),
    ],
)
def test_the_year_is_found_in_both_dialects(fields: dict[str, str], year: int) -> None:
    assert year_of(fields) == year


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("Alpha, Anna and Beta, Bruno", ["Alpha, Anna", "Beta, Bruno"]),
        ("Alpha, Anna AND\n Beta, Bruno and others", ["Alpha, Anna", "Beta, Bruno"]),
        ("{Research and Development} and Beta, B", ["{Research and Development}", "Beta, B"]),
        ("Sandy Andersson", ["Sandy Andersson"]),
        ("{unbalanced and Beta", ["{unbalanced and Beta"]),
        (" ", []),
    ],
)
def test_names_are_told_apart(value: str, names: list[str]) -> None:
    assert names_of(value) == names


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("Alpha, Anna", "Alpha"),
        ("Anna Alpha", "Alpha"),
        ("Ludwig van der Beta", "van der Beta"),
        ("van der Beta, Ludwig", "van der Beta"),
        ("Alpha, Jr., Anna", "Alpha"),
        ("{Office of Inventions, Nowhere}", "Office of Inventions, Nowhere"),
        ("family=Berg, given=Bo, prefix=van den, useprefix=true", "Berg"),
        ('given={Jean}, family={de La Fontaine}', "de La Fontaine"),
        ("Plato", "Plato"),
        ("", ""),
    ],
)  # fmt: skip
def test_the_family_name_is_found(name: str, family: str) -> None:
    assert family_of(name) == family


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (r"{M}ade-up {\"O}l \& {\ss}tuff", "Made-up Öl & ßtuff"),
        ("A bell\x07 and \u202ea turn", "A bell and a turn"),
        ("  two\n lines ", "two lines"),
        (r"\emph{New} 5\% {\LaTeX}", "New 5% LaTeX"),
    ],
)
def test_a_title_is_shown_as_text(title: str, shown: str) -> None:
    assert title_of({"title": title}) == shown


def test_facts_come_from_either_dialect() -> None:
    bibtex = facts_of({"author": r"R{\"o}der, Z", "title": "{A} Title: Sub", "journal": "J", "year": "2001"})
    biblatex = facts_of(
        {
            "author": "family=Röder, given=Z",
            "title": "A title",
            "subtitle": "sub",
            "journaltitle": "J",
            "date": "2001-02",
        }
    )
    assert bibtex[:4] == biblatex[:4]
    assert bibtex.container == biblatex.container


@pytest.mark.parametrize(
    "fields",
    [
        {"doi": "10.9999/AbC_1"},
        {"doi": r"https://doi.org/10.9999/abc\_1"},
        {"doi": "doi:10.9999/abc{_}1."},
        {"url": "http://dx.doi.org/10.9999/abc_1"},
    ],
)
def test_a_doi_is_one_however_it_is_written(fields: dict[str, str]) -> None:
    assert facts_of(fields).doi == "10.9999/abc_1"


def test_an_address_elsewhere_is_no_doi() -> None:
    assert facts_of({"url": "https://example.org/10.9999/abc"}).doi == ""
