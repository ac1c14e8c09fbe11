"""What is in a basket: looked up, as a table of findings and as a reading list; what is gone is kept and reported."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from kb.basket_contents import basket_sheet, findings_in, lines_of, reading_list, studies_in
from kb.baskets_file import Basket, Item
from kb.errors import CitationStyleError
from kb.evidence import Row
from kb.session import make_session
from kb.sheet import about, file_stem, findings_sheet, render_sheet, whole_sheet
from kb.tables import StudyRow
from kb.text import has_unsafe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.collection import Collection
    from kb.session import Session

MIXED = Basket(
    "To *read*",
    (
        Item("beta2002moderator-2", "on health", "2026-11-27"),
        Item("alpha2001trust", "all of [it]", "2026-11-28"),
        Item("alpha2001trust-3", "", "2026-11-28"),
        Item("gone2000study-1", "", "2026-11-28"),
        Item("epsilon2005review", "", "2026-11-28"),
    ),
)


@pytest.fixture(scope="module")
def session(toy: Collection) -> Iterator[Session]:
    opened = make_session(toy)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def hostile_session(hostile: Collection) -> Iterator[Session]:
    opened = make_session(hostile)
    yield opened
    opened.close()


def test_lines_are_studies_findings_or_gone(session: Session) -> None:
    lines = lines_of(MIXED, session)
    assert [(bool(line.study), bool(line.finding)) for line in lines] == [
        (True, True), (True, False), (True, True), (False, False), (True, False),
    ]  # fmt: skip
    assert [line.citation for line in lines][1] == "Alpha et al. 2001"
    assert [line.citation for line in lines][3] == ""


def test_a_finding_that_is_gone_from_a_study_that_is_there_is_reported(session: Session) -> None:
    (line,) = lines_of(Basket("x", (Item("alpha2001trust-99"),)), session)
    assert (line.study, line.finding) == (None, None)


def test_a_study_brings_all_its_findings_each_once_in_the_order_of_adding(session: Session) -> None:
    lines = lines_of(MIXED, session)
    assert [row.finding for row in findings_in(lines, session)] == [
        "beta2002moderator-2", "alpha2001trust-1", "alpha2001trust-2", "alpha2001trust-3",
    ]  # fmt: skip
    assert studies_in(lines) == ("beta2002moderator", "alpha2001trust", "epsilon2005review")


def test_the_table_has_notes_and_days_and_says_what_is_not_in_it(session: Session) -> None:
    sheet = basket_sheet(MIXED, session)
    assert sheet.title == "Basket: To *read*"
    assert sheet.header == (*Row._fields, "note", "added")
    assert [(row[0], *row[-2:]) for row in sheet.rows] == [
        ("beta2002moderator-2", "on health", "2026-11-27"),
        ("alpha2001trust-1", "all of [it]", "2026-11-28"),
        ("alpha2001trust-2", "all of [it]", "2026-11-28"),
        ("alpha2001trust-3", "all of [it]", "2026-11-28"),
    ]
    assert sheet.summary.startswith("4 findings, 2 studies")
    assert sheet.summary.endswith("; not in the table: 1 study without a finding and 1 key no longer in the collection")
    assert sheet.studies == ("beta2002moderator", "alpha2001trust", "epsilon2005review")


def test_the_query_behind_a_basket_gives_its_findings(session: Session) -> None:
    sheet = basket_sheet(MIXED, session)
    assert sorted(row[0] for row in session.reader.rows(sheet.query)) == sorted(sheet.keys)


def test_a_basket_with_nothing_that_is_there_is_an_empty_table(session: Session) -> None:
    for items in ((), (Item("gone"),)):
        sheet = basket_sheet(Basket("x", items), session)
        assert (sheet.rows, sheet.query, sheet.studies) == ([], "", ())
        assert reading_list(Basket("x", items), session).startswith("# x\n\n0 findings")


def test_a_reading_list_has_citations_with_their_findings_below(session: Session) -> None:
    lines = reading_list(MIXED, session).splitlines()
    assert lines[0] == r"# To \*read\*"
    assert [line[:30] for line in lines if line.startswith("- ")] == [
        "- Made-up Institute of Example", "- Alpha, Anna; Müller, Jörg; O", "- Epsilon, Eli; Alpha, Anna (2",
    ]  # fmt: skip
    findings = [line for line in lines if line.startswith("  - ")]
    assert [re.findall(r"\\\[(\S+);", line)[0] for line in findings] == [
        "beta2002moderator-2", "alpha2001trust-1", "alpha2001trust-2", "alpha2001trust-3",
    ]  # fmt: skip
    assert findings[0].startswith("  - ◆ mixed: Health and ")
    assert findings[0].endswith("*Note: on health*")
    assert any(line.endswith(r"*Note: all of \[it\]*") for line in lines if line.startswith("- Alpha"))
    assert lines[-1] == "No longer in the collection: gone2000study-1."


def test_a_reading_list_by_policy_has_a_section_for_each(session: Session) -> None:
    text = reading_list(MIXED, session, order="policy")
    sections = re.findall(r"(?m)^## (.*)$", text)
    assert sections == [*sorted(sections[:-1]), "Without a finding"]
    assert text.count("- Alpha, Anna") == len(sections) - 2
    assert text.count("\n  - ") == 4


def test_a_reading_list_may_be_in_a_style_of_journals(session: Session) -> None:
    assert "- Alpha, A., Müller, J., & O'Neil, P. (2001)." in reading_list(MIXED, session, style="apa")
    with pytest.raises(CitationStyleError):
        reading_list(MIXED, session, style="nosuch")


def test_a_reading_list_says_where_it_comes_from(session: Session) -> None:
    record = about(basket_sheet(MIXED, session), session.version(), "2026-11-28")
    text = reading_list(MIXED, session, about=record)
    assert text.startswith(reading_list(MIXED, session))
    assert f"- Data version: {session.version()}" in text
    assert "SELECT ?finding" in text


@pytest.mark.parametrize("order", ["added", "policy"])
def test_hostile_data_stays_text_in_a_reading_list(order: str, hostile_session: Session) -> None:
    basket = Basket("[x](y) <b>", (Item("hostile2007record", "*a* <script>", ""), Item("hostile2007record-1")))
    text = reading_list(basket, hostile_session, order=order)
    assert not has_unsafe(text)
    assert re.search(r"(?<!\\)<(?!https?://)", text) is None
    assert re.search(r"(?<!\\)\[", text) is None
    assert text.count("\n- ") == 1


def test_all_columns_of_findings_and_of_studies(session: Session) -> None:
    rows = session.findings()[:2]
    shown = findings_sheet("t", rows)._replace(header=("a",), rows=[("1",), ("2",)], query="ASK {}")
    whole = whole_sheet(shown, session)
    assert (whole.header, whole.rows, whole.query) == (Row._fields, [tuple(row) for row in rows], "ASK {}")
    studies = session.studies()[:2]
    listed = shown._replace(keys=tuple(study.study for study in studies))
    assert whole_sheet(listed, session).header == StudyRow._fields
    assert whole_sheet(listed, session).rows == [tuple(study) for study in studies]
    for keys in ((), ("gone", rows[0].finding)):
        assert whole_sheet(shown._replace(keys=keys), session) == shown._replace(keys=keys)


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("Evidence: Accès à la *nationalité*", "mipex-evidence-acces-a-la-nationalite-2026-11-28"),
        ("../../etc/passwd\x1b\n", "mipex-etc-passwd-2026-11-28"),
        ("日本", "mipex-table-2026-11-28"),
        ("x" * 300, f"mipex-{'x' * 50}-2026-11-28"),
    ],
)
def test_a_name_for_files_is_plain(title: str, stem: str, session: Session) -> None:
    record = about(findings_sheet(title, ()), session.version(), "2026-11-28")
    assert file_stem(record) == stem


def test_the_table_of_a_basket_is_written_like_any_other(session: Session) -> None:
    sheet = basket_sheet(MIXED, session)
    found = json.loads(render_sheet("json", sheet, about(sheet, session.version())))
    assert found["about"]["data_version"] == session.version()
    assert [row["note"] for row in found["rows"]] == ["on health", *["all of [it]"] * 3]
