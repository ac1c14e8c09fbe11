"""The measuring of large collections: what a line says, what a process took, and that the parts run."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from benchmarks import scale_parts
from benchmarks.collections import write_collection
from benchmarks.process_tree import run
from benchmarks.scale import Line
from kb.session import make_session
from tests.kb.building import age

if TYPE_CHECKING:
    from pathlib import Path

_CHILD = "x = b'x' * 60_000_000; import time; time.sleep(0.7)"
_PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_CHILD!r}])"


def test_a_line_holds_where_ours_or_the_ratio_is_within_its_bound() -> None:
    assert Line("x", 3.0).holds
    assert Line("x", 2.0, bound=2).holds
    assert not Line("x", 2.1, bound=2).holds
    assert Line("x", 3.0, 2.0, bound=1.5, bound_is_ratio=True).holds
    assert not Line("x", 3.1, 2.0, bound=1.5, bound_is_ratio=True).holds


def test_a_line_is_a_row_of_a_table() -> None:
    assert str(Line("x", 0.0312, 0.02, 1.5, 1.5, bound_is_ratio=True)) == (
        "| x | 31.2 ms | 20 ms | 1.5 s | 1.56 | 1.5 times: **DOES NOT HOLD** |"
    )
    assert str(Line("y", 1234.5, unit="MB", bound=4000)) == "| y | 1,234 MB |  |  |  | 4,000 MB: holds |"
    assert str(Line("z", 12_345, unit="")) == "| z | 12,345 |  |  |  |  |"


def test_what_a_process_starts_counts() -> None:
    found = run([sys.executable, "-c", _PARENT], dict(os.environ))
    assert found.memory > 60
    assert found.wall >= 0.7


def test_a_process_that_fails_is_told_with_its_last_words() -> None:
    with pytest.raises(RuntimeError, match="no such thing"):
        run([sys.executable, "-c", "import sys; sys.exit('no such thing')"], dict(os.environ))


def test_the_parts_measure_a_small_collection(tmp_path: Path) -> None:
    folder = tmp_path / "collection"
    write_collection(folder, 60)
    age(folder)
    make_session(scale_parts.collection(folder)).close()
    figures = scale_parts.session(folder)
    assert figures["findings"] > 60
    assert {len(figures["search"]), len(figures["slip"])} == {13, 2}
    assert scale_parts.evidence(folder)["rows"] <= scale_parts.FIRST
    assert scale_parts.bare_counts_and_search(folder)["count"] > 0
    assert scale_parts.freshness(folder)["fresh"]
    quads = scale_parts.dump(folder)["quads"]
    assert (folder / "graph.nq").read_bytes().count(b"\n") * 1.9 < quads
    assert scale_parts.bare_load(folder)["memory"] > 0
