"""What changed since the last check: values, entries and files, and never the way in which they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.intake.changes import changes_since_last_check

if TYPE_CHECKING:
    from pathlib import Path

    from kb.collection import Collection

_JABREF = """% Encoding: UTF-8

@Article{{alpha2001trust,
{fields}
}}
"""


def study(collection: Collection) -> Path:
    return collection.studies[0] / "alpha2001trust.bib"


def told(collection: Collection) -> list[str]:
    return [line.partition(": ")[2] for line in changes_since_last_check(collection).lines]


def test_the_first_check_has_nothing_to_compare_with(copy_of_toy: Collection) -> None:
    assert changes_since_last_check(copy_of_toy) == ("", ())
    second = changes_since_last_check(copy_of_toy)
    assert second.lines == ()
    assert second.when


def test_a_changed_value_is_told_once_with_both_values(copy_of_toy: Collection) -> None:
    changes_since_last_check(copy_of_toy)
    text = study(copy_of_toy).read_text("utf-8")
    study(copy_of_toy).write_text(text.replace("{2001}", "{2002}", 1), "utf-8")
    assert told(copy_of_toy) == ["alpha2001trust: year: 2001 -> 2002"]
    assert told(copy_of_toy) == []


def test_a_field_that_came_or_went_is_told(copy_of_toy: Collection) -> None:
    changes_since_last_check(copy_of_toy)
    text = study(copy_of_toy).read_text("utf-8")
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("  volume")]
    study(copy_of_toy).write_text("".join(lines).replace("  year ", "  language      = {en},\n  year ", 1), "utf-8")
    found = told(copy_of_toy)
    assert "alpha2001trust: language: (empty) -> en" in found
    assert all("volume" in line or "language" in line for line in found)


def test_order_alignment_and_line_ends_of_another_program_are_no_change(copy_of_toy: Collection) -> None:
    changes_since_last_check(copy_of_toy)
    head, _, rest = study(copy_of_toy).read_text("utf-8").partition("\n}\n")
    fields = [line.strip().rstrip(",") for line in head.splitlines()[1:]]
    turned = _JABREF.format(fields=",\n".join(f"\t{field}" for field in reversed(fields)))
    meta = "\n@Comment{jabref-meta: databaseType:bibtex;}\n"
    study(copy_of_toy).write_bytes((turned + rest + meta).replace("\n", "\r\n").encode())
    assert told(copy_of_toy) == []


def test_entries_and_files_that_came_or_went_are_told(copy_of_toy: Collection) -> None:
    changes_since_last_check(copy_of_toy)
    (copy_of_toy.studies[0] / "gamma2003index.bib").unlink()
    (copy_of_toy.studies[0] / "new2020study.bib").write_text("@misc{new2020study, title = {New}}", "utf-8")
    text = study(copy_of_toy).read_text("utf-8")
    study(copy_of_toy).write_text(text.replace("@finding{alpha2001trust-3,", "@finding{alpha2001trust-4,"), "utf-8")
    assert told(copy_of_toy) == [
        "alpha2001trust-3 is gone.",
        "alpha2001trust-4 is new.",
        "the file is gone.",
        "the file is new.",
    ]


def test_a_spoilt_record_of_the_last_check_counts_as_none(copy_of_toy: Collection) -> None:
    changes_since_last_check(copy_of_toy)
    (copy_of_toy.cache() / "checked.json").write_text("{", "utf-8")
    assert changes_since_last_check(copy_of_toy) == ("", ())
