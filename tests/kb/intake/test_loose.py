"""The tolerant reader: the same as pybtex where pybtex can read, and the rest with a line and a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from pybtex.database.input.bibtex import LowLevelParser, month_names
from pybtex.utils import CaseInsensitiveDict

from kb.intake.incoming import read_incoming
from kb.intake.loose import read_loose
from tests.kb.intake.files import EXPECTED, text_of

STUDIES = sorted((Path(__file__).resolve().parents[3] / "studies").glob("*.bib"))
#: Look-alikes with a missing key, odd letters or commas, or entries that one of the two readers leaves out on purpose.
NOT_FOR_THE_ORACLE = {
    "biblatex_parts.bib", "chinese.bib", "commented_out.bib", "endnote.bib", "entry_in_comment.bib",
    "escaped_braces.bib", "loose_forms.bib", "mendeley_odd_types.bib", "missing_comma.bib", "odd_keys.bib",
    "title_over_lines.bib", "turkish.bib", "web_of_science.bib",
}  # fmt: skip
WELL_FORMED = [
    name
    for name, row in EXPECTED.items()
    if row["reported"] == "0" and row["entries"] != "0" and name not in NOT_FOR_THE_ORACLE
]


def by_pybtex(text: str) -> list[tuple[str, str, dict[str, str]]]:
    """Return kind, key and fields of each entry as pybtex reads them; of a field given twice, the first."""
    found = []
    macros = CaseInsensitiveDict({**{name: name for name in month_names}})
    for kind, body in LowLevelParser(text, macros=macros, handle_error=lambda error: None):
        if kind.lower() in ("string", "preamble"):
            continue
        key, fields = body
        values: dict[str, str] = {}
        for name, parts in fields:
            values.setdefault(name.lower(), "".join(parts))
        found.append((kind.lower(), key, values))
    return found


def by_us(text: str) -> list[tuple[str, str, dict[str, str]]]:
    return [
        (item.kind, item.key, {name: item.fields[name] for name in item.fields if name not in item.inherited})
        for item in read_incoming(text).entries
    ]


@pytest.mark.parametrize("path", STUDIES[::7], ids=lambda path: path.stem)
def test_our_own_studies_are_read_as_pybtex_reads_them(path: Path) -> None:
    text = path.read_text("utf-8")
    assert by_us(text) == by_pybtex(text)
    assert read_loose(text).broken == []


@pytest.mark.parametrize("name", WELL_FORMED)
def test_a_well_formed_look_alike_is_read_as_pybtex_reads_it(name: str) -> None:
    text = text_of(name).replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    theirs = {key: (kind, values) for kind, key, values in by_pybtex(text)}
    ours = {key: (kind, values) for kind, key, values in by_us(text)}
    for undefined in {"strings.bib": ["c1"], "months.bib": ["m3"]}.get(name, []):  # pybtex drops such a value
        del theirs[undefined], ours[undefined]
    assert ours == theirs
    assert len(WELL_FORMED) >= 40


def test_places_are_those_of_the_text() -> None:
    text = text_of("text_between.bib")
    for entry in read_loose(text).entries:
        assert text[entry.start] == "@"
        assert text[entry.close] == text[entry.end - 1] == "}"
        assert text[entry.key_start : entry.key_end] == entry.key
        assert text.count("\n", 0, entry.start) + 1 == entry.line
        for part in entry.fields:
            assert text[part.start : part.end].lower().startswith(part.name)


@pytest.mark.parametrize(("end", "name"), [("\n", "lf"), ("\r\n", "crlf"), ("\r", "cr")])
def test_lines_are_counted_in_every_way_of_ending_them(end: str, name: str) -> None:
    lines = ["", "@a{k1, x = 1}", "", "@a{k2,", "x = {", "}", "}", "@a{k3"]
    found = read_loose(end.join(lines))
    assert [entry.line for entry in found.entries] == [2, 4]
    assert [piece.line for piece in found.broken] == [8]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("@article{a, title = {x}", "closing brace is missing"),
        ("@article{a, title = {x", "closing brace is missing"),
        ('@article{a, title = "x}', "too many in quotation marks"),
        ('@article{a, title = "x', "closing quotation mark is missing"),
        ("@article{a title = {x}}", "comma behind the key is missing"),
        ("@article{a, title {x}}", "no field name"),
        ("@article{a, title = # }", "has no value"),
        ("@article{a, title = {x} year 2001}", "no field name"),
        ("@nobody{example.org}", "no field"),
    ],
)
def test_a_broken_entry_is_reported_with_what_is_wrong(text: str, reason: str) -> None:
    found = read_loose(text)
    assert found.entries == []
    assert reason in found.broken[0].reason


def test_what_follows_a_brace_too_many_is_reported() -> None:
    found = read_loose("@article{a, author = {A}}, title = {Lost},\n year = 2001}\n@article{b, title = {Fine}}")
    assert [entry.key for entry in found.entries] == ["a", "b"]
    assert "not read" in found.broken[0].reason
    assert found.broken[0].key == "a"


def test_several_entries_in_one_comment_are_counted() -> None:
    found = read_loose("@comment{\n@article{a, title = {x}}\n@article{b, title = {y}}\n}\n@article{c, title = {z}}")
    assert [entry.key for entry in found.entries] == ["c"]
    assert found.remarks[0].reason.startswith("2 entries inside a @comment")


def test_a_comment_whose_brace_was_never_closed_hides_no_entry() -> None:
    entries = "".join(f"@article{{a{number}, title = {{x}}}}\n" for number in range(50))
    found = read_loose("@comment{1.4 m/s)\n" + entries + "}\n")
    assert len(found.entries) == 50


@pytest.mark.parametrize(
    "text",
    [
        "@article{a, title = {x}}",
        "@article{a,\n  title = {x},\n  year = 2001,\n}",
        "@string{x = {y}}",
        '@article{a, title = x # "y"}',
    ],
)
def test_plain_is_what_every_reader_takes(text: str) -> None:
    found = read_loose(text)
    assert [entry.plain for entry in found.entries + found.strings] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "@article(a, title = {x})",
        "@book_section{a, title = {x}}",
        "@article\n{a, title = {x}}",
        "@article{a, title = {x \\{y\\}}}",
        "@article{a, title = {x\n@y{z}}}",
        "@article{a, title = {x},, year = 2001}",
        "@article{a, title = {x} % comment\n}",
        "@article{a, cited references = {x}}",
        "@article{a, title = 'x}",
        "@article{a, title = }",
        "@string{x = {y}, }",
    ],
)
def test_what_some_readers_do_not_take_is_not_plain(text: str) -> None:
    found = read_loose(text)
    assert [entry.plain for entry in found.entries + found.strings] == [False]


def test_a_remark_whose_brace_was_forgotten_hides_no_entries() -> None:
    entries = "".join(f"@article{{a{n}, title = {{x}}}}\n" for n in range(12))
    found = read_loose("@comment{the mosquito)\n" + entries + "@article{b, title = {y}}}\n}")
    assert len(found.entries) == 13


def test_quotation_marks_inside_quotation_marks_are_read_where_it_is_clear() -> None:
    found = read_loose('@book{a, note = "He said "yes" to it", title = "Two"}')
    assert [(part.name, part.parts[0].text) for part in found.entries[0].fields] == [
        ("note", 'He said "yes" to it'),
        ("title", "Two"),
    ]
    assert not found.entries[0].plain


def test_a_field_name_may_hold_a_space_that_does_not_break() -> None:
    found = read_loose("@article{a, funding text\xa01 = {x}, title = {y}}")
    assert [part.name for part in found.entries[0].fields] == ["funding text\xa01", "title"]


def test_lines_commented_out_behind_an_entry_are_no_rest_of_it() -> None:
    found = read_loose("@article{a, title = {x}}\n% note = {old}\n@article{b, title = {y}}")
    assert (len(found.entries), found.broken) == (2, [])
