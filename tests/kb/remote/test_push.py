"""A push sends what changed and nothing else, may break off anywhere, and leaves what is not ours alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kb.errors import EndpointError, UsageError
from kb.namespaces import BASE
from kb.remote.address import Address
from kb.remote.endpoint import Endpoint
from kb.remote.graphs import MANIFEST, OURS, PENDING, UNION, State
from kb.remote.push import Push, Pushed
from tests.kb.remote.memory import MemoryReader, quads
from tests.kb.remote.stub import Fragile
from tests.servers import oxigraph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.store import Reader

BEFORE = """
    studies/alpha study/alpha title Alpha
    studies/alpha person/doe name Doe, Jane
    studies/beta study/beta title Beta "quoted" \\ and \u00e4
    studies/beta person/doe name Doe, Jane
    studies/gamma study/gamma title Gamma
    studies/gamma person/roe name Roe, Jo
    ontology/policies policy/health label Health
"""
AFTER = BEFORE.replace("title Alpha", "title Omega").replace("studies/gamma study/gamma title Gamma\n", "")
AFTER = AFTER.replace("studies/gamma person/roe name Roe, Jo\n", "") + "studies/delta study/delta title Delta\n"
ALL = "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?s ?p ?o"


@pytest.fixture(scope="module")
def server() -> Iterator[Fragile]:
    with oxigraph() as url, Fragile(url).running() as found:
        yield found


@pytest.fixture
def store(server: Fragile) -> Fragile:
    """Return the server with nothing in it."""
    server.left = -1
    server.update("DROP ALL")
    server.updates()
    return server


def state(text: str, version: str = "000000000001") -> MemoryReader:
    return MemoryReader(quads(text), version)


def push(reader: Reader, server: Fragile, *, prune: bool = False, most: int = 4000) -> Pushed:
    with Push(reader, Address(server.url)) as pushing:
        return pushing.run(pushing.plan(prune=prune), lambda done, total, name: None, most)


def there(server: Fragile) -> dict[str, set[tuple[str, ...]]]:
    """Return what stands in each graph of ours, but for the manifest."""
    found: dict[str, set[tuple[str, ...]]] = {}
    with Endpoint(Address(server.url), State(pushed=False, version="")) as endpoint:
        for graph, *triple in endpoint.solutions(ALL).rows:
            assert isinstance(graph, ox.NamedNode)
            if graph.value.startswith(OURS) and graph.value != MANIFEST:
                found.setdefault(graph.value, set()).add(tuple(map(str, triple)))
    return found


def expected(reader: MemoryReader) -> dict[str, set[tuple[str, ...]]]:
    found = {
        node.value: {tuple(map(str, quad.triple)) for quad in reader.quads(graph=node)} for node in reader.graphs()
    }
    return {**found, UNION: set().union(*found.values())}


def left_by(server: Fragile) -> tuple[State, dict[str, list[str]]]:
    with Endpoint(Address(server.url)) as endpoint:
        return endpoint.state(), endpoint.entries()


def test_the_first_push_sends_everything_once(store: Fragile) -> None:
    reader = state(BEFORE)
    done = push(reader, store)
    assert [change.kind for change in done.changes] == ["add"] * 4
    assert there(store) == expected(reader)
    known, digests = left_by(store)
    assert known == State(pushed=True, version="000000000001")
    assert sorted(digests) == [node.value for node in reader.graphs()]
    assert all([len(digest) for digest in values] == [32] for values in digests.values())
    assert store.updates() == done.requests == 1


def test_nothing_new_sends_nothing(store: Fragile) -> None:
    push(state(BEFORE), store)
    store.updates()
    done = push(state(BEFORE), store)
    assert (done.changes, done.unchanged, store.updates()) == ([], 4, 0)


def test_a_change_sends_its_graph_alone(store: Fragile) -> None:
    push(state(BEFORE), store)
    store.updates()
    reader = state(BEFORE.replace("title Alpha", "title Omega"), "000000000002")
    done = push(reader, store)
    assert [(change.kind, change.name) for change in done.changes] == [("replace", "studies/alpha")]
    assert store.updates() == 1
    assert there(store) == expected(reader)
    assert left_by(store)[0].version == "000000000002"


def test_the_union_loses_what_no_graph_states_and_keeps_what_another_does(store: Fragile) -> None:
    push(state(BEFORE), store)
    reader = state(AFTER)
    done = push(reader, store)
    kinds = {change.name: change.kind for change in done.changes}
    assert kinds == {"studies/alpha": "replace", "studies/delta": "add", "studies/gamma": "remove"}
    found = there(store)
    assert found == expected(reader)
    assert not any("roe" in subject for subject, *_ in found[UNION])
    assert any("doe" in subject for subject, *_ in found[UNION])


def test_a_new_version_of_the_same_triples_sends_the_version_alone(store: Fragile) -> None:
    push(state(BEFORE), store)
    store.updates()
    done = push(state(BEFORE, "00000000000f"), store)
    assert (done.changes, store.updates()) == ([], 1)
    assert left_by(store)[0].version == "00000000000f"


@pytest.mark.parametrize("most", [3, 4000])
def test_a_push_that_breaks_off_anywhere_is_finished_by_the_next(store: Fragile, most: int) -> None:
    push(state(BEFORE), store)
    store.updates()
    push(state(AFTER), store, most=most)
    whole = store.updates()
    for number in range(whole):
        store.update("DROP ALL")
        push(state(BEFORE), store)
        store.left = number
        with pytest.raises(EndpointError, match="ended the connection"):
            push(state(AFTER, "000000000002"), store, most=most)
        known, digests = left_by(store)
        assert known == State(pushed=True, version="" if number else "000000000001")
        assert len(digests) >= 4
        store.left = -1
        push(state(AFTER, "000000000002"), store, most=most)
        assert there(store) == expected(state(AFTER)), number
        assert left_by(store)[0].version == "000000000002"
        assert sorted(left_by(store)[1]) == [node.value for node in state(AFTER).graphs()]
        assert [PENDING] not in left_by(store)[1].values()
        assert push(state(AFTER, "000000000002"), store).changes == []
    assert (whole == 1) == (most == 4000)


def test_graphs_that_are_not_ours_are_never_touched(store: Fragile) -> None:
    other = f"{BASE}graph-of-others"
    store.update(f'INSERT DATA {{ GRAPH <{other}> {{ <urn:a> <urn:b> "c" }} <urn:d> <urn:e> "f" }}')
    # A manifest that somebody tampered with.
    version = "http://www.w3.org/2002/07/owl#versionInfo"
    store.update(f'INSERT DATA {{ GRAPH <{MANIFEST}> {{ <{other}> <{version}> "0" . <urn:g> <{version}> "1" }} }}')
    push(state(BEFORE), store)
    push(state(AFTER), store)
    with Endpoint(Address(store.url), State(pushed=False, version="")) as endpoint:
        assert endpoint.truth(f'ASK {{ GRAPH <{other}> {{ <urn:a> <urn:b> "c" }} <urn:d> <urn:e> "f" }}')


def test_another_collection_is_not_overwritten_unasked(store: Fragile) -> None:
    push(state("\n".join(f"studies/s{number} study/s{number} title S" for number in range(20))), store)
    store.updates()
    with pytest.raises(UsageError, match=r"would remove 20 of the 20 graphs there.*add --prune"):
        push(state(BEFORE), store)
    assert store.updates() == 0
    push(state(BEFORE), store, prune=True)
    assert there(store) == expected(state(BEFORE))


def test_a_large_graph_goes_in_several_requests(store: Fragile) -> None:
    reader = state("\n".join(f"studies/large study/s{number} title S" for number in range(50)))
    done = push(reader, store, most=20)
    assert done.requests == store.updates() > 5
    assert there(store) == expected(reader)


def test_what_is_gone_entirely_leaves_an_empty_union(store: Fragile) -> None:
    push(state(BEFORE), store)
    push(state(""), store)
    assert there(store) == {}
    assert left_by(store) == (State(pushed=True, version="000000000001"), {})
