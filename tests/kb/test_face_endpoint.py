"""The face to Python on a collection behind a SPARQL server: the same answers as on the files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import kb
from kb.remote.address import Address
from kb.remote.push import Push
from tests.servers import oxigraph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.collection import Collection
    from kb.face import OpenCollection
    from kb.store import Reader


@pytest.fixture(scope="module")
def both(toy: Collection, toy_reader: Reader) -> Iterator[tuple[OpenCollection, OpenCollection]]:
    """Return the toy collection from its files, and from a server that was filled with it."""
    with oxigraph() as url:
        with Push(toy_reader, Address(url)) as push:
            push.run(push.plan(prune=True), lambda done, total, name: None)
        with kb.open(toy.studies[0]) as local, kb.open(toy.studies[0], endpoint=url) as remote:
            yield local, remote


def test_answers_are_the_same(both: tuple[OpenCollection, OpenCollection]) -> None:
    local, remote = both
    assert remote.version == local.version
    assert remote.findings(measure="all") == local.findings(measure="all")
    assert remote.findings(policy="anti-discrimination") == local.findings(policy="anti-discrimination")
    assert remote.studies() == local.studies()
    assert remote.query("counts") == local.query("counts")
    assert remote.bibtex("alpha2001trust") == local.bibtex("alpha2001trust")
    assert remote.synthesis("anti-discrimination", measure="all") == local.synthesis(
        "anti-discrimination", measure="all"
    )


def test_graphs_and_networks_are_the_same(both: tuple[OpenCollection, OpenCollection]) -> None:
    local, remote = both
    assert set(remote.graph().quads()) == set(local.graph().quads())
    assert remote.network("topics", circle="all").edges == local.network("topics", circle="all").edges
