"""Records as BibTeX text: canonical entries and files, and references that other programs read back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pybtex.database import parse_string

from kb.bibtex import read
from kb.bibtex_writer import JABREF, escape, format_entry, format_file
from kb.fields import FINDING_FIELDS, STUDY_FIELDS
from kb.latex import decode
from kb.text import clean_text

TESTS = Path(__file__).resolve().parents[1]
clean = st.text(st.characters(codec="utf-8")).map(clean_text)
unbraced = clean.map(lambda text: clean_text(re.sub(r"[{}\\]", "", text))).filter(bool)
safe_key = st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True)


def test_an_entry_has_its_fields_in_order_aligned_and_in_braces() -> None:
    text = format_entry(
        "article", "a1", {"year": "2001", "zzz": "own", "title": "T", "author": "A, B", "aaa": "own too"}
    )
    assert text == (
        "@article{a1,\n"
        "  author = {A, B},\n"
        "  title  = {T},\n"
        "  year   = {2001},\n"
        "  aaa    = {own too},\n"
        "  zzz    = {own}\n"
        "}\n"
    )  # fmt: skip


def test_a_finding_has_the_order_of_findings() -> None:
    fields = dict.fromkeys(reversed(FINDING_FIELDS), "x")
    text = format_entry("finding", "a1-1", fields, FINDING_FIELDS)
    assert tuple(re.findall(r"^  (\w+) +=", text, re.MULTILINE)) == FINDING_FIELDS


def test_empty_values_are_left_out_and_others_put_on_one_line() -> None:
    text = format_entry("misc", "a1", {"title": " two\n   lines\t ", "note": "  ", "doi": ""})
    assert text == "@misc{a1,\n  title = {two lines}\n}\n"


def test_an_entry_without_fields_reads_back() -> None:
    found = read(format_entry("misc", "a1", {}))
    assert found.problems == []
    assert [entry.key for entry in found.entries] == ["a1"]


@settings(max_examples=100, deadline=None)
@given(
    safe_key,
    st.dictionaries(st.sampled_from(STUDY_FIELDS).filter(lambda name: name != "crossref"), unbraced, min_size=1),
)
def test_any_clean_text_survives_writing_and_reading(key: str, fields: dict[str, str]) -> None:
    found = read(format_entry("article", key, fields))
    assert found.problems == []
    assert [(entry.kind, entry.key, dict(entry.fields)) for entry in found.entries] == [("article", key, fields)]


@pytest.mark.parametrize(
    "value",
    [
        "@misc{x,",
        "a = {b}",
        "50% of",
        '"quoted"',
        "a, b = c",
        "#1 # 2",
        "@comment",
        "{nested {braces}}",
        r"M{\"u}ller",
        "\\&",
    ],
)
def test_awkward_values_survive_between_good_entries(value: str) -> None:
    value = value + "}" * (value.count("{") - value.count("}"))
    text = "".join(format_entry("misc", key, {"note": value, "title": key}) for key in ("a1", "a2", "a3"))
    found = read(text)
    assert found.problems == []
    assert [(entry.key, entry.fields["note"]) for entry in found.entries] == [
        (key, value) for key in ("a1", "a2", "a3")
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("R&D", r"R\&D"),
        ("50%", r"50\%"),
        ("$5 #1 a_b", r"\$5 \#1 a\_b"),
        ("a\\b", r"a\textbackslash{}b"),
        ("plain – ü", "plain – ü"),
        ("", ""),
    ],
)
def test_characters_that_latex_reads_are_escaped(text: str, expected: str) -> None:
    assert escape(text) == expected


@pytest.mark.parametrize("letter", [*"&%$#_{}~^\\"])
def test_an_escaped_character_reads_back_as_itself(letter: str) -> None:
    for text in (letter, f"a{letter}b", f"{letter}{letter}", f"a {letter} b"):
        entry = format_entry("misc", "a1", {"note": escape(text)})
        assert decode(read(entry).entries[0].fields["note"])[0] == text


def test_no_character_that_stops_latex_is_left_bare() -> None:
    assert re.search(r"(?<!\\)[&%$#_~^]", escape("& % $ # _ ~ ^")) is None


@settings(max_examples=100, deadline=None)
@given(clean.filter(bool))
def test_any_clean_text_survives_escaping_writing_and_reading(text: str) -> None:
    text = re.sub(r"[`'^-]", "", text)
    entry = format_entry("misc", "a1", {"note": escape(text), "title": "T"})
    found = read(entry)
    assert found.problems == []
    assert clean_text(decode(found.entries[0].fields.get("note", ""))[0]) == clean_text(text)


@pytest.mark.parametrize("path", sorted((TESTS / "toy").glob("*.bib")), ids=lambda path: path.stem)
def test_pybtex_reads_what_is_written(path: Path) -> None:
    entries = read(path.read_text("utf-8")).entries
    parsed = parse_string(format_file(entries), "bibtex")
    assert list(parsed.entries) == [entry.key for entry in entries]
    for entry in entries:
        for name, value in entry.fields.items():
            if name not in ("author", "editor"):
                assert parsed.entries[entry.key].fields[name] == value


def test_a_file_has_studies_first_then_findings_by_number_and_the_declaration() -> None:
    text = "".join(f"@finding{{a1-{number}, study = {{a1}}}}\n" for number in (10, 2, 1)) + "@misc{a1, title = {T}}\n"
    written = format_file(read(text).entries)
    assert re.findall(r"@\w+\{([\w-]+)", written) == ["a1", "a1-1", "a1-2", "a1-10", "jabref-entrytype"]
    assert written.endswith("}\n\n" + JABREF)


def test_a_file_without_findings_has_no_declaration() -> None:
    assert format_file(read("@misc{a1, title = {T}}").entries) == "@misc{a1,\n  title = {T}\n}\n"


def test_nothing_gives_an_empty_file() -> None:
    assert format_file([]) == ""


def test_the_declaration_names_the_fields_of_a_finding_and_does_no_harm() -> None:
    assert set(re.findall(r"[\[;](\w+)", JABREF)) == set(FINDING_FIELDS)
    found = read(JABREF)
    assert (found.entries, found.problems) == ([], [])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["article", "misc", "finding"]),
            st.from_regex(r"[a-z]{1,3}(-[0-9]{1,3})?", fullmatch=True),
            st.dictionaries(st.sampled_from(["title", "note", "study", "odd"]), unbraced, max_size=3),
        ),
        max_size=6,
        unique_by=lambda entry: entry[1],
    )
)
def test_writing_a_file_is_idempotent_and_loses_nothing(entries: list[tuple[str, str, dict[str, str]]]) -> None:
    first = read("".join(format_entry(*entry) for entry in entries))
    written = format_file(first.entries)
    again = read(written)
    assert format_file(again.entries) == written
    assert again.problems == []
    assert {entry.key: (entry.kind, dict(entry.fields)) for entry in again.entries} == {
        key: (kind, fields) for kind, key, fields in entries
    }
