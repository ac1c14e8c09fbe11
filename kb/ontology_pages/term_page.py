"""The page of the own terms: definition, domain, range, rules, and an example from the collection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.namespaces import BASE, EV
from kb.ontology_pages.markup import Html, facts, join, link, tag
from kb.ontology_pages.ontology import short
from kb.ontology_pages.page import page, words

if TYPE_CHECKING:
    from kb.ontology_pages.ontology import Ontology
    from kb.ontology_pages.rules import Rule
    from kb.ontology_pages.use import Use

RULES = "shapes.html"


def term_page(ontology: Ontology, use: Use, rules: list[Rule]) -> str:
    """Return the page."""
    said = words()["terms"]
    contents = tag("ul", *(tag("li", link(f"#{_name(term)}", ontology.label(term))) for term in ontology.terms))
    sections = [
        tag("section", tag("h2", title), *(_article(term, ontology, use, rules) for term in terms))
        for title, terms in _sections(ontology)
    ]
    nav = tag("nav", contents, class_="names", aria_label=said["contents"])
    intro = tag("p", said["intro"].format(base=BASE))
    return page(said["title"], join(intro, tag("section", tag("h2", said["contents"]), nav), *sections, by="\n"))


def _sections(ontology: Ontology) -> list[tuple[str, list[str]]]:
    """Return the classes, and then the properties of each domain."""
    said = words()["terms"]
    classes = [term for term in ontology.terms if _name(term)[:1].isupper()]
    properties = [term for term in ontology.terms if term not in classes]
    by_domain: dict[str, list[str]] = {}
    for term in properties:
        by_domain.setdefault(ontology.text(term, "rdfs:domain"), []).append(term)
    sections = [(said["classes"], classes)]
    for domain in sorted(by_domain, key=lambda domain: (domain == "", not domain.startswith(EV), domain)):
        title = said["properties"].format(name=ontology.label(domain)) if domain else said["other"]
        sections.append((title, by_domain[domain]))
    return sections


def _article(term: str, ontology: Ontology, use: Use, rules: list[Rule]) -> Html:
    said = words()["terms"]
    about = [rule for rule in rules if short(term) in (rule.about if _is_property(term) else rule.targets)]
    fields = sorted({rule.field for rule in about if rule.field}) if _is_property(term) else []
    kind = short(ontology.text(term, "rdf:type"))
    pairs = [
        (said["address"], tag("code", term)),
        (said["kind"], words()["kinds"].get(kind, kind)),
        (said["definition"], ontology.text(term, "skos:definition")),
        (said["domain"], _things(ontology.texts(term, "rdfs:domain"), ontology)),
        (said["range"], _things(ontology.texts(term, "rdfs:range"), ontology)),
        (said["above"], _things(
            ontology.texts(term, "rdfs:subClassOf") + ontology.texts(term, "rdfs:subPropertyOf"), ontology
        )),
        (said["field"], join(*(tag("code", field) for field in fields), by=", ")),
        (said["example"], ontology.text(term, "skos:example")),
        (said["used"], _used(term, ontology, use)),
        (said["rules"], _rules(about)),
    ]  # fmt: skip
    heading = tag("h3", ontology.label(term), " ", tag("small", tag("code", short(term))))
    return join("\n", tag("article", heading, facts(pairs), id=_name(term)))


def _used(term: str, ontology: Ontology, use: Use) -> Html:
    said = words()["terms"]
    if term not in use.statements:
        return join(said["unused"])
    number, subject, value = use.statements[term]
    if not value:
        return join(said["instance"].format(number=f"{number:,}", subject=subject))
    place = ontology.place(value) if value.startswith(BASE) else ""
    shown = link(place, short(value)) if place else tag("code", short(value))
    return join(said["statement"].format(number=f"{number:,}", subject=subject), " ", shown)


def _rules(rules: list[Rule]) -> Html:
    items = [tag("li", rule.message, " ", link(f"{RULES}#{rule.name}", rule.name)) for rule in rules]
    return tag("ul", *items) if items else Html("")


def _things(found: list[str], ontology: Ontology) -> Html:
    return join(
        *(link(f"#{_name(one)}", short(one)) if one.startswith(EV) else tag("code", short(one)) for one in found),
        by=", ",
    )


def _is_property(term: str) -> bool:
    return _name(term)[:1].islower()


def _name(term: str) -> str:
    return term.removeprefix(EV)
