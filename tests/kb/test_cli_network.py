"""The command ``network`` on the toy collection: its kinds, filters, formats and mistakes."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import networkx as nx
import pytest

from kb.network.views import KINDS
from tests.kb.running import is_one_plain_sentence

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kb.running import Line


def nodes(text: str) -> set[str]:
    return {row["node"] for row in csv.DictReader(io.StringIO(text))}


def test_without_more_it_shows_who_shares_data(line: Line) -> None:
    run = line("network")
    assert run.code == 0
    assert run.out.startswith("Studies that share data: 3 nodes, 1 tie, 1 component and 1 without ties")
    assert "Ranks describe the 3 chosen studies of this collection, not the field." in run.out
    assert run.err == "1 evidence base; 1 study of unknown data.\n"


def test_circles_choose_the_studies(line: Line) -> None:
    core = nodes(line("network", "--format", "csv").out)
    everything = nodes(line("network", "--format", "csv", "--circle", "all").out)
    reform = nodes(line("network", "--format", "csv", "--circle", "reform").out)
    assert core | reform < everything
    assert core & reform == set()
    assert nodes(line("network", "--format", "csv", "--circle", "core", "--circle", "reform").out) == core | reform


def test_a_policy_chooses_studies_and_their_findings(line: Line) -> None:
    everything = json.loads(line("network", "topics", "--format", "json", "--circle", "all").out)
    chosen = json.loads(
        line("network", "topics", "--format", "json", "--circle", "all", "--policy", "anti-discrim").out
    )
    policies = [node["key"] for node in chosen["nodes"] if node["kind"] == "policy"]
    assert policies == ["policy:anti-discrimination"]
    assert len(chosen["nodes"]) < len(everything["nodes"])


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_comes_in_each_format(line: Line, kind: str, tmp_path: Path) -> None:
    for ending in ("csv", "json", "graphml", "gexf", "svg"):
        path = tmp_path / f"{kind}.{ending}"
        run = line("network", kind, "-o", str(path))
        assert run.code == 0, run.err
        assert run.out == ""
        assert "not the field" in run.err
        assert path.stat().st_size > 30
    read = nx.read_graphml(tmp_path / f"{kind}.graphml")
    assert set(read) == set(nx.read_gexf(tmp_path / f"{kind}.gexf"))
    assert set(read) == nodes((tmp_path / f"{kind}.csv").read_text("utf-8"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["network", "friends"], "There is no network 'friends'"),
        (["network", "--circle", "outer"], "There is no circle 'outer'"),
        (["network", "--policy", "zzzz"], "There is no policy called 'zzzz'"),
    ],
)
def test_what_does_not_exist_is_said_in_one_sentence(line: Line, words: list[str], said: str) -> None:
    run = line(*words)
    assert run.code == 2
    assert run.out == ""
    assert said in run.err
    assert is_one_plain_sentence(run.err)


def test_a_file_is_not_replaced_unasked(line: Line, tmp_path: Path) -> None:
    path = tmp_path / "net.svg"
    path.write_text("mine", "utf-8")
    assert line("network", "-o", str(path)).code == 1
    assert path.read_text("utf-8") == "mine"
    assert line("network", "-o", str(path), "--force").code == 0
    assert path.read_text("utf-8").startswith("<?xml")
