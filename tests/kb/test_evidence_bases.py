"""Which studies share data: cases counted by hand, and the quick way against the plain rule."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.data_use import read_uses
from kb.evidence_bases import EvidenceBases, Shared
from kb.tables import StudyRow
from kb.vocabulary import Concept, Vocabulary, read_turtle

if TYPE_CHECKING:
    from collections.abc import Sequence

LEVELS = {
    "ess": "", "evs": "", "register": "", "own-survey": "own data", "own-experiment": "own data",
    "national-survey": "kind of data", "literature": "kind of data", "world-bank": "context data",
}  # fmt: skip
WORDS = Vocabulary(Concept("data", notation, notation, level=level) for notation, level in LEVELS.items())
ONTOLOGY = Path(__file__).resolve().parents[2] / "ontology"


def study(key: str, data: str, countries: str = "", period: str = "", authors: str = "") -> StudyRow:
    empty = StudyRow._make([""] * len(StudyRow._fields))
    return empty._replace(study=key, data=data, countries=countries, period=period, authors=authors)


def bases(*studies: StudyRow) -> EvidenceBases:
    return EvidenceBases(studies, WORDS)


def count(*studies: StudyRow) -> tuple[int, int]:
    return bases(*studies).count(row.study for row in studies)


def test_one_survey_that_all_use_is_one_evidence_base() -> None:
    assert count(*(study(f"s{number}", "ess:3", "AT; BE") for number in range(10))) == (1, 0)


@pytest.mark.parametrize(
    ("one", "other", "number"),
    [
        ("ess:2-5", "ess:5-7", 1),
        ("ess:2-4", "ess:5-7", 2),
        ("ess:2, 6", "ess:3-5", 2),
        ("ess:2, 4", "ess:3-5", 1),
        ("ess", "ess:9", 1),
        ("ess", "ess", 1),
        ("ess:2", "evs:2", 2),
        ("ess:2002-2004", "ess:2006-2008", 2),
        ("ess:2002-2006", "ess:2006", 1),
        ("ess:1-4", "ess:2014", 1),  # rounds and years cannot be compared
        ("ess:2, 2004", "ess:9", 1),  # a mixture cannot be read
        ("ess:fieldwork", "ess:9", 1),
        ("ess:71.3", "ess:71.2", 2),
        ("ess:71.3", "ess:71.3", 1),
        ("ess:02", "ess:2", 1),
        ("ess:1; evs", "ess:2; evs", 1),
        ("ess:1; evs:1", "ess:2; evs:2", 2),
        ("ess:1; ess:5", "ess:2; ess:5", 1),
        ("ess; world-bank", "evs; world-bank", 2),
        ("unheard-of:1", "unheard-of:1", 1),
    ],
)
def test_rounds_that_may_overlap_tie_two_studies(one: str, other: str, number: int) -> None:
    assert count(study("a", one), study("b", other)) == (number, 0)
    assert count(study("b", other), study("a", one)) == (number, 0)


@pytest.mark.parametrize(
    ("one", "other", "number"),
    [
        ("AT; BE", "DE; FR", 2),
        ("AT; BE", "BE; FR", 1),
        ("", "DE; FR", 1),
        ("", "", 1),
    ],
)
def test_countries_that_may_overlap_tie_two_studies(one: str, other: str, number: int) -> None:
    assert count(study("a", "ess:2", one), study("b", "ess:2", other)) == (number, 0)


def test_the_period_stands_in_where_rounds_are_not_coded() -> None:
    assert count(study("a", "register", "SE", "1990/1999"), study("b", "register", "SE", "2000/2010")) == (2, 0)
    assert count(study("a", "register", "SE", "1990/2000"), study("b", "register:2000", "SE")) == (1, 0)
    assert count(study("a", "register", "SE", "1990/1999"), study("b", "register", "SE")) == (1, 0)
    assert count(study("a", "ess:1", period="2002"), study("b", "ess", period="2012")) == (2, 0)
    assert count(study("a", "ess:1", period="2012"), study("b", "ess:2", period="2012")) == (2, 0)


def test_studies_hang_together_through_others_of_the_selection_only() -> None:
    found = bases(study("a", "ess:1-2"), study("b", "ess:2-3"), study("c", "ess:3-4"), study("d", "evs; ess:9"))
    assert found.count("abcd") == (2, 0)
    assert found.members("abcd") == [("a", "b", "c"), ("d",)]
    assert found.count("acd") == (3, 0)
    assert found.members("cda") == [("a",), ("c",), ("d",)]
    assert found.tied("b") == ["a", "c"]
    assert found.tied("d") == []


def test_a_study_with_two_sources_joins_the_users_of_both() -> None:
    found = bases(study("a", "ess:1"), study("b", "evs"), study("both", "ess:1; evs"))
    assert found.count(["a", "b"]) == (2, 0)
    assert found.count(["a", "b", "both"]) == (1, 0)


@pytest.mark.parametrize(
    "data", ["", "literature", "national-survey:2012", "world-bank", "national-survey; literature"]
)
def test_what_is_not_known_is_counted_apart_and_never_as_independent(data: str) -> None:
    found = bases(study("a", data, "DE"), study("b", data, "DE"), study("c", "ess"))
    assert found.count("abc") == (1, 2)
    assert found.count("ab") == (0, 2)
    assert found.unknown("cba") == ["a", "b"]
    assert found.members("ab") == []
    assert found.shared("a", "b") == []
    assert found.tied("a") == []


def test_own_data_tie_only_studies_with_an_author_in_common() -> None:
    one = study("a", "own-survey", authors="Nickerson, Angela; Byrow, Y.")
    same = study("b", "own-survey", authors="O'Donnell, M.; nickerson, A.")
    namesake = study("c", "own-survey", authors="Nickerson, Bo")
    nobody = study("d", "own-survey")
    studies = (one, same, namesake, nobody, nobody._replace(study="e"))
    assert count(*studies) == (4, 0)
    assert bases(*studies).members("abcde")[0] == ("a", "b")
    elsewhere = same._replace(countries="AU")
    assert count(one._replace(countries="NZ"), elsewhere) == (2, 0)
    assert count(one, same._replace(data="own-experiment")) == (2, 0)


def test_a_study_counts_once_and_an_unheard_of_key_is_unknown() -> None:
    found = bases(study("a", "ess"))
    assert found.count(["a", "a"]) == (1, 0)
    assert found.count(["a", "nobody", "nobody"]) == (1, 1)
    assert found.count([]) == (0, 0)
    assert found.tied("nobody") == []


def test_what_two_studies_share_is_named_as_far_as_it_is_known() -> None:
    found = bases(
        study("a", "evs; ess:2-5", "AT; BE; CH"), study("b", "ess:4-9; evs:2008", "BE; CH"), study("c", "ess:9", "AT"),
        study("d", "ess", period="2002/2010"), study("e", "ess:2002-2004, 2008, 2012"),
    )  # fmt: skip
    assert found.shared("a", "b") == [Shared("ess", "4, 5", "BE; CH"), Shared("evs", "", "BE; CH")]
    assert found.shared("a", "c") == []
    assert found.shared("d", "e") == [Shared("ess", "2002-2004, 2008", "")]


USES = st.lists(
    st.tuples(st.sampled_from(sorted(LEVELS)), st.sampled_from(["", "1", "2-3", "3, 5", "2002", "2004-2006", "?"])),
    max_size=3,
)
STUDIES = st.lists(
    st.tuples(
        USES, st.sampled_from(["", "AT", "AT; BE", "CH"]), st.sampled_from(["", "2002", "2003/2005"]),
        st.sampled_from(["", "Ash, B.", "Ash, B.; Elm, C.", "Elm, Cy"]),
    ),
    max_size=9,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(STUDIES)
def test_the_quick_way_follows_the_plain_rule(drawn: list[tuple[list[tuple[str, str]], str, str, str]]) -> None:
    studies = [
        study(str(number), "; ".join(f"{s}:{r}" if r else s for s, r in uses), countries, period, authors)
        for number, (uses, countries, period, authors) in enumerate(drawn)
    ]
    found = bases(*studies)
    keys = [row.study for row in studies]
    assert found.members(keys) == plainly(studies)
    assert found.count(keys) == (len(plainly(studies)), len(found.unknown(keys)))
    assert list(found.pairs(keys)) == [(a, b) for a in keys for b in keys if a < b and found.shared(a, b)]
    for one in keys:
        assert found.tied(one) == sorted(other for other in keys if other != one and found.shared(one, other))


def plainly(studies: Sequence[StudyRow]) -> list[tuple[str, ...]]:
    """Compare every two studies, and merge the groups of those that overlap."""
    known = {row.study: uses for row in studies if (uses := read_uses(row, LEVELS))}
    group = {key: key for key in known}
    for one in known:
        for other in known:
            if any(a.overlaps(b) for a in known[one] for b in known[other]):
                old, new = group[one], group[other]
                group = {key: new if name == old else name for key, name in group.items()}
    found = defaultdict(list)
    for key, name in group.items():
        found[name].append(key)
    return sorted((tuple(sorted(keys)) for keys in found.values()), key=lambda base: (-len(base), base))


def test_the_scheme_says_what_names_no_data_set() -> None:
    words = read_turtle([ONTOLOGY / "data-sources.ttl"])
    levels = {concept.notation: concept.level for concept in words.concepts("data")}
    assert set(levels.values()) == {"", "own data", "kind of data", "context data"}
    assert [name for name, level in sorted(levels.items()) if level == "own data"] == [
        "own-experiment", "own-interviews", "own-survey",
    ]  # fmt: skip
    assert {levels[name] for name in ("ess", "pisa", "register-denmark", "census", "eurostat-residence-permits")} == {
        ""
    }
    assert {levels[name] for name in ("literature", "national-survey", "eurostat")} == {"kind of data"}
    for concept in words.concepts("data"):
        if words.narrower("data", concept.notation):
            assert concept.level in ("kind of data", "context data"), concept.notation
