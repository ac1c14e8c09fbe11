"""The first page: what there is, with the number of concepts and mappings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.namespaces import BASE
from kb.ontology_pages.markup import join, link, table, tag
from kb.ontology_pages.page import page, words

if TYPE_CHECKING:
    from kb.ontology_pages.ontology import Ontology
    from kb.ontology_pages.rules import Rule

_MATCHES = ("skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch")


def index_page(ontology: Ontology, rules: list[Rule]) -> str:
    """Return the page."""
    said = words()["index"]
    rows: list[list[str]] = []
    for scheme in sorted(ontology.schemes, key=lambda name: (name.startswith("mipex-"), name)):
        node = f"{BASE}scheme/{scheme}"
        number = str(len(ontology.concepts(scheme)))
        rows.append([link(f"{scheme}.html", ontology.label(node)), number, ontology.text(node, "skos:definition")])
    content = [
        tag("p", said["intro"]),
        tag("h2", said["terms"]),
        tag("p", link("evidence.html", words()["terms"]["title"]), ": ",
            said["terms_text"].format(number=len(ontology.terms))),
        tag("h2", said["rules"]),
        tag("p", link("shapes.html", words()["rules"]["title"]), ": ", said["rules_text"].format(number=len(rules))),
        tag("h2", said["schemes"]),
        table(said["caption"], said["heads"], rows),
        tag("p", _mapped(ontology)),
        tag("p", said["files"]),
    ]  # fmt: skip
    return page(said["title"], join(*content, by="\n"), home=True)


def _mapped(ontology: Ontology) -> str:
    """Return how much is mapped to which vocabularies, and how many outcomes are not."""
    found = {
        concept: sum(other in ontology.outside for name in _MATCHES for other in ontology.texts(concept, name))
        for scheme in ontology.schemes
        for concept in ontology.concepts(scheme)
    }
    outcomes = [c for c in ontology.concepts("outcomes") if ontology.text(c, "ev:level") == "outcome"]
    names = [
        words()["vocabularies"].get(name, name) for name in sorted({name for name, _ in ontology.outside.values()})
    ]
    return str(
        words()["index"]["mapped"].format(
            concepts=sum(map(bool, found.values())), number=sum(found.values()), vocabularies=", ".join(names),
            outcomes=sum(not found[outcome] for outcome in outcomes), all=len(outcomes),
        )
    )  # fmt: skip
