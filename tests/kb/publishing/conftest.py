"""Fixtures of exports: the toy collection as a session, and a tiny store with one graph for golden files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.publishing.facts import Facts, read_facts
from kb.session import Session, make_session
from tests.kb.publishing.stores import Quads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.collection import Collection
    from kb.store import Reader


@pytest.fixture(scope="session")
def session(toy: Collection, toy_reader: Reader) -> Iterator[Session]:
    """Return the toy collection, opened."""
    opened = make_session(toy)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def facts(session: Session) -> Facts:
    """Return what is said of the toy collection."""
    return read_facts(session, title="Toy", licence="https://example.org/licence", creator="Nobody")


@pytest.fixture(scope="session")
def one_graph(toy_reader: Reader) -> Quads:
    """Return the graph of one toy study as a store of its own."""
    (graph,) = (graph for graph in toy_reader.graphs() if graph.value.endswith("/alpha2001trust"))
    return Quads(toy_reader.quads(graph=graph))
