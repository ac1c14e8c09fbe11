"""The command evidence: data apart from narration, all its filters, and the files that it writes."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from tests.kb.running import is_one_plain_sentence

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kb.running import Line


def test_evidence_prints_data_alone_and_narrates_apart(line: Line) -> None:
    done = line("evidence", "--format", "csv")
    rows = list(csv.reader(io.StringIO(done.out)))
    assert done.code == 0
    assert [len(row) for row in rows] == [27] * 6
    assert done.err.startswith("5 findings of 2 studies; circle shown: core (use of MIPEX: seen 1, believed 1).")


@pytest.mark.parametrize("form", ["table", "tsv", "json", "md", "bibtex"])
def test_narration_never_mixes_with_data(form: str, line: Line) -> None:
    done = line("evidence", "anti-discrimination", "--format", form)
    assert done.code == 0
    assert done.out
    assert done.err == "2 findings of 2 studies; circle shown: core (use of MIPEX: seen 1, believed 1).\n"
    assert form == "md" or "circle shown" not in done.out


def test_evidence_takes_all_its_filters(line: Line) -> None:
    words = (
        "evidence anti-discrimination --outcome generalised-trust --population immigrants --direction positive "
        "--appraisal favourable --role direct --design cross-sectional --measure mipex:2007 --source-level fulltext "
        "--country AT --since 2001 --until 2001 --search trust --exact --format json"
    )
    done = line(*words.split())
    assert [row["finding"] for row in json.loads(done.out)] == ["alpha2001trust-1"]


def test_options_may_be_repeated(line: Line) -> None:
    done = line("evidence", "--direction", "mixed", "--direction", "null", "--format", "json")
    assert [row["direction"] for row in json.loads(done.out)] == ["null", "mixed"]


def test_an_empty_answer_is_no_mistake(line: Line) -> None:
    done = line("evidence", "family-reunion", "--format", "csv")
    assert (done.code, done.out.count("\n")) == (0, 1)


@pytest.mark.parametrize(
    ("name", "start"),
    [("x.csv", b"finding,"), ("x.tsv", b"finding\t"), ("x.json", b"[\n"), ("x.md", b"| Policy"), ("x.bib", b"@"),
     ("X.XLSX", b"PK")],
)  # fmt: skip
def test_the_ending_of_the_file_says_the_format(name: str, start: bytes, line: Line, tmp_path: Path) -> None:
    done = line("evidence", "-o", str(tmp_path / name))
    assert (done.code, done.out) == (0, "")
    assert (tmp_path / name).read_bytes().startswith(start)
    assert str(tmp_path / name) in done.err


def test_an_ending_that_names_no_format_is_refused(line: Line, tmp_path: Path) -> None:
    done = line("evidence", "-o", str(tmp_path / "x.doc"))
    assert done.code == 2
    assert is_one_plain_sentence(done.err)
    assert list(tmp_path.iterdir()) == []


def test_a_format_wins_over_the_ending(line: Line, tmp_path: Path) -> None:
    assert line("evidence", "-o", str(tmp_path / "x.doc"), "--format", "csv").code == 0
    assert (tmp_path / "x.doc").read_bytes().startswith(b"finding,")


def test_a_file_is_not_replaced_without_force(line: Line, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("mine", "utf-8")
    done = line("evidence", "-o", str(tmp_path / "x.csv"))
    assert done.code == 1
    assert "--force" in done.err
    assert (tmp_path / "x.csv").read_text("utf-8") == "mine"
    assert line("evidence", "-o", str(tmp_path / "x.csv"), "--force").code == 0
    assert (tmp_path / "x.csv").read_text("utf-8").startswith("finding,")
