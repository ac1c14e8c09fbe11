"""The media types of answers, in the order in which they are offered, and the format of the engine behind each."""

from __future__ import annotations

from kb.serving.negotiation import preferred

#: Media type -> format, for the answers to SELECT and ASK.
ROWS = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/xml": "xml",
}
#: Media type -> format, for graphs. A graph in Turtle is a TriG document as it stands.
GRAPHS = {
    "text/turtle": "ttl",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "jsonld",
    "application/trig": "ttl",
    "application/xml": "xml",
}
HTML = "text/html"
#: Ending of the address of a document -> media type.
ENDINGS = {
    ".html": HTML,
    ".ttl": "text/turtle",
    ".nt": "application/n-triples",
    ".rdf": "application/rdf+xml",
    ".jsonld": "application/ld+json",
    ".trig": "application/trig",
}
#: What ``format=`` in an address may be -> media type of rows, media type of graphs.
NAMED = {
    "json": ("application/sparql-results+json", "application/ld+json"),
    "xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "csv": ("text/csv", ""),
    "tsv": ("text/tab-separated-values", ""),
    "ttl": ("", "text/turtle"),
    "turtle": ("", "text/turtle"),
    "nt": ("", "application/n-triples"),
    "rdf": ("", "application/rdf+xml"),
    "jsonld": ("", "application/ld+json"),
    "json-ld": ("", "application/ld+json"),
    "trig": ("", "application/trig"),
}


def acceptable(accept: str, named: str = "") -> tuple[str, str]:
    """Return the media types in which rows and graphs are to be answered, each empty where none is acceptable.

    A format that is named in the address goes before the header; a name that means nothing is passed over.
    """
    if chosen := NAMED.get(named.lower()):
        return chosen
    return preferred(accept, list(ROWS)), preferred(accept, list(GRAPHS))


def with_charset(media_type: str) -> str:
    """Return a media type as a header gives it: texts say that they are UTF-8, CSV that it has a header."""
    more = "; header=present" if media_type == "text/csv" else ""
    return media_type + ("; charset=utf-8" if media_type.startswith("text/") else "") + more
