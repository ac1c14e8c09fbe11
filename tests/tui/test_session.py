"""What the application knows: choosing among findings, counting them, and the line that sums them up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.errors import KnowledgeBaseError
from kb.store import Reader, open_store
from kb.vocabulary import CIRCLES
from tui.session import ALL, Choice, Session, open_session

if TYPE_CHECKING:
    from kb.collection import Collection

A1, A2, A3 = "alpha2001trust-1", "alpha2001trust-2", "alpha2001trust-3"
B1, B2 = "beta2002moderator-1", "beta2002moderator-2"
GAMMA, DELTA = "gamma2003index-1", "delta2004reform-1"


@pytest.fixture(scope="module")
def session(toy_reader: Reader) -> Session:
    """Return the session of the toy collection."""
    return Session(toy_reader)


def chosen(session: Session, **choice: str) -> set[str]:
    """Return the keys of the findings chosen."""
    return {row.finding for row in session.rows(Choice(**choice))}


def test_at_first_all_core_findings_are_chosen(session: Session) -> None:
    assert Choice() == Choice(policy="", circle="core", search="")
    assert chosen(session) == {A1, A2, A3, B1, B2}


@pytest.mark.parametrize(
    ("circle", "findings"),
    [
        ("core", {A1, A2, A3, B1, B2}),
        ("comparable", {GAMMA}),
        ("reform", {DELTA}),
        ("status", set()),
        (ALL, {A1, A2, A3, B1, B2, GAMMA, DELTA}),
    ],
)
def test_each_circle_holds_its_findings(session: Session, circle: str, findings: set[str]) -> None:
    assert chosen(session, circle=circle) == findings


def test_all_circles_together_hold_each_finding_once(session: Session) -> None:
    one_by_one = [row for circle in CIRCLES for row in session.rows(Choice(circle=circle))]
    assert sorted(session.rows(Choice(circle=ALL))) == sorted(one_by_one)


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
    assert chosen(session, policy=policy) == findings


@pytest.mark.parametrize(
    ("search", "findings"),
    [
        ("threat", {A2}),
        ("THREAT perceived", {A2}),
        ("muller equal", {A1, A2, A3}),
        ("MÜLLER", {A1, A2, A3}),
        ("o'neil", {A1, A2, A3}),
        ("muslims", {B1}),
        ("perceived-discrimination -> generalised-trust", {B1}),
        ("12345 no such thing", set()),
        ("xyzzy", set()),
        ("   ", {A1, A2, A3, B1, B2}),
        ("[bold]", set()),
        ("(", set()),
    ],
)
def test_a_search_finds_all_words_whatever_their_case_or_accents(
    session: Session, search: str, findings: set[str]
) -> None:
    assert chosen(session, search=search) == findings


def test_policy_circle_and_search_work_together(session: Session) -> None:
    assert chosen(session, policy="anti-discrimination", search="muslims") == {B1}
    assert chosen(session, policy="health", search="muslims") == set()
    assert chosen(session, policy="access-to-nationality", circle="reform", search="raised") == {DELTA}
    assert chosen(session, policy="access-to-nationality", circle=ALL, search="raised") == {DELTA}
    assert chosen(session, policy="access-to-nationality", search="raised") == set()


def test_findings_keep_their_order_whatever_is_chosen(session: Session) -> None:
    order = [row.finding for row in session.rows(Choice())]
    some = [row.finding for row in session.rows(Choice(search="trust"))]
    assert some == [finding for finding in order if finding in some]


def test_counts_add_up_along_the_scheme(session: Session) -> None:
    counts = session.counts(Choice())
    assert counts[""] == 5
    assert counts["anti-discrimination"] == 2
    assert counts["labour-market-mobility"] == 1
    assert counts["aa1"] == 1
    assert counts["education"] == 0


@pytest.mark.parametrize("circle", [*CIRCLES, ALL])
@pytest.mark.parametrize("search", ["", "trust"])
def test_counts_say_what_choosing_the_policy_shows(session: Session, circle: str, search: str) -> None:
    counts = session.counts(Choice(circle=circle, search=search))
    queue = session.policies()
    assert queue
    while queue:
        policy = queue.pop().notation
        assert counts[policy] == len(session.rows(Choice(policy, circle, search))), policy
        queue += session.below(policy)


def test_counts_do_not_depend_on_the_policy_chosen(session: Session) -> None:
    assert session.counts(Choice(policy="health")) == session.counts(Choice())


def test_summary_tells_findings_studies_directions_and_what_is_hidden(session: Session) -> None:
    assert session.summary(Choice()) == (
        "5 findings, 2 studies, ▲1 ▼2 ○1 ◆1 ?0, 1 in full text, circle core (MIPEX seen 1, believed 1), 2 hidden"
    )


def test_summary_is_in_the_singular_where_there_is_one(session: Session) -> None:
    assert session.summary(Choice(policy="overall")).startswith("1 finding, 1 study, ▲0 ▼1 ○0 ◆0 ?0,")


def test_summary_counts_what_the_search_hides(session: Session) -> None:
    assert session.summary(Choice(search="xyzzy")).endswith("circle core, 7 hidden")
    assert session.summary(Choice(policy="anti-discrimination", search="muslims")).endswith(
        "circle core (MIPEX believed 1), 1 hidden"
    )


def test_summary_says_nothing_of_hidden_where_nothing_is(session: Session) -> None:
    assert session.summary(Choice(circle=ALL)) == (
        "7 findings, 4 studies, ▲2 ▼2 ○1 ◆1 ?1, 2 in full text, circle all (MIPEX seen 1, believed 1)"
    )


def test_labels_are_those_of_the_scheme(session: Session) -> None:
    assert session.label("") == "All policies"
    assert session.label("anti-discrimination") == "Anti-discrimination"
    assert session.policies()[0].notation == "overall"
    assert "aa1" not in {c.notation for c in session.policies()}


def test_a_finding_leads_to_its_whole_study(session: Session) -> None:
    (row,) = session.rows(Choice(policy="overall"))
    study = session.study(row)
    assert study.key == "alpha2001trust"
    assert [other.finding for other in study.findings] == [A1, A2, A3]
    assert study.more[A1]["model"] == "made-up model"


def test_findings_are_read_from_the_store_once(toy_reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(toy_reader)
    before = [session.rows(Choice(circle=circle)) for circle in (*CIRCLES, ALL)]

    def refuse(_: Reader, query: str) -> list[list[str]]:
        raise AssertionError(query)

    monkeypatch.setattr(Reader, "rows", refuse)
    assert [session.rows(Choice(circle=circle)) for circle in (*CIRCLES, ALL)] == before
    assert len(session.rows(Choice(search="trust"))) > 0
    assert session.counts(Choice(circle=ALL))[""] == 7
    assert session.summary(Choice()).startswith("5 findings")
    assert session.label("health") == "Health"
    assert session.below("labour-market-mobility") != []


def test_totals_count_all_circles(session: Session) -> None:
    assert session.totals() == session.counts(Choice(circle=ALL))


def test_a_fresh_collection_opens_and_another_has_to_be_built_first(
    toy: Collection, toy_reader: Reader, copy_of_toy: Collection
) -> None:
    session = open_session(toy)
    assert session is not None
    assert len(session.rows(Choice())) == 5
    session.close()
    assert open_session(copy_of_toy) is None


def test_a_closed_session_lets_the_store_go(toy: Collection, toy_reader: Reader) -> None:
    reader = open_store(toy)
    lock = reader._lock
    Session(reader).close()
    assert lock.closed
    assert not toy_reader._lock.closed


def test_an_unbuilt_collection_has_no_session(copy_of_toy: Collection) -> None:
    with pytest.raises(KnowledgeBaseError, match="mipex-kb build"):
        Session(open_store(copy_of_toy))
