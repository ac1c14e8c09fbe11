"""The page of one scheme: its concepts as a tree, and each with what is said of it and how often it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.namespaces import BASE
from kb.ontology_pages.markup import Html, facts, join, link, table, tag
from kb.ontology_pages.ontology import anchor
from kb.ontology_pages.page import page, words

if TYPE_CHECKING:
    from kb.ontology_pages.ontology import Ontology
    from kb.ontology_pages.use import Use


def scheme_page(scheme: str, ontology: Ontology, use: Use) -> str:
    """Return the page of a scheme."""
    said = words()["scheme"]
    node = f"{BASE}scheme/{scheme}"
    concepts, licence = ontology.concepts(scheme), ontology.text(node, "dcterms:license")
    about = facts([
        (said["definition"], ontology.text(node, "skos:definition")),
        (said["address"], tag("code", node)),
        (said["number"], str(len(concepts))),
        *((words()["texts"]["skos:note"], note) for note in ontology.texts(node, "skos:note")),
        (said["licence"], link(licence, licence) if licence else ""),
    ])  # fmt: skip
    flat = len(concepts) >= said["table_from"] and len(ontology.tops(scheme)) == len(concepts)
    content = [about, _table(concepts, ontology, use)] if flat else [about, *_parts(scheme, concepts, ontology, use)]
    return page(ontology.label(node), join(*content, *_collections(concepts, ontology), by="\n"))


def _parts(scheme: str, concepts: list[str], ontology: Ontology, use: Use) -> list[Html]:
    said = words()["scheme"]
    tree = tag("nav", _tree(ontology.tops(scheme), ontology), class_="tree", aria_label=said["tree"])
    articles = [_article(concept, ontology, use) for concept in concepts]
    return [
        tag("section", tag("h2", said["tree"]), tree),
        tag("section", tag("h2", said["concepts"]), "\n", join(*articles, by="\n")),
    ]


def _tree(concepts: list[str], ontology: Ontology) -> Html:
    items = []
    for concept in concepts:
        sign = words()["signs"].get(ontology.text(concept, "ev:valence"), "")
        mark = tag("small", f" ({sign})") if sign else Html("")
        below = ontology.below(concept)
        inner = _tree(below, ontology) if below else Html("")
        items.append(tag("li", link(f"#{anchor(concept)}", ontology.label(concept)), mark, inner))
    return tag("ul", *items)


def _article(concept: str, ontology: Ontology, use: Use) -> Html:
    said = words()["scheme"]
    notation = ontology.text(concept, "skos:notation")
    pairs: list[tuple[str, str]] = [(said["address"], tag("code", concept))]
    for name, title in words()["texts"].items():
        values = ontology.texts(concept, name)
        pairs += [(title, "; ".join(values))] if name == "skos:altLabel" else [(title, value) for value in values]
        if name == "ev:level":
            pairs.append((ontology.label(f"{BASE}evidence#valence").capitalize(), _valence(concept, ontology)))
    pairs += _matches(concept, ontology)
    pairs += [
        (said["broader"], _links(ontology.texts(concept, "skos:broader"), ontology)),
        (said["narrower"], _links(ontology.below(concept), ontology)),
        (said["used"], use.of(concept)),
    ]
    heading = tag("h3", ontology.label(concept), " ", tag("small", tag("code", notation)))
    return tag("article", heading, facts(pairs), id=anchor(concept))


def _valence(concept: str, ontology: Ontology) -> str:
    value = ontology.text(concept, "ev:valence")
    return str(words()["valence"].get(value, value))


def _matches(concept: str, ontology: Ontology) -> list[tuple[str, str]]:
    """Return what a concept is mapped to, and which concepts of this ontology are mapped to it."""
    found: dict[str, list[Html]] = {}
    for name, title in words()["matches"].items():
        found.setdefault(title, []).extend(_match(other, ontology) for other in ontology.texts(concept, name))
    for name, title in words()["matched"].items():
        found.setdefault(title, []).extend(_match(other, ontology) for other in ontology.subjects(name, concept))
    return [(title, join(*matches, by="; ")) for title, matches in found.items()]


def _match(other: str, ontology: Ontology) -> Html:
    """Return a link to what a concept is mapped to, with the vocabulary or scheme that it is in."""
    said = words()["vocabularies"]
    if other in ontology.outside:
        vocabulary, label = ontology.outside[other]
        return join(link(other, label), " ", said["in"].format(name=said.get(vocabulary, vocabulary)))
    if place := ontology.place(other):
        scheme = ontology.label(ontology.text(other, "skos:inScheme"))
        return join(link(place, ontology.label(other)), " ", said["in"].format(name=scheme))
    return link(other, other)


def _links(concepts: list[str], ontology: Ontology) -> Html:
    return join(*(link(f"#{anchor(concept)}", ontology.label(concept)) for concept in concepts), by="; ")


def _table(concepts: list[str], ontology: Ontology, use: Use) -> Html:
    said = words()["scheme"]
    rows = [
        [
            ontology.text(concept, "skos:notation"), ontology.label(concept),
            "; ".join(ontology.texts(concept, "skos:altLabel")), ontology.text(concept, "skos:definition"),
            "; ".join(ontology.texts(concept, "skos:note")), use.of(concept),
        ]
        for concept in concepts
    ]  # fmt: skip
    return table(said["table"], said["heads"], rows, [anchor(concept) for concept in concepts])


def _collections(concepts: list[str], ontology: Ontology) -> list[Html]:
    """Return the collections that hold concepts of a scheme; they are no concepts, but groups of them."""
    said = words()["scheme"]
    known = set(concepts)
    articles = []
    for collection in sorted({found for concept in concepts for found in ontology.subjects("skos:member", concept)}):
        members = [member for member in ontology.texts(collection, "skos:member") if member in known]
        pairs = [
            (said["address"], tag("code", collection)),
            *((title, value) for name, title in words()["texts"].items() for value in ontology.texts(collection, name)),
            (said["members"], _links(members, ontology)),
        ]
        articles.append(
            tag("article", tag("h3", ontology.label(collection)), facts(pairs), id=collection.removeprefix(BASE))
        )
    return [tag("section", tag("h2", said["collections"]), *articles)] if articles else []
