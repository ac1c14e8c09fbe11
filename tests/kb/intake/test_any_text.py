"""Any bytes, any text: nothing raises, nothing is lost on the way into a file and back."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kb.bibtex import read
from kb.bibtex_writer import escape
from kb.intake.compose import balanced
from kb.intake.incoming import read_incoming
from kb.intake.loose import read_loose
from kb.latex import decode
from tests.kb.intake.files import plan_of

PIECES = st.sampled_from(
    [
        *"@{}()\",=#%\\\n\r \t\0\u2028\xa0", "@article", "@string", "@comment", "@preamble", "@finding", "@xdata",
        "key", "title", "author", "year", "crossref", "xdata", "2001", "jan", "study", "Müller, J", " and ", "'k",
        "\\{", "\\}", '\\"{o}', "@article{a, title = {x}}", "title = {x},", "doi = {10.1/x}", "bibstatus = {confirmed}",
        "file = {x},", "@string{k = {v}}", "cited references = {x},",
    ]
)  # fmt: skip
SOUP = st.lists(PIECES, max_size=40).map("".join)
#: Text as it may stand in a value once its special characters are escaped.
VALUES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


@settings(max_examples=300, deadline=None)
@given(st.binary())
@example(b"\xff\xfe@\0")
@example(b"@article{\0\xff, title = {")
def test_any_bytes_are_a_file(content: bytes) -> None:
    for row in plan_of(content).rows:
        assert row.status in ("new", "same", "probable", "changed", "broken")


@settings(max_examples=400, deadline=None)
@given(SOUP)
def test_any_pieces_of_bibtex_are_a_file_and_what_is_written_of_it_is_read(text: str) -> None:
    for row in plan_of(text).rows:
        assert row.status != "broken" or row.problems
        assert row.text or row.status in ("same", "broken")
        if row.text:
            found = read(row.text)
            assert found.entries[0].key == row.citekey
            assert [problem for problem in found.problems if problem.severity == "error"] == []


@settings(max_examples=200, deadline=None)
@given(SOUP)
def test_an_entry_on_a_line_of_its_own_is_found_whatever_stands_before_it(text: str) -> None:
    found = read_loose(text + "\n\n@book{sentinel, title = {Sentinel}}\n")
    read_as = found.entries + found.strings
    inside = any("sentinel" in part.text for entry in read_as for raw in entry.fields for part in raw.parts)
    assert inside or "sentinel" in {entry.key for entry in found.entries}


@settings(max_examples=200, deadline=None)
@given(VALUES)
@example("@article{x,\n title = {y}}")
@example("a } b { c \\ d")
@example("line\r\nline\x0bline\x85line\u2028line")
def test_any_text_survives_as_a_value(text: str) -> None:
    value = escape(text)
    rows = plan_of(f"@article{{k, author = {{A}}, title = {{T}}, note = {{x{value}x}}, year = 2001}}\n").rows
    (entry,) = read(rows[0].text).entries
    assert plain(entry.fields["note"]) == plain(f"x{value}x")
    assert plain(decode(entry.fields["note"])[0]) == plain(decode(f"x{value}x")[0])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(["{", "}", "\\", "a", " ", "\\{", "\\}", "\\\\"]), max_size=12).map("".join))
def test_balanced_values_are_read_by_every_reader(value: str) -> None:
    made = balanced(value)
    assert balanced(made) == made
    text = f"@article{{k, note = {{{made}}}, year = {{2001}}}}"
    assert read(text).entries[0].fields["note"] == made
    assert read_incoming(text).entries[0].fields["note"] == made
    letters = str.maketrans("", "", "\\{} ")
    kept = re.sub(r"\\text(bracele|braceri|backsla)\w+", "", made)
    assert kept.translate(letters) == value.translate(letters)


@given(st.text(st.characters(exclude_characters="{}\\", exclude_categories=["Cs"])))
def test_a_value_without_braces_is_balanced_as_it_is(value: str) -> None:
    assert balanced(value) == value
