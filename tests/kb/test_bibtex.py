"""BibTeX text to entries: every trap of section 5.1 of the anchors, and every line number."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.bibtex import Bibliography, read, scan
from kb.problems import Problem

GOOD = (
    "@misc{good1,\n  title = {Good},\n  year  = {2001}\n}\n",
    "@misc{good2,\n  title = {Good too},\n  year = {2002}\n}\n",
)
BROKEN = {
    "brace missing": "@misc{bad1,\n  title = {x,\n  year = {2001}\n}\n",
    "last brace missing": "@misc{bad1,\n  title = {x},\n  year = {2001}\n",
    "both braces missing": "@misc{bad1,\n  title = {x},\n  year = {2001\n",
    "comma missing": "@misc{bad1,\n  title = {x}\n  year = {2001}\n}\n",
    "comment inside": "@misc{bad1,\n  title = {x},\n  % a comment\n  year = {2001}\n}\n",
    "comment with brace inside": "@misc{bad1,\n  title = {x},\n  % a {comment\n  year = {2001}\n}\n",
    "quotation mark missing": '@misc{bad1,\n  title = "x,\n  year = {2001}\n}\n',
    "value missing": "@misc{bad1,\n  title = ,\n  year = {2001}\n}\n",
    "equals sign missing": "@misc{bad1,\n  title {x},\n  year = {2001}\n}\n",
    "key missing": "@misc{,\n  title = {x}\n}\n",
    "key and comma missing": "@misc{\n  title = {x}\n}\n",
    "space in key": "@misc{bad 1,\n  title = {x}\n}\n",
    "key beyond ASCII": "@misc{bäd1,\n  title = {x}\n}\n",
    "key in capitals": "@misc{Bad1,\n  title = {x}\n}\n",
    "opening brace missing": "@misc bad1,\n  title = {x},\n  year = {2001}\n}\n",
    "nothing inside": "@misc{}\n",
    "opened only": "@misc{\n",
}
fragments = st.sampled_from(
    [
        *BROKEN.values(), *GOOD, "@", "@misc", "@comment", "{", "}", "(", ")", ",", "=", '"', "#", "\\",
        "%", "\n", "\r", " ", "a1", "title", "author", "year", "crossref = {a1}", "@string{x = ", "@preamble{",
        "\x00", "\ufeff", "é", "\u2028",
    ]
)  # fmt: skip
any_text = st.one_of(st.text(), st.lists(fragments, max_size=30).map("".join))


def keys(found: Bibliography) -> list[str]:
    return [entry.key for entry in found.entries]


def one(text: str) -> dict[str, str]:
    found = read(text)
    assert found.problems == []
    assert len(found.entries) == 1
    return dict(found.entries[0].fields)


def only_problem(text: str) -> Problem:
    found = read(text, "here.bib")
    assert len(found.problems) == 1, found.problems
    assert found.problems[0].file == "here.bib"
    assert found.problems[0].remedy
    return found.problems[0]


def test_an_entry_is_read_with_lower_case_names_and_raw_values() -> None:
    found = read('@Article{a1,\n  Title = {M{\\"u}ller},\n  YEAR = 2001,\n  note = "quoted {text}",\n}\n', "here.bib")
    entry = found.entries[0]
    assert (entry.kind, entry.key, entry.file) == ("article", "a1", "here.bib")
    assert entry.fields == {"title": 'M{\\"u}ller', "year": "2001", "note": "quoted {text}"}
    assert [entry.line(), entry.line("title"), entry.line("year"), entry.line("note")] == [1, 2, 3, 4]


@pytest.mark.parametrize("place", [0, 1, 2], ids=["first", "middle", "last"])
@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_entry_takes_no_good_one_down(broken: str, place: int) -> None:
    pieces = list(GOOD)
    pieces.insert(place, broken)
    text = "".join(pieces)
    found = read(text, "here.bib")
    assert keys(found) == ["good1", "good2"]
    assert len(found.problems) == 1
    problem = found.problems[0]
    first = text[: text.index(broken)].count("\n") + 1
    assert problem.file == "here.bib"
    assert problem.severity == "error"
    assert first <= problem.line < first + broken.count("\n")
    assert problem.message
    assert problem.remedy


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_two_broken_entries_in_a_row_take_no_good_one_down(broken: str) -> None:
    found = read(GOOD[0] + broken + broken + GOOD[1])
    assert keys(found) == ["good1", "good2"]
    assert len(found.problems) == (1 if broken == BROKEN["opening brace missing"] else 2)


@pytest.mark.parametrize(
    ("name", "line", "key"),
    [
        ("brace missing", 5, "bad1"),
        ("last brace missing", 5, "bad1"),
        ("comma missing", 7, "bad1"),
        ("comment inside", 7, "bad1"),
        ("value missing", 6, "bad1"),
        ("equals sign missing", 6, "bad1"),
        ("key missing", 5, ""),
        ("space in key", 5, ""),
        ("key beyond ASCII", 5, "bäd1"),
        ("key in capitals", 5, "Bad1"),
    ],
)
def test_a_broken_entry_is_reported_with_its_line_and_key(name: str, line: int, key: str) -> None:
    problem = only_problem(GOOD[0] + BROKEN[name] + GOOD[1])
    assert (problem.line, problem.key) == (line, key)


def test_a_broken_entry_takes_none_on_the_same_line_down() -> None:
    found = read("@misc{bad1, title={x, year={2001}} @misc{b1, title={y}}\n@misc{c1, title={z}}\n")
    assert keys(found) == ["b1", "c1"]
    assert [(problem.key, problem.line) for problem in found.problems] == [("bad1", 1)]


@pytest.mark.parametrize("rest", [",\n  year = {2001}\n}\n", "\n}\n", ",\n  note = {a {nested} one}\n}\n"])
def test_a_brace_too_many_is_an_error_because_fields_after_it_would_be_lost(rest: str) -> None:
    found = read(GOOD[0] + "@misc{bad1,\n  title = {x}}" + rest + GOOD[1], "here.bib")
    assert {"good1", "good2"} <= set(keys(found))
    assert [problem.severity for problem in found.problems] == ["error"]
    assert 5 <= found.problems[0].line <= 8


def test_a_duplicate_key_is_reported_and_the_first_kept() -> None:
    text = "@misc{a1,\n  title = {First}\n}\n\n@misc{a1,\n  title = {Second}\n}\n@misc{b1,\n  title = {Third}\n}\n"
    found = read(text, "here.bib")
    assert [entry.fields["title"] for entry in found.entries] == ["First", "Third"]
    problem = only_problem(text)
    assert (problem.line, problem.key, problem.severity) == (5, "a1", "error")
    assert "line 1" in problem.message


def test_each_duplicate_key_is_reported() -> None:
    found = read(GOOD[0] * 3)
    assert keys(found) == ["good1"]
    assert [problem.line for problem in found.problems] == [5, 9]


def test_keys_that_differ_in_case_are_not_both_read() -> None:
    found = read(GOOD[0] + GOOD[0].replace("good1", "GOOD1"))
    assert keys(found) == ["good1"]
    assert [problem.line for problem in found.problems] == [5]


def test_a_duplicate_field_is_reported_at_its_second_line_and_the_first_kept() -> None:
    text = "@misc{a1,\n  title = {First},\n  year = {2001},\n  Title = {Second}\n}\n"
    assert read(text).entries[0].fields == {"title": "First", "year": "2001"}
    problem = only_problem(text)
    assert (problem.line, problem.key) == (4, "a1")
    assert "title" in problem.message


@pytest.mark.parametrize(
    "comment",
    [
        "@comment{ @article{hidden1,  title = {x} } }\n",
        "@comment{\n@article{hidden1,\n  title = {x}\n}\n}\n",
        "@Comment{\n  @article{hidden1,\n    title = {x}\n  }\n}\n",
        "@comment{see @article{hidden1, title = {x}}\n  and more}\n",
    ],
    ids=["one line", "at the margin", "indented", "with text"],
)
def test_an_entry_in_a_comment_is_not_read_but_reported(comment: str) -> None:
    text = GOOD[0] + comment + GOOD[1]
    assert keys(read(text)) == ["good1", "good2"]
    problem = only_problem(text)
    assert problem.severity == "warning"
    assert "@comment" in problem.message
    assert 5 <= problem.line <= 6


@pytest.mark.parametrize(
    "comment",
    [
        "@comment{jabref-entrytype: Finding: req[study;policy] opt[relation]}\n",
        "@comment{jabref-meta: databaseType:bibtex;}\n",
        "@comment{ }\n",
        "@comment this is no block\n",
        "@comment{never closed\n",
        "Free text, with someone@example.org in it.\n",
        "% @ percent sign\n",
        "@\n",
        "@misc\n",
        "\n\n",
    ],
)
def test_other_comments_do_no_harm(comment: str) -> None:
    found = read(comment + GOOD[0] + comment + GOOD[1] + comment)
    assert keys(found) == ["good1", "good2"]
    assert [problem for problem in found.problems if problem.severity == "error"] == []
    assert [entry.fields["title"] for entry in found.entries] == ["Good", "Good too"]


def test_abbreviations_are_resolved_and_joined() -> None:
    text = (
        '@string{jrs = "Journal of Results"}\n@STRING(more = {on Trust})\n@misc{a1,\n  journal = jrs # " " # more\n}\n'
    )
    assert one(text) == {"journal": "Journal of Results on Trust"}


@pytest.mark.parametrize("written", ["jrs", "JRS", "Jrs"])
def test_abbreviations_know_no_case(written: str) -> None:
    assert one(f'@string{{Jrs = "Journal"}}\n@misc{{a1, journal = {written}}}\n') == {"journal": "Journal"}


def test_an_abbreviation_may_use_an_earlier_one() -> None:
    assert one('@string{a = "A"}\n@string{b = a # "B"}\n@misc{x1, note = b}\n') == {"note": "AB"}


def test_the_name_of_a_month_is_an_abbreviation() -> None:
    assert one("@misc{a1, month = jan}\n") == {"month": "January"}


def test_an_abbreviation_may_be_defined_anew() -> None:
    found = read('@string{a = "old"}\n@misc{x1, note = a}\n@string{a = "new"}\n@misc{x2, note = a}\n')
    assert [entry.fields["note"] for entry in found.entries] == ["old", "new"]


def test_an_undefined_abbreviation_is_an_error_and_not_a_silent_gap() -> None:
    text = "@misc{a1,\n  title = {x},\n  journal = foo\n}\n" + GOOD[0]
    assert keys(read(text)) == ["a1", "good1"]
    problem = only_problem(text)
    assert (problem.line, problem.key, problem.severity) == (3, "a1", "error")
    assert "foo" in problem.message


def test_a_broken_abbreviation_takes_nothing_down() -> None:
    for broken in ("@string{x = }\n", '@string{x = "open}\n', "@string{x\n", "@string{}\n", '@string{x = y # "a"}\n'):
        found = read(GOOD[0] + broken + GOOD[1], "here.bib")
        assert keys(found) == ["good1", "good2"]
        assert [problem.line for problem in found.problems] == [5]


@pytest.mark.parametrize("parent_first", [True, False])
def test_a_cross_reference_is_resolved_in_either_order(parent_first: bool) -> None:
    parent = "@book{p1,\n  title = {Parent},\n  publisher = {Press},\n  year = {2000},\n  editor = {Ed, E}\n}\n"
    child = "@incollection{c1,\n  title = {Child},\n  year = {2001},\n  crossref = {p1}\n}\n"
    found = read(parent + child if parent_first else child + parent)
    assert found.problems == []
    fields = next(entry.fields for entry in found.entries if entry.key == "c1")
    assert fields["title"] == "Child"
    assert fields["booktitle"] == "Parent"
    assert fields["publisher"] == "Press"
    assert fields["year"] == "2001"
    assert fields["editor"] == "Ed, E"


def test_the_own_booktitle_wins_over_the_title_of_the_parent() -> None:
    found = read("@incollection{c1, title={C}, booktitle={Own}, crossref={p1}}\n@book{p1, title={Parent}}\n")
    assert found.entries[0].fields["booktitle"] == "Own"


def test_the_parent_itself_stays_as_it_is() -> None:
    found = read("@incollection{c1, title={C}, crossref={p1}}\n@book{p1, title={Parent}}\n")
    assert found.entries[1].fields == {"title": "Parent"}


def test_a_missing_parent_is_reported_at_the_field() -> None:
    problem = only_problem("@incollection{c1,\n  title = {C},\n  crossref = {p1}\n}\n")
    assert (problem.line, problem.key) == (3, "c1")
    assert "p1" in problem.message


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["bare", "BOM"])
def test_line_endings_and_a_byte_order_mark_change_nothing(ending: str, mark: str) -> None:
    text = GOOD[0] + "\n" + BROKEN["comma missing"] + "\n" + GOOD[1]
    found = read(mark + text.replace("\n", ending), "here.bib")
    expected = read(text, "here.bib")
    assert [(e.key, dict(e.fields), e.line("year")) for e in found.entries] == [
        (e.key, dict(e.fields), e.line("year")) for e in expected.entries
    ]
    assert found.problems == expected.problems
    assert expected.problems[0].line == 8


def test_a_field_is_found_on_its_own_line_and_not_where_a_value_names_it() -> None:
    text = "@misc{a1,\n  note = {see, year = 2000,\n  title = {x}},\n  year = {2001},\n  title = {y}\n}\n"
    entry = read(text).entries[0]
    assert [entry.line("note"), entry.line("year"), entry.line("title")] == [2, 4, 5]


def test_fields_on_one_line_have_the_same_line() -> None:
    entry = read("\n\n@misc{a1, title = {x}, year = {2001}}\n").entries[0]
    assert [entry.line(), entry.line("title"), entry.line("year"), entry.line("nowhere")] == [3, 3, 3, 3]


def test_a_problem_of_an_entry_carries_file_line_and_key() -> None:
    entry = read("\n@misc{a1,\n  title = {x}\n}\n", "here.bib").entries[0]
    assert entry.problem("What.", "Do.", "title") == Problem("error", "here.bib", 3, "a1", "What.", "Do.")
    assert entry.problem("What.", "Do.", warning=True) == Problem("warning", "here.bib", 2, "a1", "What.", "Do.")


def test_round_brackets_may_hold_an_entry() -> None:
    found = read("@misc(a1,\n  title = {One (1)},\n  year = 2001\n)\n" + GOOD[0])
    assert found.problems == []
    assert dict(found.entries[0].fields) == {"title": "One (1)", "year": "2001"}
    assert keys(found) == ["a1", "good1"]


def test_a_closing_round_bracket_between_quotation_marks_ends_nothing() -> None:
    assert one('@misc(a1,\n  title = "One (1) of two"\n)\n') == {"title": "One (1) of two"}


def test_the_key_of_a_broken_entry_in_round_brackets_is_read_after_the_bracket() -> None:
    problem = only_problem("@misc(a1,\n  title = {One, two}\n  year = {2001}\n)\n" + GOOD[0])
    assert (problem.key, problem.line) == ("a1", 3)


def test_unknown_fields_are_kept() -> None:
    assert one("@misc{a1, title = {x}, x-own.field_1 = {kept}}\n")["x-own.field_1"] == "kept"


def test_control_characters_do_not_stop_the_reading() -> None:
    assert one("@misc{a1, title = {x\x1b[31m\x00y}}\n")["title"] == "x\x1b[31m\x00y"


def test_percent_signs_and_at_signs_in_values_do_no_harm() -> None:
    assert one("@misc{a1, title = {50\\% @home, a@b.org}}\n")["title"] == "50\\% @home, a@b.org"


def test_blocks_cover_the_text_with_their_lines() -> None:
    text = "\n".join(("junk", "@string{a = {b}}", "", "@misc{a1,", "  title = {x}", "} @misc{b1, title = {y}}", ""))
    blocks = list(scan(text))
    assert [(block.kind, block.key, block.line, block.closed) for block in blocks] == [
        ("string", "", 2, True),
        ("misc", "a1", 4, True),
        ("misc", "b1", 6, True),
    ]
    assert all(block.text in text for block in blocks)


def test_many_entries_are_read_in_a_moment() -> None:
    found = read("".join(f"@misc{{k{number},\n  title = {{Title {number}}}\n}}\n" for number in range(2000)))
    assert len(found.entries) == 2000
    assert found.entries[-1].line() == 3 * 1999 + 1
    assert found.problems == []


@settings(max_examples=100, deadline=None)
@given(any_text)
def test_nothing_makes_the_reader_raise(text: str) -> None:
    found = read(text, "here.bib")
    last = text.count("\n") + text.count("\r") + 1
    assert len({entry.key.casefold() for entry in found.entries}) == len(found.entries)
    for problem in found.problems:
        assert problem.file == "here.bib"
        assert 1 <= problem.line <= last
        assert problem.message
        assert problem.remedy


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.sampled_from([*BROKEN.values()]), max_size=4), st.lists(st.sampled_from([*BROKEN.values()]), max_size=4)
)
def test_good_entries_survive_any_broken_neighbours(before: list[str], after: list[str]) -> None:
    assert keys(read("".join([*before, GOOD[0], *after, GOOD[1], *before]))) == ["good1", "good2"]
