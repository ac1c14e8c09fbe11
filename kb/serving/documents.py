"""The documents that a server gives beside the answers to queries: pages and RDF of things, lists, its description."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kb.namespaces import BASE, PREFIXES
from kb.query_worker import graph_text
from kb.serving.media_types import ENDINGS, GRAPHS, HTML
from kb.serving.pages import LISTS, index_page, list_page, thing_page
from kb.serving.refusals import Refusal
from kb.serving.things import MOST_POINTING, look_up

if TYPE_CHECKING:
    Answer = tuple[dict[str, Any], bytes]

_SERVICE = Path(__file__).parent / "descriptions" / "service.ttl"
_VOID = "http://rdfs.org/ns/void#"
_TRIPLES, _DATASET, _ENDPOINT = (ox.NamedNode(_VOID + name) for name in ("triples", "Dataset", "sparqlEndpoint"))
_KIND = ox.NamedNode(PREFIXES["rdf"] + "type")


def thing(store: ox.Store, request: dict[str, Any]) -> Answer:
    """Return the document on the thing with the ``path``, which may end in that of a format, else in ``type``.

    Raises:
        Refusal: nothing is known of it, or no format fits.
    """
    path, media_type = request["path"], request["type"]
    found = look_up(store, path)
    if found is None:
        ending = next((ending for ending in ENDINGS if path.endswith(ending)), "")
        path, media_type = path.removesuffix(ending), ENDINGS.get(ending, media_type)
        found = look_up(store, path) if ending else None
    if found is None:
        raise Refusal(404, f"There is nothing at {BASE}{path[:200]} in this collection.")
    ending = next((ending for ending, kind in ENDINGS.items() if kind == media_type), "")
    if not ending:
        raise Refusal(406, f"This can be had as {HTML}, {', '.join(GRAPHS)}. Accept one of them.")
    headers = {"Content-Location": f"/{path}{ending}", "Link": f'<{found.node.value}>; rel="describes"'}
    if found.more:
        headers["X-Left-Out"] = (
            f"More than {MOST_POINTING} statements point here; the others can be asked for by SPARQL."
        )
    if media_type == HTML:
        return {"type": HTML, "headers": headers}, thing_page(store, found, path).encode()
    return {"type": media_type, "headers": headers}, graph_text(found.triples(), GRAPHS[media_type])


def listing(store: ox.Store, request: dict[str, Any]) -> Answer:
    """Return the page with a ``number`` of the list of a ``kind``; an empty kind means the first page of the site.

    Raises:
        Refusal: there is no such list.
    """
    kind = request["kind"]
    if kind and kind not in LISTS:
        raise Refusal(404, f"There is no list of {kind[:100]}. There are: {', '.join(f'/{name}/' for name in LISTS)}.")
    page = list_page(store, kind, request["number"]) if kind else index_page(store)
    return {"type": HTML}, page.encode()


def service(store: ox.Store, request: dict[str, Any]) -> Answer:
    """Return the description of the endpoint at an ``address``.

    Raises:
        Refusal: the address is none.
    """
    triples = [quad.triple for quad in _read(_SERVICE.read_bytes(), request["address"])]
    union = ox.NamedNode(request["address"] + "#union")
    number = sum(1 for _ in store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    triples.append(ox.Triple(union, _TRIPLES, ox.Literal(number)))
    return {"type": request["type"]}, graph_text(triples, GRAPHS[request["type"]])


def collection(store: ox.Store, request: dict[str, Any]) -> Answer:
    """Return the description of the collection whose folders are ``studies`` and ``ontology``, by DCAT and VoID.

    ``address`` is that of the description, ``endpoint`` that of the queries.

    Raises:
        Refusal: the address is none.
    """
    from kb.collection import Collection
    from kb.publishing.facts import read_facts
    from kb.publishing.void_description import write_void
    from kb.session import Session
    from kb.store import open_store
    from kb.tables import make_tables

    described = Collection(tuple(map(Path, request["studies"])), Path(request["ontology"]))
    with open_store(described) as reader:
        session = Session(described, reader, make_tables(reader))
        out = io.BytesIO()
        write_void(session, read_facts(session), (), out)
    triples = [quad.triple for quad in _read(out.getvalue(), request["address"])]
    (dataset,) = {each.subject for each in triples if each.predicate == _KIND and each.object == _DATASET}
    try:
        triples.append(ox.Triple(dataset, _ENDPOINT, ox.NamedNode(request["endpoint"])))
    except ValueError:
        raise _no_address() from None
    return {"type": request["type"]}, graph_text(triples, GRAPHS[request["type"]])


def _read(turtle: bytes, address: str) -> list[ox.Quad]:
    try:
        return list(ox.parse(turtle, format=ox.RdfFormat.TURTLE, base_iri=address))
    except (SyntaxError, ValueError):
        raise _no_address() from None


def _no_address() -> Refusal:
    return Refusal(400, "The Host header of the request is no address.")


def size(store: ox.Store, request: dict[str, Any]) -> Answer:
    """Return nothing but that the store is open and how many quads it holds."""
    return {"type": "", "quads": len(store)}, b""
