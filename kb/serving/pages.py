"""Pages of things for people: plain HTML without script, from templates that escape whatever they are given."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from kb.namespaces import BASE, PREFIXES
from kb.serving.media_types import ENDINGS, HTML
from kb.serving.things import label, members
from kb.sparql_text import short_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Environment

    from kb.serving.things import Thing

_KIND = PREFIXES["rdf"] + "type"
#: What is listed at an address that ends in a slash -> its class and its name.
LISTS = {
    "study": (PREFIXES["ev"] + "Study", "Studies"),
    "finding": (PREFIXES["ev"] + "Finding", "Findings"),
    "person": (PREFIXES["foaf"] + "Person", "People"),
    "scheme": (PREFIXES["skos"] + "ConceptScheme", "Schemes"),
}
_PAGE = 200


class Link(NamedTuple):
    """A value as a page shows it; without ``href`` it is text alone. ``note`` is its language or kind of number."""

    text: str
    href: str = ""
    note: str = ""

    @property
    def outside(self) -> bool:
        """Whether it leads to another server."""
        return self.href.startswith("http")


class Group(NamedTuple):
    """A property and its values."""

    name: Link
    values: list[Link]


def thing_page(store: ox.Store, thing: Thing, path: str) -> str:
    """Return the page of a thing."""
    called = label(store, thing.node)
    return _filled(
        "thing.html",
        title=called or short_name(thing.node.value),
        address=thing.node.value,
        groups=_groups(store, thing.said, lambda triple: triple.object),
        pointing=_groups(store, thing.pointing, lambda triple: triple.subject),
        more=thing.more,
        terms=[_section(store, thing, term) for term in thing.terms],
        content=[] if thing.terms else _subjects(store, thing.content),
        documents=[(ending[1:], f"/{path}{ending}") for ending, kind in ENDINGS.items() if kind != HTML],
    )


def list_page(store: ox.Store, kind: str, number: int) -> str:
    """Return a page of the list of all things of a kind, counted from 1."""
    address, title = LISTS[kind]
    nodes = members(store, address)
    shown = nodes[(number - 1) * _PAGE : number * _PAGE]
    return _filled(
        "list.html", title=title, total=len(nodes), kind=kind, number=number, pages=-(-len(nodes) // _PAGE),
        first=(number - 1) * _PAGE + 1, links=[link(store, node) for node in shown],
    )  # fmt: skip


def index_page(store: ox.Store) -> str:
    """Return the first page."""
    counts = [(title, f"/{kind}/", len(members(store, address))) for kind, (address, title) in LISTS.items()]
    schemes = [link(store, node) for node in members(store, LISTS["scheme"][0])]
    return _filled("index.html", title="Evidence on migrant integration policies", counts=counts, schemes=schemes)


def make_ready() -> None:
    """Read all templates."""
    for name in _templates().list_templates():
        _templates().get_template(name)


def link(store: ox.Store, term: object) -> Link:
    """Return a term as a page shows it."""
    if isinstance(term, ox.Literal):
        kind = term.datatype.value
        note = term.language or ("" if kind == PREFIXES["xsd"] + "string" else short_name(kind).partition(":")[2])
        return Link(term.value, note=note or "")
    if not isinstance(term, ox.NamedNode):
        return Link(str(term))
    if term.value.startswith(BASE):
        return Link(label(store, term) or short_name(term.value), "/" + term.value.removeprefix(BASE))
    called = short_name(term.value)
    return Link(called, term.value) if term.value.startswith(("https://", "http://")) else Link(called)


def _section(store: ox.Store, thing: Thing, term: ox.NamedNode) -> tuple[str, list[Group], str]:
    """Return the name of a term of a vocabulary, what is said of it, and its place on the page."""
    said = [triple for triple in thing.content if triple.subject == term]
    return link(store, term).text, _groups(store, said, lambda triple: triple.object), term.value.partition("#")[2]


def _subjects(store: ox.Store, triples: list[ox.Triple]) -> list[Link]:
    found = {triple.subject for triple in triples if isinstance(triple.subject, ox.NamedNode)}
    return [link(store, node) for node in sorted(found, key=str)]


def _groups(store: ox.Store, triples: list[ox.Triple], other: Callable[[ox.Triple], object]) -> list[Group]:
    """Return statements by property, the kind first."""

    def place(triple: ox.Triple) -> tuple[bool, str]:
        return triple.predicate.value != _KIND, triple.predicate.value

    found = []
    for (_, address), each in groupby(sorted(triples, key=place), place):
        values = sorted(link(store, other(triple)) for triple in each)
        name = link(store, ox.NamedNode(address))
        found.append(Group(name._replace(text="kind") if address == _KIND else name, values))
    return found


def _filled(name: str, **parts: object) -> str:
    return _templates().get_template(name).render(**parts)


@cache
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folder = Path(__file__).parent / "pages"
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
