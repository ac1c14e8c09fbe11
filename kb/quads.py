"""Records to RDF: the quads of one file of studies, in its own named graph (see docs/graph.md)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kb.appraisal import appraise
from kb.errors import CollectionError
from kb.fields import BIBO_CLASSES
from kb.namespaces import (
    BASE,
    EV,
    PREFIXES,
    concept_iri,
    doi_iri,
    estimate_iri,
    finding_iri,
    graph_iri,
    slug,
    study_iri,
)
from kb.text import clean_text, has_unsafe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.model import Estimate, Finding, Person, Record, Study
    from kb.vocabulary import Vocabulary

_XSD = PREFIXES["xsd"]
_DECIMAL = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)\Z")


def record_quads(record: Record, stem: str, vocabulary: Vocabulary) -> list[ox.Quad]:
    """Return the quads of a record; ``stem`` is the name of its file without ending."""
    writer = _Writer(ox.NamedNode(graph_iri("studies", stem)), vocabulary)
    studies = {study.key: study for study in record.studies}
    for study in record.studies:
        writer.study(study)
    for finding in record.findings:
        writer.finding(finding, studies[finding.study])
    return writer.quads


def to_nquads(quads: Iterable[ox.Quad]) -> bytes:
    """Return the quads as N-Quads, sorted, without repetitions: the same quads give the same bytes."""
    return "".join(sorted({f"{quad} .\n" for quad in quads})).encode()


def turtle_quads(content: bytes, graph: str, name: str) -> list[ox.Quad]:
    """Return the triples of a Turtle file as quads of its named graph.

    Raises:
        CollectionError: it is no Turtle; the message names the file and place.
    """
    node = ox.NamedNode(graph)
    try:
        quads = [ox.Quad(q.subject, q.predicate, q.object, node) for q in ox.parse(content, ox.RdfFormat.TURTLE)]
        text = content.decode()
    except (SyntaxError, UnicodeDecodeError) as error:
        raise CollectionError(f"{name} cannot be read: {error}. Correct the Turtle there.") from None
    return [_clean(quad) for quad in quads] if has_unsafe(text) or "\\" in text else quads


def appraisal_of(finding: Finding, vocabulary: Vocabulary) -> str:
    """Return the appraisal of a finding: the coded one, else what follows from its direction and outcome."""
    if finding.appraisal:
        return finding.appraisal
    if finding.role != "direct":
        return "unclear"
    outcome = vocabulary.get("outcome", finding.outcome)
    return appraise(finding.direction, outcome.valence if outcome else None)


def measures_as_coded(measures: Iterable[str]) -> str:
    """Return measures as they stand in a file: ``mipex:2015; index:mcp``."""
    parts = (measure.partition("-") for measure in measures)
    return "; ".join(f"{kind}:{name}" if name else kind for kind, _, name in parts)


def _clean(quad: ox.Quad) -> ox.Quad:
    """Return a quad whose literal holds no control, invisible or direction-changing characters."""
    literal = quad.object
    if not isinstance(literal, ox.Literal) or not has_unsafe(literal.value):
        return quad
    text = clean_text(literal.value)
    plain = ox.Literal(text, language=literal.language) if literal.language else ox.Literal(text)
    return ox.Quad(quad.subject, quad.predicate, plain, quad.graph_name)


def _bibtex_names(people: Iterable[Person]) -> str:
    """Return organisations among the people as BibTeX needs them; empty where all are plain persons."""
    from kb.bibtex_writer import escape

    people = list(people)
    if all(person.given for person in people):
        return ""
    return " and ".join(escape(str(person)) if person.given else "{" + escape(person.family) + "}" for person in people)


class _Writer:
    def __init__(self, graph: ox.NamedNode, vocabulary: Vocabulary) -> None:
        self.quads: list[ox.Quad] = []
        self._graph = graph
        self._vocabulary = vocabulary

    def study(self, study: Study) -> None:
        """Add one study."""
        node = study_iri(study.key)
        self._types(node, EV + "Study", PREFIXES["bibo"] + BIBO_CLASSES.get(study.type, "Document"))
        self._text(node, "dcterms:identifier", study.key)
        self._text(node, "dcterms:title", study.title)
        self._typed(node, "dcterms:issued", str(study.year), "gYear")
        self._text(node, "ev:entryType", study.type)
        self._text(node, "ev:authors", "; ".join(map(str, study.authors)))
        self._text(node, "ev:editors", "; ".join(map(str, study.editors)))
        self._text(node, "ev:authorsAsCoded", _bibtex_names(study.authors))
        self._text(node, "ev:editorsAsCoded", _bibtex_names(study.editors))
        for person in study.authors:
            self._link(node, "dcterms:creator", self._person(person))
        for person in study.editors:
            self._link(node, "bibo:editor", self._person(person))
        if study.container:
            container = f"{BASE}container/{slug(study.container)}"
            self._link(node, "dcterms:isPartOf", container)
            self._text(node, "ev:containerAsCoded", study.container)
            self._types(container, PREFIXES["bibo"] + ("Journal" if study.type == "article" else "Collection"))
            self._text(container, "dcterms:title", study.container)
        self._text(node, "dcterms:publisher", study.publisher)
        self._text(node, "bibo:volume", study.volume)
        self._text(node, "bibo:issue", study.number)
        self._text(node, "bibo:pages", study.pages)
        self._text(node, "bibo:doi", study.doi)
        if study.doi:
            self._link(node, "foaf:page", doi_iri(study.doi))
        if study.url:
            self._link(node, "foaf:page", study.url)
        self._measures(node, study.measures)
        self._text(node, "ev:measureStatus", study.measure_status)
        for design in study.designs:
            self._link(node, "ev:design", concept_iri("design", design))
        self._text(node, "ev:designsAsCoded", "; ".join(study.designs))
        for use in study.data:
            use_node = f"{node}/data/{use.source}"
            self._link(node, "ev:dataUse", use_node)
            self._types(use_node, EV + "DataUse")
            self._link(use_node, "ev:dataSource", concept_iri("data", use.source))
            self._text(use_node, "ev:rounds", use.rounds)
        for country in study.countries:
            self._link(node, "ev:country", concept_iri("country", country))
        self._text(node, "ev:countriesAsCoded", "; ".join(study.countries))
        self._text(node, "ev:coverage", study.coverage)
        self._text(node, "ev:period", study.period)
        self._text(node, "ev:sampleSize", study.n)
        self._text(node, "ev:bibStatus", study.bib_status)
        self._sources(node, study.bib_sources)
        for name in study.unconfirmed:
            self._text(node, "ev:unconfirmedField", name)
        for key in study.includes:
            self._link(node, "ev:includes", study_iri(key))
        for key in study.related:
            self._link(node, "dcterms:relation", study_iri(key))
        self._text(node, "skos:note", study.note)
        self._others(node, study.other)

    def finding(self, finding: Finding, study: Study) -> None:
        """Add one finding of a study."""
        node = finding_iri(finding.key)
        self._types(node, EV + "Finding")
        self._text(node, "dcterms:identifier", finding.key)
        self._link(node, "ev:ofStudy", study_iri(finding.study))
        self._link(node, "ev:policy", concept_iri("policy", finding.policy))
        self._link(node, "ev:outcome", concept_iri("outcome", finding.outcome))
        for population in finding.populations:
            self._link(node, "ev:population", concept_iri("population", population))
        self._text(node, "ev:populationsAsCoded", "; ".join(finding.populations))
        self._link(node, "ev:role", concept_iri("role", finding.role))
        if finding.relation:
            self._link(node, "ev:relationFrom", self._end(finding.relation.start))
            self._link(node, "ev:relationTo", self._end(finding.relation.end))
            self._text(node, "ev:relation", str(finding.relation))
        self._link(node, "ev:direction", concept_iri("direction", finding.direction))
        self._link(node, "ev:appraisal", concept_iri("appraisal", appraisal_of(finding, self._vocabulary)))
        self._text(node, "ev:statement", finding.statement)
        self._measures(node, finding.measures or study.measures)
        if finding.estimate:
            self._link(node, "ev:estimate", estimate_iri(finding.key))
            self._estimate(estimate_iri(finding.key), finding.estimate)
        self._sources(node, finding.sources)
        self._link(
            node, "ev:sourceLevel", concept_iri("source-level", finding.source_level) if finding.source_level else ""
        )
        self._text(node, "ev:locator", finding.locator)
        self._act(node, "ev:coder", finding.coder, "ev:codedOn", finding.coded)
        self._act(node, "ev:verifier", finding.verifier, "ev:verifiedOn", finding.verified)
        self._text(node, "skos:note", finding.note)
        self._others(node, finding.other)

    def _estimate(self, node: str, estimate: Estimate) -> None:
        self._types(node, EV + "Estimate")
        self._text(node, "ev:value", estimate.value)
        self._text(node, "ev:standardError", estimate.se)
        self._text(node, "ev:pValue", estimate.p)
        self._text(node, "ev:observations", estimate.n)
        self._text(node, "ev:model", estimate.model)
        for name, printed in (("ev:numericValue", estimate.value), ("ev:numericStandardError", estimate.se)):
            number = printed.replace("−", "-").replace(" ", "")
            if _DECIMAL.match(number):
                self._typed(node, name, number, "decimal")

    def _measures(self, node: str, measures: tuple[str, ...]) -> None:
        for measure in measures:
            self._link(node, "ev:measure", concept_iri("measure", measure))
        self._text(node, "ev:measuresAsCoded", measures_as_coded(measures))
        if circle := self._vocabulary.circle(measures):
            self._link(node, "ev:circle", concept_iri("measure", circle))

    def _sources(self, node: str, sources: tuple[str, ...]) -> None:
        for source in sources:
            self._link(node, "dcterms:source", source)
        self._text(node, "ev:sourcesAsCoded", "; ".join(sources))

    def _act(self, node: str, by: str, who: str, on: str, when: str) -> None:
        if who:
            coder = f"{BASE}coder/{slug(who)}"
            self._link(node, by, coder)
            self._types(coder, PREFIXES["prov"] + "Agent")
        if when:
            self._typed(node, on, when, "date")

    def _others(self, node: str, others: tuple[tuple[str, str], ...]) -> None:
        for name, value in others:
            self._text(node, "ev:otherField", f"{name} = {value}")

    def _person(self, person: Person) -> str:
        node = f"{BASE}person/{slug(f'{person.family} {person.given}')}"
        self._types(node, PREFIXES["foaf"] + ("Person" if person.given else "Agent"))
        self._text(node, "foaf:name", str(person))
        return node

    def _end(self, notation: str) -> str:
        return concept_iri("outcome" if self._vocabulary.get("outcome", notation) else "factor", notation)

    def _types(self, node: str, *classes: str) -> None:
        for name in classes:
            self._add(node, "rdf:type", ox.NamedNode(name))

    def _link(self, node: str, predicate: str, target: str) -> None:
        if target:
            self._add(node, predicate, ox.NamedNode(target))

    def _text(self, node: str, predicate: str, value: str) -> None:
        if value:
            self._add(node, predicate, ox.Literal(value))

    def _typed(self, node: str, predicate: str, value: str, datatype: str) -> None:
        self._add(node, predicate, ox.Literal(value, datatype=ox.NamedNode(_XSD + datatype)))

    def _add(self, node: str, predicate: str, value: ox.NamedNode | ox.Literal) -> None:
        prefix, _, name = predicate.partition(":")
        self.quads.append(ox.Quad(ox.NamedNode(node), ox.NamedNode(PREFIXES[prefix] + name), value, self._graph))
