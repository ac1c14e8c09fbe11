"""Loading a new store: everything arrives, in pieces too, and what goes wrong in the second thread is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

import kb.loader
from kb.loader import Loader

if TYPE_CHECKING:
    from pathlib import Path

_PLACE = "https://example.org/"


def _graph(name: str, count: int) -> list[ox.Quad]:
    graph, predicate = ox.NamedNode(_PLACE + name), ox.NamedNode(_PLACE + "p")
    return [ox.Quad(ox.NamedNode(_PLACE + "s"), predicate, ox.Literal(f"{n} \\ \n é"), graph) for n in range(count)]


def _text(quads: list[ox.Quad]) -> bytes:
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""


@pytest.mark.parametrize("piece", [1, 700, 1_000_000])
def test_every_quad_arrives_in_pieces_or_at_once(piece: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kb.loader, "_FIRST", piece)
    graphs = [_graph(name, count) for name, count in (("a", 5), ("b", 20), ("c", 0), ("d", 9))]
    with Loader(tmp_path / "store") as loader:
        for quads in graphs:
            loader.add(_text(quads))
    assert set(ox.Store.read_only(str(tmp_path / "store"))) == {quad for quads in graphs for quad in quads}


def test_pieces_grow_up_to_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kb.loader, "_FIRST", 1)
    monkeypatch.setattr(kb.loader, "_LARGEST", 4)
    handed: list[bytes | None] = []
    with Loader(tmp_path / "store") as loader:
        monkeypatch.setattr(loader._pieces, "put", handed.append)
        for _ in range(15):
            loader.add(b"\n")
        monkeypatch.undo()
    assert handed == [b"\n" * number for number in (1, 2, 4, 4, 4)]


def test_nothing_given_leaves_an_empty_store(tmp_path: Path) -> None:
    with Loader(tmp_path / "store"):
        pass
    assert len(ox.Store.read_only(str(tmp_path / "store"))) == 0


def test_a_store_that_cannot_be_opened_is_told_at_the_end_and_nothing_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kb.loader, "_FIRST", 1)
    (tmp_path / "store").write_text("a file, no folder", "utf-8")
    loader = Loader(tmp_path / "store").__enter__()
    for _ in range(20):
        loader.add(_text(_graph("a", 3)))
    with pytest.raises(OSError, match="store"):
        loader.__exit__(None)


def test_an_error_while_texts_are_given_leaves_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kb.loader, "_FIRST", 1)
    loader = Loader(tmp_path / "store").__enter__()
    for _ in range(20):
        loader.add(_text(_graph("a", 3)))
    loader.__exit__(RuntimeError)
    assert not loader._thread.is_alive()
