"""The search over studies: what is found, in which order, why, and how fast."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.evidence import Row
from kb.search_terms import Term, fold_words, read_terms
from kb.study_search import StudyIndex
from kb.study_texts import FIELDS, explain
from kb.tables import StudyRow, make_tables
from kb.text import plain_letters
from kb.vocabulary import Concept, Vocabulary

if TYPE_CHECKING:
    from kb.store import Reader
    from kb.tables import Tables

WORDS = Vocabulary(
    [
        Concept("policy", "access-to-nationality", "Access to nationality", ("Citizenship policy",)),
        Concept("policy", "eligibility", "Eligibility", broader=("access-to-nationality",)),
        Concept("outcome", "trust", "Generalised trust", ("Social trust",)),
        Concept("country", "SE", "Sweden"),
        Concept("data", "ess", "European Social Survey"),
    ]
)


def study(key: str, title: str = "T", **fields: str) -> StudyRow:
    known = dict.fromkeys(StudyRow._fields, "") | {"study": key, "title": title, "year": "2001", **fields}
    return StudyRow(**known)


def finding(study: str, statement: str = "", policy: str = "eligibility", outcome: str = "trust") -> Row:
    empty = Row._make([""] * len(Row._fields))
    return empty._replace(finding=f"{study}-1", study=study, statement=statement, policy=policy, outcome=outcome)


def index(*rows: StudyRow | Row) -> StudyIndex:
    studies = [row for row in rows if isinstance(row, StudyRow)]
    return StudyIndex(studies, [row for row in rows if isinstance(row, Row)], WORDS)


def found(here: StudyIndex, text: str) -> list[str]:
    return [hit.study for hit in here.search(text).hits]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Family  reunion", [("family",), ("reunion",)]),
        ('"Family reunion" trust', [("family", "reunion"), ("trust",)]),
        ("“family reunion", [("family", "reunion")]),
        ("anti-discrimination", [("anti",), ("discrimination",)]),
        ("Đorđević RÖDER Ørsted", [("dordevic",), ("roder",), ("orsted",)]),
        ("trust trust", [("trust",)]),
        (' " ?! \'" ', []),
        ("x's", [("x",), ("s",)]),
    ],
)
def test_what_was_typed_becomes_words_and_phrases(text: str, terms: list[tuple[str, ...]]) -> None:
    assert read_terms(text) == [Term(words) for words in terms]


def test_all_words_must_occur_in_any_field() -> None:
    here = index(study("a", "Trust", authors="Röder, Antje"), study("b", "Trust"), study("c", authors="Röder, Antje"))
    assert found(here, "roder trust") == ["a"]
    assert found(here, "TRUST RÖDER") == ["a"]
    assert found(here, "trust nothing") == []
    assert found(here, "") == found(here, ' "') == ["a", "b", "c"]


def test_fields_rank_title_author_vocabulary_statement() -> None:
    here = index(
        study("d"), finding("d", "On trust in others", policy="", outcome=""), study("c"), finding("c"),
        study("b", authors="Trust, Jane"), study("a", "Of trust"),
    )  # fmt: skip
    hits = here.search("trust").hits
    assert [(hit.study, hit.fields) for hit in hits] == [
        ("a", ("title",)), ("b", ("author",)), ("c", ("vocabulary",)), ("d", ("statement",)),
    ]  # fmt: skip


def test_a_whole_word_ranks_before_a_start_before_an_inside() -> None:
    here = index(study("c", "Distrustful"), study("b", "Trustful"), study("a", "Trust"))
    assert found(here, "trust") == ["a", "b", "c"]
    assert found(here, "tr") == ["a", "b"]  # two letters are looked for at the start of words only


def test_words_that_stand_together_rank_first_and_newer_studies_before_older() -> None:
    here = index(
        study("a", "Reunion and family", year="2020"), study("b", "Family reunion", year="2000"),
        study("c", "Family or reunion", year="2021"),
    )  # fmt: skip
    assert found(here, "family reunion") == ["b", "c", "a"]
    assert found(here, '"family reunion"') == ["b"]
    assert found(here, '"family reun') == ["b"]
    assert found(here, '"amily reunion"') == []


def test_a_phrase_does_not_reach_from_one_text_into_the_next() -> None:
    here = index(study("a", authors="Doe, Jane; Roe, Max"))
    assert found(here, '"jane roe"') == []
    assert found(here, '"doe jane"') == ["a"]


def test_a_policy_is_found_by_its_other_names_and_those_above_it() -> None:
    here = index(study("a"), finding("a"), study("b"))
    assert found(here, "citizenship") == found(here, "nationality") == found(here, '"social trust"') == ["a"]
    hits = here.search("citizenship")
    assert explain(hits.words, study("a"), [finding("a")], WORDS) == [
        ("policy", "Access to nationality, also called Citizenship policy")
    ]


def test_countries_and_data_are_found_by_name() -> None:
    here = index(study("a", countries="AT; SE", data="ess:2-5; evs"), study("b"))
    assert found(here, "sweden european social survey") == ["a"]


def test_a_year_narrows_to_what_was_published_then() -> None:
    here = index(
        study("a", "T", year="2015"), study("b", "T since 2015", year="2019"), study("c", year="2016"),
        finding("c", "Between 2014 and 2015"),
    )  # fmt: skip
    assert found(here, "2015") == ["a", "b"]
    assert found(here, "2016") == ["c"]


def test_a_slip_of_the_key_is_forgiven_only_where_nothing_is_found() -> None:
    here = index(study("a", "Citizenship"), study("b", "Citizens"), study("c", "Trust"))
    hits = here.search("citizenhsip")
    assert [hit.study for hit in hits.hits] == ["a"]
    assert hits.instead == {"citizenhsip": ("citizenship",)}
    assert explain(hits.words, study("a", "Citizenship"), [], WORDS) == [("title", "Citizenship")]
    assert here.search("citizens").instead == {}
    assert here.search("zzzzzz") == ([], {}, ("zzzzzz",))
    assert here.search("trsut").hits[0].study == "c"
    assert found(here, "tru5") == []  # too far
    assert found(here, "citizenship trust") == []  # both words are right, and no study has both


def test_why_a_study_was_found_names_every_place() -> None:
    row = study("roder2012", "Trust in police", authors="Röder, Antje; Mühlau, Peter", countries="SE", year="2012")
    rows = [finding("roder2012", "Trust is higher.")]
    assert explain(("trust", "roder", "sweden", "2012"), row, rows, WORDS) == [
        ("title", "Trust in police"),
        ("authors", "Röder, Antje"),
        ("year", "2012"),
        ("key or DOI", "roder2012"),
        ("outcome", "Generalised trust"),
        ("country", "Sweden"),
        ("roder2012-1", "Trust is higher."),
    ]


LETTERS = st.text(st.sampled_from("abcdé-'\" |ıß中"), max_size=9)
STUDIES = st.lists(st.tuples(LETTERS, LETTERS, st.sampled_from(["2001", "2019", ""])), min_size=1, max_size=6)


@given(rows=STUDIES, query=st.text(st.sampled_from("abcdé-' "), max_size=7))
def test_what_is_found_is_what_a_look_at_every_study_finds(rows: list[tuple[str, str, str]], query: str) -> None:
    studies = [study(f"k{n}", title, authors=who, year=year) for n, (title, who, year) in enumerate(rows)]
    hits = index(*studies).search(query)

    def has(row: StudyRow, word: str) -> bool:
        words = [word for text in (row.title, row.authors, row.year, row.study) for word in fold_words(text)]
        return any(known.startswith(word) or (len(word) > 2 and word in known) for known in words)

    expected = {row.study for row in studies if all(has(row, word) for word in fold_words(query))}
    assert expected == {hit.study for hit in hits.hits} or hits.instead
    assert [hit.score for hit in hits.hits] == sorted((hit.score for hit in hits.hits), reverse=True)


@given(query=st.text(max_size=30))
def test_nothing_typed_breaks_the_search(query: str) -> None:
    here = index(study("a", "Trust"), finding("a", "x"))
    for hit in here.search(query).hits:
        assert hit.study == "a"
        assert set(hit.fields) <= set(FIELDS)


@given(query=st.text(max_size=12))
def test_case_and_accents_make_no_difference(query: str) -> None:
    here = index(study("a", "Trust Größe İstanbul"), study("b", "éa"))
    assert found(here, query) == found(here, plain_letters(query))


@pytest.fixture(scope="module")
def tables(whole_reader: Reader) -> Tables:
    return make_tables(whole_reader)


@pytest.fixture(scope="module")
def real(whole_reader: Reader, tables: Tables) -> StudyIndex:
    return StudyIndex(tables.studies, tables.findings, whole_reader.vocabulary())


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("ziller 2014", "ziller2014societal"),
        ("roder trust criminal", "roeder2012trust"),
        ("migali", "migali2017determinants"),
        ('"utter failure"', "bloemraad2014utter"),
        ("10.1177/2053168014559537", "ziller2014societal"),
        ("migali2017determinants", "migali2017determinants"),
        ("migali2017determinants-1", "migali2017determinants"),
        ("naturalisaton in contxt", "huddleston2020naturalisation"),
    ],
)
def test_a_study_of_the_collection_comes_first(query: str, first: str, real: StudyIndex) -> None:
    assert found(real, query)[0] == first


def test_citizenship_finds_every_study_on_access_to_nationality(real: StudyIndex, tables: Tables) -> None:
    on_it = {row.study for row in tables.findings if row.policy == "access-to-nationality"}
    assert len(on_it) > 10
    assert on_it <= set(found(real, "citizenship"))
    assert on_it <= set(found(real, "naturalisation policy"))


def test_studies_without_findings_are_found(real: StudyIndex, tables: Tables) -> None:
    coded = {row.study for row in tables.findings}
    uncoded = [row for row in tables.studies if row.study not in coded]
    assert uncoded
    for row in uncoded[:40]:
        assert row.study in found(real, row.title)[:2]


def test_every_study_is_found_by_author_and_year(real: StudyIndex, tables: Tables) -> None:
    for row in tables.studies:
        if row.authors:
            who = row.authors.partition(",")[0].partition(";")[0]
            assert row.study in found(real, f"{who} {row.year}")
