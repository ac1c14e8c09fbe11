"""A collection into a store elsewhere, graph by graph: only what changed, and again from where a push broke off."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self

from kb.errors import UsageError
from kb.remote.changes import ADD, REMOVE, REPLACE, changes, graphs_of, removes_much, triples_of
from kb.remote.client import Client
from kb.remote.endpoint import Endpoint
from kb.remote.updates import begin, end, operations, requests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyoxigraph as ox

    from kb.remote.address import Address
    from kb.remote.changes import Change
    from kb.remote.updates import Operation
    from kb.store import Reader

#: Triples in one request, at most: Virtuoso refuses texts of more than some ten thousand lines.
BATCH = 4000


class Pushed(NamedTuple):
    """What a push did, or would do: the graphs that changed, how many did not, and the requests that changed them."""

    changes: list[Change]
    unchanged: int
    requests: int
    version: str

    def summary(self) -> str:
        """Return one sentence on what changed."""
        count = {kind: sum(change.kind == kind for change in self.changes) for kind in (ADD, REPLACE, REMOVE)}
        return (
            f"{count[ADD]} graphs added, {count[REPLACE]} replaced, {count[REMOVE]} removed, {self.unchanged} as they "
            f"were; version {self.version}."
        )


class Push:
    """One push of a collection to an endpoint."""

    def __init__(self, reader: Reader, address: Address, update: str = "") -> None:
        """``update`` is where updates go, where that is another address which cannot be guessed."""
        self._reader = reader
        self._version = reader.version()
        self._endpoint = Endpoint(address)
        self._address = address
        self._update = update
        self._graphs = graphs_of(reader)
        self._there: dict[str, list[str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connections."""
        self._endpoint.close()

    def plan(self, *, prune: bool = False) -> Pushed:
        """Return what would change, without changing it.

        Raises:
            EndpointError: the endpoint cannot be asked.
            UsageError: much would be removed, and ``prune`` does not say that this is meant.
        """
        self._there = self._endpoint.entries()
        found = changes(self._graphs, self._there)
        if not prune and removes_much(found, self._there):
            removed = sum(change.kind == REMOVE for change in found)
            raise UsageError(
                f"This would remove {removed} of the {len(self._there)} graphs there: another collection may have been "
                "pushed before. If that is meant, add --prune."
            )
        changed = sum(change.kind != REMOVE for change in found)
        return Pushed(found, len(self._graphs) - changed, 0, self._version)

    def run(self, plan: Pushed, progress: Callable[[int, int, str], None], most: int = BATCH) -> Pushed:
        """Do what was planned, and return it with the number of requests that changed something.

        Raises:
            EndpointError: the endpoint takes no updates, or breaks off; pushing again takes up where it did.
        """
        from kb.remote.address import update_url

        if not plan.changes and self._endpoint.state().version == self._version:
            return plan
        where = self._address.at(self._update or update_url(self._address.url, self._endpoint.server))
        sent = 0
        with Client(where) as client:
            for text in requests(self._all(plan.changes, progress, most), most):
                client.update(text)
                sent += 1
        return plan._replace(requests=sent)

    def _all(self, found: list[Change], progress: Callable[[int, int, str], None], most: int) -> Iterator[Operation]:
        yield from begin()
        done = 0
        for batch in _batches(found, most):
            triples = {change.graph: triples_of(self._reader, change.graph) for change in batch if change.size}
            yield from operations(batch, self._there, self._removed(batch), triples, most)
            done += len(batch)
            progress(done, len(found), batch[-1].name)
        yield from end(self._version)

    def _removed(self, batch: list[Change]) -> list[ox.Triple]:
        """Return what the changed graphs hold there and no graph holds here."""
        known = [change.graph for change in batch if change.graph in self._there]
        if not known:
            return []
        found = dict.fromkeys(triple for _, triple in self._endpoint.triples(known))
        return [triple for triple in found if not self._reader.states(triple)]


def _batches(found: list[Change], most: int) -> Iterator[list[Change]]:
    """Yield changes together that fit into a request; each triple stands in its graph and in the union."""
    batch: list[Change] = []
    size = 0
    for change in found:
        needs = 2 * change.size + 2
        if batch and size + needs > most:
            yield batch
            batch, size = [], 0
        batch.append(change)
        size += needs
    if batch:
        yield batch
