"""Fixtures: real servers that hold the bundled collection, each filled once in a run of the tests."""

from __future__ import annotations

import os
from contextlib import ExitStack
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox
import pytest

from kb.namespaces import graph_iri
from kb.remote.address import Address
from kb.remote.push import Push, Pushed
from kb.remote.reader import RemoteReader
from tests.kb.remote.memory import MemoryReader, quads
from tests.servers import shared, start_oxigraph, start_virtuoso

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kb.store import Reader
    from tests.servers import Started

#: A graph that an earlier state of the collection lacked, and one that had another triple then.
LACKED, OTHER = graph_iri("studies", "ziller2014societal"), graph_iri("studies", "migali2017determinants")
GONE = "studies/gone2001nowhere"


class Engine(NamedTuple):
    """A server that was filled with an earlier state of the bundled collection, and then with the present one."""

    name: str
    url: str
    changes: list[list[str]]
    requests: int


def push(reader: Reader, address: Address, *, most: int = 4000) -> Pushed:
    """Push all that differs, much or little."""
    with Push(reader, address) as pushing:
        return pushing.run(pushing.plan(prune=True), lambda done, total, name: None, most)


def earlier(reader: Reader) -> MemoryReader:
    """Return an earlier state: without one graph, with another triple in a second, and with a third that is gone."""
    found = [quad for node in reader.graphs() if node.value != LACKED for quad in reader.quads(graph=node)]
    stale = ox.NamedNode(OTHER)
    found += quads(f"{GONE} study/gone2001nowhere title Gone")
    return MemoryReader([*found, ox.Quad(stale, ox.NamedNode("urn:stale"), ox.Literal("stale"), stale)], "0" * 12)


@pytest.fixture(scope="session")
def engines(whole_reader: Reader, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Engine]]:
    """Return a function that gives a server by its name; it is filled when it is first asked for, and kept."""
    base = tmp_path_factory.getbasetemp()

    def start(name: str, folder: Path) -> Started:
        if name == "oxigraph":
            process, url = start_oxigraph()
            address = Address(url)
        else:
            process, url = start_virtuoso(folder / "server")
            address = Address(url, "dba", "dba")
        push(earlier(whole_reader), address)
        done = push(whole_reader, address)
        told = {"changes": [[change.kind, change.name] for change in done.changes], "requests": done.requests}
        return process, {"name": name, "url": url, **told}

    with ExitStack() as kept:

        @cache
        def engine(name: str) -> Engine:
            folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"engine-{name}"
            return Engine(**kept.enter_context(shared(folder, lambda: start(name, folder))))

        yield engine


@pytest.fixture(scope="session")
def readers() -> Iterator[Callable[[str], RemoteReader]]:
    """Return a function that gives a reader of an endpoint, which is kept."""
    with ExitStack() as kept:
        yield cache(lambda url: kept.enter_context(RemoteReader(Address(url))))


@pytest.fixture(scope="session", params=["oxigraph", pytest.param("virtuoso", marks=pytest.mark.needs("virtuoso-t"))])
def engine(request: pytest.FixtureRequest, engines: Callable[[str], Engine]) -> Engine:
    """Return a server other than the embedded store, with the bundled collection."""
    return engines(request.param)


@pytest.fixture(scope="session")
def remote(engine: Engine, readers: Callable[[str], RemoteReader]) -> RemoteReader:
    """Return a reader of the bundled collection on a server."""
    return readers(engine.url)
