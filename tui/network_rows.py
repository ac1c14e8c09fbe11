"""The rows of the screen of networks: nodes and clusters, and their columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.text import plain_letters
from tui.widgets.network_picture import short_label
from tui.widgets.row_table import Column

if TYPE_CHECKING:
    from kb.network.views import Network, Node


class Entry(NamedTuple):
    """One row: a node, or a cluster of several."""

    key: str
    label: str
    nodes: tuple[Node, ...]

    @property
    def studies(self) -> tuple[str, ...]:
        """The studies behind it."""
        return tuple(sorted({study for node in self.nodes for study in node.studies}))


NODE_COLUMNS = (
    Column[Entry]("Name", lambda entry: entry.label, 0),
    Column[Entry]("Links", lambda entry: str(entry.nodes[0].links), 7, key=lambda entry: -entry.nodes[0].links),
    Column[Entry](
        "Cluster", lambda entry: str(entry.nodes[0].cluster or "–"), 9,
        key=lambda entry: (not entry.nodes[0].cluster, entry.nodes[0].cluster),
    ),
    Column[Entry](
        "Bridging", lambda entry: f"{entry.nodes[0].bridging:.3f}", 10, key=lambda entry: -entry.nodes[0].bridging
    ),
    Column[Entry](
        "Strength", lambda entry: f"{entry.nodes[0].strength:g}", 10, 90, key=lambda entry: -entry.nodes[0].strength
    ),
    Column[Entry]("Studies", lambda entry: str(len(entry.studies)), 9, 100, key=lambda entry: -len(entry.studies)),
)  # fmt: skip
CLUSTER_COLUMNS = (
    Column[Entry]("Cluster", lambda entry: entry.key, 9, key=lambda entry: int(entry.key)),
    Column[Entry]("Members", lambda entry: entry.label, 0),
    Column[Entry]("Nodes", lambda entry: str(len(entry.nodes)), 7, key=lambda entry: -len(entry.nodes)),
    Column[Entry]("Studies", lambda entry: str(len(entry.studies)), 9, key=lambda entry: -len(entry.studies)),
)


def entries(network: Network, search: str, *, clustered: bool) -> list[Entry]:
    """Return the nodes of a network, most links first, or its clusters, in which every word of the search stands."""
    found: list[Entry] = []
    if clustered:
        for number, nodes in network.clusters.items():
            members = ", ".join(short_label(node.label, 40) for node in nodes)
            found.append(Entry(str(number), members, tuple(nodes)))
    else:
        topics = network.kind == "topics"
        for node in network.ranking():
            found.append(Entry(node.key, f"{node.label} ({node.kind})" if topics else node.label, (node,)))
    words = plain_letters(search).split()
    return [entry for entry in found if all(word in _letters(entry) for word in words)] if words else found


def _letters(entry: Entry) -> str:
    return plain_letters(f"{entry.key} {' '.join(node.label for node in entry.nodes)}")
