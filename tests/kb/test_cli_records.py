"""The commands that count: stats, agreement and flow, as text and as JSON, on the toy and on the bundled collection."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from kb.store import Reader
    from tests.kb.running import Line

RECORDS = ["--protocol", str(Path(__file__).parents[1] / "records")]
STATS = [
    "studies",
    "findings",
    "by_circle",
    "by_area",
    "by_outcome_group",
    "by_direction",
    "by_source_level",
    "by_year",
]


def test_stats_as_json_has_the_promised_keys(line: Line) -> None:
    done = line("stats", "--format", "json")
    found = json.loads(done.out)
    assert (done.code, done.err) == (0, "")
    assert set(found) >= {*STATS, "missing"}
    assert (found["studies"], found["findings"]) == (5, 7)
    assert found["by_circle"]["core"] == {"studies": 3, "findings": 5, "core_studies": 3, "core_findings": 5}
    assert set(found["missing"]) >= {"uncoded", "no_doi", "unconfirmed", "no_countries", "no_data_source"}


def test_stats_as_text_has_a_table_for_each_breakdown(line: Line) -> None:
    text = line("stats").out
    assert text.startswith("5 studies, 7 findings. Core circle: the use of MIPEX was seen on a page for\n2 studies")
    for title in ("Circle", "Policy area", "Outcome group", "Direction", "Source level", "Year", "What is missing"):
        assert f"\n\n{title} " in text, title


def test_agreement_as_json_has_kappa_for_each_variable_and_the_estimate(line: Line) -> None:
    found = json.loads(line("agreement", "--format", "json", *RECORDS).out)
    for name in ("policy", "outcome_group", "direction", "role"):
        assert set(found[name]) == {"n", "raw", "kappa", "low", "high"}
        assert found[name]["n"] == 2
    assert found["second_coding"]["studies"] == 2
    assert found["completeness"]["routes"]["both"] == 1
    assert len(found["completeness"]["assumptions"]) == 3


def test_agreement_as_text_names_cases_and_assumptions(line: Line) -> None:
    text = line("agreement", *RECORDS).out
    assert "2 studies, 4 results; 2 of them coded by both" in text
    assert "Cohen's kappa" in text
    assert text.count("\n- ") == 3


def test_flow_shows_every_step_and_with_searches_every_look_up(line: Line) -> None:
    text = line("flow", *RECORDS).out
    steps = {line[:24].strip(): line[24:].strip() for line in text.splitlines()}
    assert (steps["records found"], steps["- left out, thesis"], steps["studies included"]) == ("9", "1", "5")
    assert "Searches" not in text
    assert "citations of May" in line("flow", "--searches", *RECORDS).out
    assert json.loads(line("flow", "--format", "json", *RECORDS).out)["duplicates"] == 2


def test_missing_records_are_told_in_one_sentence(line: Line, tmp_path: Path) -> None:
    done = line("flow", "--protocol", str(tmp_path))
    assert done.code == 2
    assert "routes.csv" in done.err
    assert "--protocol" in done.err


@pytest.mark.parametrize("command", ["stats", "agreement", "flow"])
def test_each_runs_on_the_bundled_collection(command: str, line: Line, whole_reader: Reader) -> None:
    assert whole_reader
    done = line(command, toy=False)
    assert (done.code, done.err) == (0, "")
    assert len(done.out.splitlines()) > 20
