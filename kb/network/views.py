"""A network as plain rows: nodes with their measures, ties with what makes them. No networkx is needed to read it."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

#: Kind of network -> what it shows.
KINDS = {
    "data": "studies that share data",
    "authors": "authors who wrote a study together",
    "topics": "policies and outcomes that a study relates",
    "policies": "policies that are related to the same outcome",
    "outcomes": "outcomes that are related to the same policy",
    "questions": "studies that relate the same policy to the same outcome",
}
#: The kinds whose nodes are concepts.
CONCEPTS = ("topics", "policies", "outcomes")
#: Kind of network -> what its ties weigh.
WEIGHTS = {
    "data": "data sources in common",
    "authors": "joint studies, each divided by its number of authors less one (Newman)",
    "topics": "studies that relate the two",
    "policies": "outcomes in common, each divided by its number of policies less one (Newman)",
    "outcomes": "policies in common, each divided by its number of outcomes less one (Newman)",
    "questions": "pairs of policy and outcome in common",
}


class Node(NamedTuple):
    """One node. ``kind`` is study, author, policy or outcome; ``studies`` are the keys of the studies behind it.

    ``links`` counts its neighbours, ``strength`` sums the weights of its ties, ``bridging`` is its betweenness from 0
    to 1. ``cluster`` and ``component`` are numbered from 1, the largest first; a node without ties has 0 in both.
    """

    key: str
    label: str
    kind: str
    studies: tuple[str, ...]
    links: int
    strength: float
    bridging: float
    cluster: int
    component: int

    @property
    def name(self) -> str:
        """The label without a title: who and when for a study."""
        return self.label.partition(": ")[0] if self.kind == "study" else self.label


class Tie(NamedTuple):
    """One tie, undirected; ``why`` holds what makes it: shared data, keys of studies, concepts or pairs of them."""

    one: str
    other: str
    weight: float
    why: tuple[str, ...]


class Network:
    """Nodes sorted by key, ties sorted by their ends. ``estimated`` says that bridging was estimated from a sample."""

    def __init__(self, kind: str, nodes: list[Node], ties: list[Tie], *, estimated: bool = False) -> None:
        self.kind = kind
        self.nodes = nodes
        self.ties = ties
        self.estimated = estimated

    @cached_property
    def by_key(self) -> dict[str, Node]:
        """The nodes by key."""
        return {node.key: node for node in self.nodes}

    @cached_property
    def _ties_of(self) -> dict[str, list[Tie]]:
        found: dict[str, list[Tie]] = {node.key: [] for node in self.nodes}
        for tie in self.ties:
            found[tie.one].append(tie)
            found[tie.other].append(tie._replace(one=tie.other, other=tie.one))
        return found

    def ties_of(self, key: str) -> list[Tie]:
        """Return the ties of a node, seen from it (it is ``one``), the heaviest first."""
        return sorted(self._ties_of.get(key, []), key=lambda tie: (-tie.weight, tie.other))

    def ranking(self, measure: str = "links") -> list[Node]:
        """Return the nodes in order: most ``links``, most ``bridging``, or by ``cluster``, or by ``label``."""
        if measure == "label":
            return sorted(self.nodes, key=lambda node: (node.label.casefold(), node.key))
        if measure == "cluster":
            return sorted(self.nodes, key=lambda node: (not node.cluster, node.cluster, -node.links, node.key))
        if measure == "bridging":
            return sorted(self.nodes, key=lambda node: (-node.bridging, -node.links, node.key))
        return sorted(self.nodes, key=lambda node: (-node.links, -node.strength, node.key))

    def bridges(self, most: int = 5) -> list[Node]:
        """Return the nodes that bridge most; none that bridges nothing."""
        return [node for node in self.ranking("bridging")[:most] if node.bridging]

    @cached_property
    def clusters(self) -> dict[int, list[Node]]:
        """The nodes of each cluster by its number, most links first; nodes without ties are in none."""
        found: dict[int, list[Node]] = {}
        for node in self.ranking("cluster"):
            if node.cluster:
                found.setdefault(node.cluster, []).append(node)
        return found

    @property
    def components(self) -> int:
        """The number of components of more than one node."""
        return max((node.component for node in self.nodes), default=0)

    def summary(self) -> str:
        """Return one sentence on its size, components first."""
        from kb.text import counted

        alone = sum(not node.links for node in self.nodes)
        return (
            f"{KINDS[self.kind].capitalize()}: {counted(len(self.nodes), 'node')}, {counted(len(self.ties), 'tie')}, "
            f"{counted(self.components, 'component')} and {alone} without ties, "
            f"{counted(len(self.clusters), 'cluster')}."
        )

    def note(self) -> str:
        """Return what every ranking must say."""
        from kb.text import counted

        studies = counted(
            len({study for node in self.nodes for study in node.studies}), "chosen study", "chosen studies"
        )
        text = f"Ranks describe the {studies} of this collection, not the field."
        return text + (" Bridging is estimated from a sample of nodes." if self.estimated else "")
