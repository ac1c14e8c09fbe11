"""The text of a new file: the source's own letters, but for what the plan names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from kb.bibtex import read
from kb.intake.incoming import read_incoming
from kb.intake.loose import read_loose
from tests.kb.intake.files import EXPECTED, only, plan_of, text_of

if TYPE_CHECKING:
    from kb.intake.loose import RawEntry
    from kb.intake.plan import Row


GAP = r"[ \t\r\n,]*"


def named(changes: tuple[str, ...], beginning: str) -> list[str]:
    """Return the fields that the changes which begin so name."""
    found = [change.partition(": ")[2] for change in changes if change.startswith(beginning)]
    return [name for text in found for name in text.split(", ")]


def allowed(text: str, entry: RawEntry, row: Row) -> str:
    """Return a pattern of what may be written of an entry: its own letters, but for what the plan names."""
    called = dict(change.split(" is called ") for change in row.changes if " is called " in change)
    braced = [change.partition(" in braces")[0] for change in row.changes if " in braces, since" in change]
    kind = next((change.split()[1] for change in row.changes if change.startswith("type ")), "")
    if "the type on a line with its brace" in row.changes:
        kind = text[entry.start + 1 :].split(maxsplit=1)[0]
    opener = text.index("{", entry.start) if text[entry.close] == "}" else text.index("(", entry.start)
    changed = [(entry.start, opener, f"@{kind}")] if kind else []
    changed.append((entry.key_start, entry.key_end, row.citekey))
    dropped = named(row.changes, "left out")
    seen: set[str] = set()
    for part in entry.fields:
        if part.name in dropped or (part.name in seen and f"{part.name} (given twice)" in dropped):
            changed.append((part.start, part.end, ""))
        elif part.name in called:
            changed.append((part.start, part.start + len(part.name), re.escape(called[part.name])))
        elif part.name in braced:
            changed.append((part.start, part.end, part.name + r" = \{[^{}]*\}"))
        seen.add(part.name)
    pattern, place = "", entry.start
    for start, end, instead in sorted(changed):
        pattern += GAP + re.escape(text[place:start].strip(" \t\r\n,")) + GAP + instead
        place = end
    pattern += GAP + re.escape(text[place : entry.close].strip(" \t\r\n,"))
    for name in named(row.changes, "taken from") + named(row.changes, "added"):
        pattern += GAP + rf"  {name} = \{{.*?\}}"
    return rf"((?i:@string)[^\r\n]*[\r\n]+)*{pattern}{GAP}[)}}]\s*(@finding.*)?"


@pytest.mark.parametrize("name", EXPECTED)
def test_what_the_plan_does_not_name_is_there_letter_for_letter_and_in_order(name: str) -> None:
    text = text_of(name)
    entries = {(entry.line, entry.key): entry for entry in read_loose(text).entries}
    for row in plan_of(text).rows:
        if row.text and not any(change.startswith("written anew") for change in row.changes):
            pattern = allowed(text, entries[row.line, row.key], row)
            assert re.fullmatch(pattern, row.text, re.DOTALL), (pattern, row.text)


def test_a_plain_entry_differs_by_its_key_and_status_alone() -> None:
    text = '@article{Alpha:2001,\n\tTitle  =  {Odd   spaces\tkept},\r\n author="A" ,year = 2001\n}'
    made = only(text)
    assert made.text == (
        "@article{a2001odd,\n\tTitle  =  {Odd   spaces\tkept},\r\n author=\"A\" ,year = 2001,\r\n"
        "  bibstatus = {unconfirmed}\r\n}\r\n"
    )  # fmt: skip
    assert made.changes == ("key a2001odd instead of Alpha:2001", "added: bibstatus")


def test_line_ends_of_the_source_are_kept() -> None:
    for name, end in (("crlf.bib", "\r\n"), ("cr.bib", "\r"), ("acl.bib", "\n")):
        text = plan_of(text_of(name)).rows[0].text
        assert set(re.findall(r"\r\n|\r|\n", text)) == {end}


def test_definitions_that_an_entry_needs_come_with_it_and_no_others() -> None:
    first, second, third = plan_of(text_of("strings.bib")).rows
    assert first.text.count("@string") == 1
    assert first.text.startswith('@string{jmr = "Journal of Made-up Results"}\n@article{alpha2011chained')
    assert read(second.text).entries[0].fields["title"] == "Series of Journal of Made-up Results, part 2: more"
    assert "@string" not in third.text
    assert "journal = {unknownjournal}" in third.text


@pytest.mark.parametrize(
    ("definitions", "value"),
    [
        ('@string{a = "x" # b}', "xb"),  # nothing defines b
        ('@string{a = ""}', ""),
        ('@string(a = "x")', "x"),
        ('@string{a = "x", }', "x"),
        ('@string{b = "y"}\n@string{a = b # b}', "yy"),
        ('@string{a = a # "x"}', "ax"),
        ('@STRING{A = {x}}', "x"),
        ('@string{a = b # "x"}@string{b = "y"}', "bx"),  # b is defined too late
    ],
)  # fmt: skip
def test_any_definition_leads_to_a_text_that_is_read(definitions: str, value: str) -> None:
    row = only(f"{definitions}\n@article{{k, author = {{A}}, title = {{T}}, year = 2001, journal = a}}\n")
    found = read(row.text)
    assert found.problems == []
    assert found.entries[0].fields.get("journal", "") == value


def test_a_month_that_the_file_defines_keeps_its_definition() -> None:
    row = only('@string{jan = "Januar"}\n@article{k, author = {A}, title = {T}, year = 2001, month = jan}')
    assert row.text.startswith('@string{jan = "Januar"}\n')


def test_names_that_mean_something_else_to_us_are_changed() -> None:
    row = only("@article{k, author = {A}, title = {T}, year = 2001, data = {mine}, Cited References = {x}, a_ = {y}}")
    fields = read(row.text).entries[0].fields
    assert (fields["data-note"], fields["cited-references"], fields["a_"]) == ("mine", "x", "y")
    assert "data" not in fields
    assert "data is called data-note" in row.changes


def test_names_that_become_one_are_both_kept_or_named() -> None:
    row = only("@article{k, author = {A}, title = {T}, year = 2001, a b = {one}, a-b = {two}}")
    assert read(row.text).entries[0].fields["a-b"] == "one"


@pytest.mark.parametrize(
    ("kind", "ours"),
    [("book_section", "booksection"), ("FAKE-ENTRY", "fakeentry"), ("str_ing", "misc"), ("com-ment", "misc")],
)
def test_a_type_with_odd_letters_gets_plain_ones(kind: str, ours: str) -> None:
    row = only(f"@{kind}{{k, author = {{A}}, title = {{T}}, year = 2001}}")
    assert read(row.text).entries[0].kind == ours
    assert f"type {ours} instead of {kind.lower()}" in row.changes


def test_escaped_braces_are_kept_where_they_balance_and_named_where_not() -> None:
    rows = plan_of(text_of("escaped_braces.bib")).rows
    titles = [read(row.text).entries[0].fields["title"] for row in rows]
    assert titles[0] == r"A set \{1, 2\} of numbers"
    assert titles[2] == r"Only one \textbraceright{} escaped"
    assert read(rows[1].text).entries[0].fields["author"] == "S{o}nnik, Bruno"


def test_what_comes_from_another_entry_is_written_into_the_study() -> None:
    rows = {row.key: row for row in plan_of(text_of("biblatex_parts.bib")).rows}
    part = read(rows["part"].text).entries[0].fields
    assert part["booktitle"] == "Book of Parts"
    assert part["booksubtitle"] == "All of Them"
    assert part["publisher"] == "Invented Press"
    assert "crossref" not in part
    assert part["title"] == "One Part"


def test_findings_come_with_their_study_under_its_key() -> None:
    row = plan_of(text_of("our_own.bib").replace("alpha2011trust", "Alpha:2011")).rows[0]
    assert [entry.key for entry in read(row.text).entries] == ["alpha2011study", "alpha2011study-1"]
    assert read(row.text).entries[1].fields["study"] == "alpha2011study"
    assert "with 1 finding" in row.changes
    assert "jabref-entrytype: Finding" in row.text


def test_a_field_of_ours_is_kept_in_our_own_form() -> None:
    fields = read_incoming(plan_of(text_of("our_own.bib")).rows[0].text).entries[0].fields
    assert fields["bibsource"] == "https://example.org/alpha"
    assert fields["measure"] == "mipex:2007"
