"""A collection in memory: choosing among findings, counting them, the line that sums them up, the query behind."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.build import ensure
from kb.errors import KnowledgeBaseError
from kb.evidence import answer
from kb.facets import CIRCLE, EVERYTHING, POLICY, Choice, facets, question_of
from kb.session import Session, make_session, open_session
from kb.studies import study_documents
from kb.tables import FILE
from kb.vocabulary import CIRCLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.collection import Collection

A1, A2, A3 = "alpha2001trust-1", "alpha2001trust-2", "alpha2001trust-3"
B1, B2 = "beta2002moderator-1", "beta2002moderator-2"
GAMMA, DELTA = "gamma2003index-1", "delta2004reform-1"


@pytest.fixture(scope="module")
def session(toy: Collection) -> Iterator[Session]:
    """Return the session of the toy collection."""
    found = make_session(toy)
    yield found
    found.close()


@pytest.fixture(scope="module")
def real(whole_session: Session) -> Session:
    """Return the session of the bundled collection."""
    return whole_session


def chosen(session: Session, choice: Choice) -> set[str]:
    """Return the keys of the findings chosen."""
    return {row.finding for row in session.select(choice)}


def test_at_first_all_core_findings_are_chosen(session: Session) -> None:
    assert Choice() == EVERYTHING.only(CIRCLE, "core")
    assert chosen(session, Choice()) == {A1, A2, A3, B1, B2}


@pytest.mark.parametrize(
    ("circle", "findings"),
    [
        ("core", {A1, A2, A3, B1, B2}),
        ("comparable", {GAMMA}),
        ("reform", {DELTA}),
        ("status", set()),
        ("", {A1, A2, A3, B1, B2, GAMMA, DELTA}),
    ],
)
def test_each_circle_holds_its_findings(session: Session, circle: str, findings: set[str]) -> None:
    assert chosen(session, Choice().only(CIRCLE, *[circle] * bool(circle))) == findings


def test_all_circles_together_hold_each_finding_once(session: Session) -> None:
    one_by_one = [row for circle in CIRCLES for row in session.select(EVERYTHING.only(CIRCLE, circle))]
    assert sorted(session.select(EVERYTHING)) == sorted(one_by_one)


@pytest.mark.parametrize(
    ("policy", "findings"),
    [
        ("overall", {A2}),
        ("anti-discrimination", {A1, B1}),
        ("labour-market-mobility", {A3}),
        ("aa1", {A3}),
        ("health", {B2}),
        ("education", set()),
    ],
)
def test_a_policy_brings_all_below_it(session: Session, policy: str, findings: set[str]) -> None:
    assert chosen(session, Choice().only(POLICY, policy)) == findings


@pytest.mark.parametrize(
    ("search", "findings"),
    [
        ("threat", {A2}),
        ("THREAT perceived", {A2}),
        ("muller equal", {A1, A2, A3}),
        ("MÜLLER", {A1, A2, A3}),
        ("o'neil", {A1, A2, A3}),
        ("muslims", {B1}),
        ("  ", {A1, A2, A3, B1, B2}),
        ("no-such-word", set()),
    ],
)
def test_every_word_must_occur(session: Session, search: str, findings: set[str]) -> None:
    assert chosen(session, Choice(search=search)) == findings


def test_values_of_one_facet_are_alternatives_and_facets_are_conditions(session: Session) -> None:
    either = EVERYTHING.only(POLICY, "anti-discrimination", "health")
    assert chosen(session, either) == {A1, B1, B2} | (chosen(session, either) & {GAMMA, DELTA})
    assert chosen(session, either.only("role", "moderator")) == {B1}
    assert chosen(session, either.toggled("role", "moderator").toggled("role", "moderator")) == chosen(session, either)


def test_only_named_findings_and_studies(session: Session) -> None:
    assert chosen(session, EVERYTHING._replace(findings=(A1, GAMMA, "nobody"))) == {A1, GAMMA}
    assert chosen(session, Choice(studies=("beta2002moderator",))) == {B1, B2}


@pytest.mark.parametrize("facet", list(facets()))
def test_a_count_says_how_many_findings_the_value_alone_would_leave(real: Session, facet: str) -> None:
    choice = Choice(search="trust")
    counts = real.index.counts(choice, facet)
    assert counts[""] == len(real.select(choice.only(facet)))
    for value in real.index.values(facet):
        assert counts[value.name] == len(real.select(choice.only(facet, value.name)))


def test_values_stand_below_the_one_that_they_belong_to(real: Session) -> None:
    for facet in facets():
        values = real.index.values(facet)
        places = {value.name: number for number, value in enumerate(values)}
        assert len(places) == len(values)
        for value in values:
            assert (value.depth == 0) == (value.above == "")
            assert not value.above or places[value.above] < places[value.name]
            assert value.label


def test_years_stand_in_bands(real: Session) -> None:
    values = real.index.values("year")
    assert next(value.name for value in values if value.depth == 0) > "2019"
    for value in values:
        if value.depth:
            first, _, last = value.above.partition("-")
            assert first <= value.name <= last


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_store_gives_the_same_findings_in_the_same_order(real: Session, data: st.DataObject) -> None:
    every = [(facet, value.name) for facet in facets() for value in real.index.values(facet)]
    picked = data.draw(st.sets(st.sampled_from(every), max_size=4))
    choice = Choice(tuple(sorted(picked)))
    assert answer(real.reader, question_of(choice)).rows == real.select(choice)


@pytest.mark.parametrize("search", ["", "trust eur", "no-such-word", 'a" } #\n'])
def test_the_query_behind_a_choice_gives_the_same_findings(real: Session, search: str) -> None:
    choice = Choice(search=search).only("direction", "positive")
    found = [row[0] for row in real.reader.rows(real.query(choice))]
    assert found == [row.finding for row in real.select(choice)]


def test_the_query_of_studies_gives_these_and_no_other(real: Session) -> None:
    keys = [study.study for study in real.studies()][3:40:9]
    assert [row[0] for row in real.reader.rows(real.studies_query(reversed(keys)))] == keys
    assert real.reader.rows(real.studies_query(['x" } SELECT * { ?a ?b ?c } #'])) == []
    assert real.studies_query([]) == ""


def test_the_summary_leaves_nothing_out(session: Session) -> None:
    assert session.summary(session.select(Choice()), Choice()) == (
        "5 findings, 2 studies, 1 evidence base, ▲1 ▼2 ○1 ◆1 ?0, 20% read in full text, "
        "circle core (MIPEX seen 1, believed 1), 2 hidden"
    )
    nothing = Choice(search="no-such-word").only(POLICY, "health")
    assert session.summary(session.select(nothing), nothing) == (
        "0 findings, 0 studies, 0 evidence bases, ▲0 ▼0 ○0 ◆0 ?0, 0% read in full text, circle core, 1 hidden"
    )


def test_what_is_hidden_is_on_the_same_policies(session: Session) -> None:
    assert session.hidden(EVERYTHING) == 0
    assert session.hidden(Choice()) == 2
    assert session.hidden(Choice(search="no-such-word").only(POLICY, "anti-discrimination")) == len(
        session.select(EVERYTHING.only(POLICY, "anti-discrimination"))
    )


def test_a_document_of_the_session_is_that_of_the_store(real: Session) -> None:
    keys = [study.study for study in real.studies()][::7]
    assert real.documents(keys) == study_documents(real.reader, keys)


def test_studies_and_their_findings(session: Session) -> None:
    assert [row.finding for row in session.findings_of("alpha2001trust")] == [A1, A2, A3]
    assert session.findings_of("nobody") == []
    assert session.uncoded() == ["epsilon2005review"]
    study = session.study("alpha2001trust")
    assert study is not None
    assert study.year == "2001"
    assert session.study("nobody") is None
    assert session.study_document("alpha2001trust").fields["title"] == study.title


def test_what_is_not_built_yet_is_not_opened(copy_of_toy: Collection) -> None:
    assert open_session(copy_of_toy) is None
    with ensure(copy_of_toy)[0] as reader:
        (reader.folder / FILE).unlink()
    assert open_session(copy_of_toy) is None
    make_session(copy_of_toy).close()
    session = open_session(copy_of_toy)
    assert session is not None
    assert len(session.findings()) == 7
    session.close()


def test_another_state_of_the_files_has_another_version(copy_of_toy: Collection) -> None:
    first = make_session(copy_of_toy)
    path = copy_of_toy.studies[0] / "epsilon2005review.bib"
    text = path.read_text("utf-8")
    path.write_text(text.replace("not coded yet", "still not coded"), "utf-8")
    second = make_session(copy_of_toy)
    assert first.version() != second.version()
    path.write_text(text, "utf-8")
    third = make_session(copy_of_toy)
    assert first.version() == third.version()
    for session in (first, second, third):
        session.close()


def test_a_collection_without_a_folder_is_an_error(copy_of_toy: Collection) -> None:
    shutil.rmtree(copy_of_toy.studies[0])
    with pytest.raises(KnowledgeBaseError, match="studies"):
        make_session(copy_of_toy)
