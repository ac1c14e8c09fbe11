"""Loading a new store: everything arrives, in pieces too, and what goes wrong in the second thread is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

import kb.loader
from kb.loader import Loader, with_union

if TYPE_CHECKING:
    from pathlib import Path

_PLACE = "https://example.org/"


def _graph(name: str, count: int) -> list[ox.Quad]:
    graph, predicate = ox.NamedNode(_PLACE + name), ox.NamedNode(_PLACE + "p")
    return [ox.Quad(ox.NamedNode(_PLACE + "s"), predicate, ox.Literal(f"{n} \\ \n é"), graph) for n in range(count)]


@pytest.mark.parametrize(("piece", "threaded"), [(1, True), (7, True), (10_000, True), (7, False)])
def test_every_quad_and_its_triple_arrive_in_pieces_or_at_once(
    piece: int, threaded: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kb.loader, "_PIECE", piece)
    graphs = [_graph(name, count) for name, count in (("a", 5), ("b", 20), ("c", 0))]
    loader = Loader(tmp_path / "store", threaded=threaded)
    for quads in graphs:
        loader.add(quads)
    loader.close()
    stored = set(ox.Store.read_only(str(tmp_path / "store")))
    assert stored == {quad for quads in graphs for quad in with_union(quads)}
    assert len(stored) == 25 + 20


@pytest.mark.parametrize("threaded", [True, False])
def test_nothing_given_leaves_an_empty_store(threaded: bool, tmp_path: Path) -> None:
    Loader(tmp_path / "store", threaded=threaded).close()
    assert len(ox.Store.read_only(str(tmp_path / "store"))) == 0


@pytest.mark.parametrize("threaded", [True, False])
def test_a_store_that_cannot_be_opened_is_told_at_the_end_and_nothing_hangs(
    threaded: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kb.loader, "_PIECE", 1)
    (tmp_path / "store").write_text("a file, no folder", "utf-8")
    loader = Loader(tmp_path / "store", threaded=threaded)
    for _ in range(20):
        loader.add(_graph("a", 3))
    with pytest.raises(OSError, match="store"):
        loader.close()
