"""The command ``map`` on the toy collection: its dimensions, filters, formats and mistakes."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from tests.kb.running import CONTROL, is_one_plain_sentence, process

if TYPE_CHECKING:
    from pathlib import Path

    from kb.collection import Collection
    from tests.kb.running import Line


def cells(text: str) -> dict[tuple[str, str], int]:
    """Return the studies of the cells that have any."""
    rows = csv.DictReader(io.StringIO(text))
    return {(row["down"], row["across"]): int(row["studies"]) for row in rows if row["studies"] != "0"}


def test_without_more_it_shows_outcome_groups_by_policy_areas(line: Line) -> None:
    run = line("map")
    assert run.code == 0
    assert run.out.startswith("Outcome group")
    assert max(map(len, run.out.splitlines())) <= 80
    assert "Trust and contact between people" in run.out
    assert "Labo = Labour market mobility" in run.out
    assert "▲ positive  ▼ negative" in run.out
    assert run.err.startswith("5 findings, 2 studies, 1 evidence base, ")
    assert run.err.count("\n") == 1
    assert "how much was studied and which way it points, not how strong or how sure that is" in run.err


CORE = {
    ("social-cohesion", "anti-discrimination"): 2, ("anti-immigrant-attitudes", "overall"): 1,
    ("employment", "labour-market-mobility"): 1, ("health", "health"): 1,
}  # fmt: skip


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ([], CORE),
        (["--circle", "core"], CORE),
        (["--measure", "reform"], {("citizenship", "access-to-nationality"): 1}),
        (["--policy", "anti-discrim"], {("social-cohesion", "anti-discrimination"): 2}),
        (["--policy", "labour market mobility"], {("employment", "labour-market-mobility"): 1}),
        (["--outcome", "trust and contact between people"], {("social-cohesion", "anti-discrimination"): 2}),
        (["--direction", "null", "--direction", "mixed"],
         {("employment", "labour-market-mobility"): 1, ("health", "health"): 1}),
        (["--role", "moderator"], {("social-cohesion", "anti-discrimination"): 1}),
        (["--design", "observational", "--since", "2010"],
         {("social-cohesion", "anti-discrimination"): 1, ("health", "health"): 1}),
        (["--until", "1999"], {}),
        (["--since", "2002", "--until", "2004"], {}),
        (["--since", "2001", "--until", "2011", "--population", "majority"],
         {("anti-immigrant-attitudes", "overall"): 1}),
        (["--country", "Belgium", "--appraisal", "favourable"],
         {("social-cohesion", "anti-discrimination"): 1, ("anti-immigrant-attitudes", "overall"): 1}),
        (["--data", "evs"], {("social-cohesion", "anti-discrimination"): 1, ("health", "health"): 1}),
        (["--source-level", "fulltext"], {("social-cohesion", "anti-discrimination"): 1}),
        (["--search", "perceived threat"], {("anti-immigrant-attitudes", "overall"): 1}),
    ],
)  # fmt: skip
def test_filters_choose_the_findings(line: Line, words: list[str], found: dict[tuple[str, str], int]) -> None:
    run = line("map", "--format", "csv", *words)
    assert run.code == 0, run.err
    assert cells(run.out) == found


def test_circles_are_mixed_only_when_asked(line: Line) -> None:
    everything = cells(line("map", "--format", "csv", "--circle", "all").out)
    assert set(everything) == {
        *CORE,
        ("citizenship", "access-to-nationality"),
        ("identity-and-belonging", "overall"),
    }


@pytest.mark.parametrize("name", ["policy", "population", "country", "year", "design", "circle", "data"])
def test_each_dimension_can_be_down_and_across(line: Line, name: str) -> None:
    down = json.loads(line("map", "--format", "json", "--down", name, "--across", "outcome").out)
    across = json.loads(line("map", "--format", "json", "--across", name, "--down", "outcome").out)
    assert down["down"] == across["across"]
    assert down["all"] == across["all"]


def test_each_format_can_be_written(line: Line, tmp_path: Path) -> None:
    starts = {
        "csv": b"down,down_label,across", "tsv": b"down\tdown_label", "json": b"{", "xlsx": b"PK", "md": b"|",
        "txt": b"Outcome group",
    }  # fmt: skip
    for ending, start in starts.items():
        path = tmp_path / f"map.{ending}"
        run = line("map", "-o", str(path))
        assert (run.code, run.out) == (0, ""), run.err
        assert path.read_bytes().startswith(start), ending
    assert "2: ▲1 m1" in (tmp_path / "map.md").read_text("utf-8")


def test_the_list_reads_as_sentences(line: Line) -> None:
    run = line("map", "--format", "list", "--policy", "health", "--circle", "all")
    assert run.out.splitlines()[0] == "Gap map: outcome groups by policy areas."
    assert "Physical health and mortality × Health: 1 study (1 finding" in run.out
    assert "\nGaps:\nNo study on any of these outcome groups: Employment;" in run.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--down", "actor"], "There is no dimension 'actor'"),
        (["--down", "policy"], "Both dimensions are 'policy'"),
        (["--circle", "outer"], "There is no circle 'outer'"),
        (["--policy", "zzzz"], "There is no policy called 'zzzz'"),
        (["--country", "atlantis"], "There is no country called 'atlantis'"),
        (["--since", "last"], "'last' is no year"),
        (["-o", "map.doc"], "names no format"),
    ],
)
def test_what_does_not_exist_is_said_in_one_sentence(line: Line, words: list[str], said: str) -> None:
    run = line("map", *words)
    assert (run.code, run.out) == (2, "")
    assert said in run.err
    assert is_one_plain_sentence(run.err)


def test_a_file_is_not_replaced_unasked(line: Line, tmp_path: Path) -> None:
    path = tmp_path / "map.csv"
    path.write_text("mine", "utf-8")
    assert line("map", "-o", str(path)).code == 1
    assert path.read_text("utf-8") == "mine"
    assert line("map", "-o", str(path), "--force").code == 0


@pytest.mark.parametrize("form", ["table", "list", "csv", "json", "md"])
def test_a_hostile_collection_sends_nothing_to_the_terminal(hostile: Collection, form: str) -> None:
    run = process(["map", "--circle", "all", "--format", form, "--studies", str(hostile.studies[0])])
    assert run.returncode == 0, run.stderr
    assert not CONTROL.search(run.stdout.replace("\r\n", "\n") + run.stderr)
