"""One node of a network, or one cluster: its measures, and what it is tied to by what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.containers import VerticalScroll
from textual.widgets import Static

from kb.text import counted
from tui.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.app import ComposeResult

    from kb.network.views import Network, Node, Tie

_SHOWN = 100  # ties


class NodeDetail(VerticalScroll, can_focus=True):
    """What is known of the row under the cursor."""

    def compose(self) -> ComposeResult:
        """Hold one text."""
        yield Static(id="node-text", markup=False)

    def show(self, network: Network | None, nodes: Sequence[Node]) -> None:
        """Show a node; several nodes are a cluster; without any, say so."""
        if network is None or not nodes:
            text = Text("Nothing chosen.", "dim")
        else:
            text = Text("\n").join(_node(network, nodes[0]) if len(nodes) == 1 else _cluster(nodes))
        self.query_one("#node-text", Static).update(text)
        self.scroll_home(animate=False)


def _node(network: Network, node: Node) -> Iterator[Text]:
    yield plain(node.label, "bold")
    cluster = network.clusters.get(node.cluster, [])
    where = f"cluster {node.cluster} of {len(cluster)}, component {node.component}" if node.cluster else "no ties"
    studies = "" if node.kind == "study" else f", {counted(len(node.studies), 'study', 'studies')}"
    yield Text(
        f"{node.kind}{studies}; {where}; {counted(node.links, 'link')}, strength {node.strength:g}, "
        f"bridging {node.bridging:g}",
        "dim",
    )
    ties = network.ties_of(node.key)
    for tie in ties[:_SHOWN]:
        yield _tie(network, tie)
    if len(ties) > _SHOWN:
        yield Text(f"… and {len(ties) - _SHOWN} more", "dim")
    if node.kind != "study":
        yield plain("Studies: " + ", ".join(node.studies), "dim")


def _tie(network: Network, tie: Tie) -> Text:
    other = network.by_key[tie.other].label
    who, _, title = other.partition(": ")
    return Text.assemble("● ", plain(who if title else other), (" by ", "dim"), plain("; ".join(tie.why), "dim"))


def _cluster(nodes: Sequence[Node]) -> Iterator[Text]:
    studies = {study for node in nodes for study in node.studies}
    yield Text(f"Cluster {nodes[0].cluster}: {len(nodes)} nodes, {counted(len(studies), 'study', 'studies')}", "bold")
    yield Text("Clusters help to look around and prove nothing: another run may divide otherwise.", "dim")
    for node in nodes:
        yield Text.assemble("● ", plain(node.label), (f" ({counted(node.links, 'link')})", "dim"))
