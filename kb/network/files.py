"""A network as a file: GraphML and GEXF for Gephi, which read back, CSV, JSON and plain tables."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from kb.network.views import WEIGHTS
from kb.text import clean_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import networkx as nx

    from kb.network.layout import Place
    from kb.network.views import Network, Node


FORMATS = ("table", "csv", "json", "graphml", "gexf", "svg")
HEADER = ("node", "label", "kind", "cluster", "component", "links", "strength", "bridging", "studies")
_SIDE = 1000  # of the square in which Gephi finds the nodes
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DAY = re.compile(rb' lastmodifieddate="[^"]*"')


def render_network(form: str, network: Network) -> str | bytes:
    """Return a network in one of ``FORMATS``."""
    if form == "csv":
        from kb.export import to_csv

        return to_csv(HEADER, node_rows(network))
    if form == "json":
        return to_json(network)
    if form == "table":
        return to_table(network)
    from kb.network.layout import layout

    places = layout(network)
    if form == "svg":
        from kb.network.svg import to_svg

        return to_svg(network, places)
    return to_graphml(network, places) if form == "graphml" else to_gexf(network, places)


def node_rows(network: Network, nodes: Sequence[Node] | None = None) -> list[tuple[str, ...]]:
    """Return the nodes as rows of texts under ``HEADER``, those with most links first unless given otherwise."""
    return [
        (
            clean_text(node.key), clean_text(node.label), node.kind, str(node.cluster or ""), str(node.component or ""),
            str(node.links), f"{node.strength:g}", f"{node.bridging:g}", "; ".join(node.studies),
        )
        for node in (network.ranking() if nodes is None else nodes)
    ]  # fmt: skip


def to_table(network: Network) -> str:
    """Return the nodes as a plain table, with the summary above and what it may not be read as below."""
    from kb.terminal import table_text

    rows = [(*row[3:8], row[1]) for row in node_rows(network)]
    table = table_text((*HEADER[3:8], "label"), rows)
    bridges = "; ".join(f"{node.name} ({node.bridging:g})" for node in network.bridges())
    told = f"Bridges between others, most first: {clean_text(bridges)}.\n" if bridges else ""
    return f"{network.summary()}\n\n{table}\n{told}{network.note()}\n"


def to_json(network: Network) -> str:
    """Return nodes, ties and clusters as JSON, with what the weights mean."""
    import json

    content = {
        "network": network.kind,
        "summary": network.summary(),
        "note": network.note(),
        "weight": WEIGHTS[network.kind],
        "nodes": [node._asdict() for node in network.ranking()],
        "ties": [tie._asdict() for tie in network.ties],
        "clusters": {str(number): [node.key for node in nodes] for number, nodes in network.clusters.items()},
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def to_graphml(network: Network, places: dict[str, Place]) -> bytes:
    """Return the network as GraphML with the places of a picture as ``x`` and ``y``."""
    import networkx as nx

    out = io.BytesIO()
    nx.write_graphml_xml(_plain_graph(network, places, viz=False), out, encoding="utf-8", prettyprint=True)
    return out.getvalue().rstrip(b"\n") + b"\n"


def to_gexf(network: Network, places: dict[str, Place]) -> bytes:
    """Return the network as GEXF with the places of a picture; without a date, so that it is always the same."""
    import networkx as nx

    out = io.BytesIO()
    nx.write_gexf(_plain_graph(network, places, viz=True), out, encoding="utf-8", prettyprint=True, version="1.2draft")
    told = f"<description>{escape(xml_text(f'{network.summary()} {network.note()}'))}</description>".encode()
    text = _DAY.sub(b"", out.getvalue()).replace(b' name=""', b"", 1)  # the schema of GEXF gives a graph no name
    return text.replace(b"</creator>\n", b"</creator>\n    " + told + b"\n", 1).rstrip(b"\n") + b"\n"


def xml_text(text: str) -> str:
    """Return a text as XML can hold it: safe, on one line, without characters that XML forbids."""
    return _NOT_XML.sub("", clean_text(text))


def _plain_graph(network: Network, places: dict[str, Place], *, viz: bool) -> nx.Graph:
    """Return a networkx graph whose attributes are texts and numbers, none missing."""
    import networkx as nx

    graph: nx.Graph = nx.Graph(name=xml_text(network.summary()), note=network.note(), weight=WEIGHTS[network.kind])
    if viz:
        graph = nx.Graph()  # the writer of GEXF takes no attributes of the graph but its mode
    for node in network.nodes:
        x, y = places.get(node.key, (0.0, 0.0))
        x, y = round(x * _SIDE, 2), round((1 - y) * _SIDE, 2)
        where = {"viz": {"position": {"x": x, "y": y, "z": 0.0}}} if viz else {"x": x, "y": y}
        graph.add_node(
            xml_text(node.key), label=xml_text(node.label), kind=node.kind, studies=xml_text("; ".join(node.studies)),
            links=node.links, strength=node.strength, bridging=node.bridging, cluster=node.cluster,
            component=node.component, **where,
        )  # fmt: skip
    for tie in network.ties:
        graph.add_edge(xml_text(tie.one), xml_text(tie.other), weight=tie.weight, why=xml_text("; ".join(tie.why)))
    return graph
