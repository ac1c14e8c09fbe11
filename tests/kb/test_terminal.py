"""Tables for people: nothing is cut off in a pipe, nothing is read as markup on a terminal."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import pytest

from kb.build import ensure
from kb.evidence import Question, answer
from kb.terminal import SIGNS, findings_text, print_findings, table_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.collection import Collection
    from kb.evidence import Answer, Row
    from kb.store import Reader

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def found(toy_reader: Reader) -> Answer:
    return answer(toy_reader, Question(measure=("all",)))


@pytest.fixture(scope="module")
def evil(hostile: Collection) -> Iterator[Answer]:
    reader, _ = ensure(hostile)
    with reader:
        yield answer(reader, Question())


def test_each_finding_is_a_paragraph_with_all_that_is_known(found: Answer) -> None:
    paragraphs = findings_text(found.rows).split("\n\n")
    assert len(paragraphs) == len(found.rows)
    for row, paragraph in zip(found.rows, paragraphs, strict=True):
        parts = [row.policy_label, row.outcome_label, row.direction, row.appraisal, row.role, row.population]
        parts += [row.relation, row.statement, row.finding, row.measure, row.source, row.source_level, row.locator]
        parts += [row.estimate, row.se, row.p, row.n, row.year]
        assert [part for part in parts if part not in paragraph] == []


def test_no_findings_are_no_text() -> None:
    assert findings_text([]) == ""


def test_more_fields_come_below_their_finding(found: Answer) -> None:
    row = found.rows[0]
    assert findings_text([row], {row.finding: {"coder": "c9"}, "other": {"x": "y"}}).endswith("\n  coder: c9\n")


def test_every_direction_has_a_sign_of_its_own(found: Answer) -> None:
    assert len(set(SIGNS.values())) == len(SIGNS) == 5
    text = findings_text(found.rows)
    assert all(f"{SIGNS[row.direction]} {row.direction}" in text for row in found.rows)


def columns(text: str) -> int:
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


def test_a_table_is_aligned_whatever_the_script() -> None:
    rows = [["plain", "1"], ["漢字かな", "2"], ["e\u0301le\u0300ve", "3"], ["long " * 30, "4"], ["", "5"]]
    lines = table_text(["name", "number"], rows).splitlines()
    assert len(lines) == len(rows) + 2
    starts = {columns(line[: line.rindex(line.split()[-1])]) for line in (lines[0], *lines[2:])}
    assert len(starts) == 1


def test_a_table_never_shortens_a_cell_and_keeps_rows_on_one_line() -> None:
    text = table_text(["a"], [["x" * 500], ["two\nlines\tand tab"]])
    assert "x" * 500 in text
    assert "two lines and tab" in text
    assert text.count("\n") == 4


def test_a_table_without_rows_is_its_header() -> None:
    assert table_text(["a", "bc"], []).splitlines() == ["a  bc", "-  --"]


def printed(shown: Answer, width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("COLUMNS", str(width))
    print_findings(shown)
    return capsys.readouterr().out


def words_of(row: Row) -> set[str]:
    return set(f"{row.statement} {row.finding} {row.outcome_label}".split())


@pytest.mark.parametrize("width", [60, 80, 100, 160])
def test_a_styled_table_fits_its_width_and_loses_no_word(
    width: int, found: Answer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = printed(found, width, capsys, monkeypatch)
    assert max(columns(line) for line in text.splitlines()) <= width
    letters = re.sub(r"[\W_]", "", text)
    for row in found.rows:
        assert {word for word in words_of(row) if re.sub(r"[\W_]", "", word)[:4] not in letters} == set()
    for policy in {row.policy_label for row in found.rows}:
        number = sum(row.policy_label == policy for row in found.rows)
        assert f"{policy} ({number})" in text


def test_markup_in_the_data_stays_text(
    evil: Answer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = printed(evil, 120, capsys, monkeypatch)
    assert "[@click=app.quit]" in text
    assert CONTROL.search(text) is None


def test_the_plain_text_of_hostile_data_holds_no_control_character(evil: Answer) -> None:
    text = findings_text(evil.rows)
    assert "[@click=app.quit]" in text
    assert CONTROL.search(text) is None
