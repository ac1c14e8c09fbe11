"""Findings as nanopublications: what is claimed, where it comes from, and who says so, in a graph each.

The statements about a finding and its estimate are shared out without loss: how it was read and coded is provenance,
all else is the assertion. Addresses follow from the key of the finding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from kb.namespaces import BASE, EV, PREFIXES, concept_iri, finding_iri
from kb.publishing.graph_files import in_order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.publishing.facts import Facts
    from kb.session import Session
    from kb.store import Reader

NP = "http://www.nanopub.org/nschema#"
NPX = "http://purl.org/nanopub/x/"
PAV = "http://purl.org/pav/"
NANOPUB_PREFIXES = {
    "np": NP, "npx": NPX, "pav": PAV, "coder": BASE + "coder/",
    **{name: iri for name, iri in PREFIXES.items() if name not in ("owl", "sh", "person", "country", "design", "data")},
}  # fmt: skip
#: The graphs of a nanopublication, by the end of their addresses.
PARTS = ("Head", "assertion", "provenance", "pubinfo")
_PROVENANCE = {
    *(EV + name for name in ("coder", "codedOn", "verifier", "verifiedOn", "sourceLevel", "sourcesAsCoded", "locator")),
    PREFIXES["dcterms"] + "source",
}
_TOOL = ox.NamedNode(BASE + "software/mipex-kb")


class Nanopublication(NamedTuple):
    """One finding as a nanopublication: its key, its address, and its quads in their order."""

    key: str
    address: str
    quads: list[ox.Quad]


def make_nanopublications(session: Session, facts: Facts) -> Iterator[Nanopublication]:
    """Yield the nanopublications of all findings, by key."""
    order = {study.study: number for number, study in enumerate(session.studies())}
    rows = sorted(session.findings(), key=lambda row: (order.get(row.study, 0), len(row.finding), row.finding))
    for row in rows:
        yield _Maker(session.reader, row.finding, facts).make()


def nanopub_address(key: str) -> str:
    """Return the address of the nanopublication of a finding.

    ``RA`` begins the code of a signed one wherever it stands, so no key keeps it; keys differ in more than case.
    """
    return concept_iri("nanopub", key).replace("RA", "Ra")


class _Maker:
    def __init__(self, reader: Reader, key: str, facts: Facts) -> None:
        self._reader = reader
        self._facts = facts
        self._key = key
        self._finding = ox.NamedNode(finding_iri(key))
        self._address = nanopub_address(key)
        self._nanopub = ox.NamedNode(self._address)
        self._part = {name: ox.NamedNode(f"{self._address}/{name}") for name in PARTS}
        self._stated = self._about(self._finding)

    def make(self) -> Nanopublication:
        """Return the nanopublication of the finding."""
        assertion = [triple for triple in self._stated if triple.predicate.value not in _PROVENANCE]
        for estimate in self._objects(EV + "estimate"):
            assertion += self._about(estimate)
        parts = {
            "Head": self._head(),
            "assertion": assertion,
            "provenance": list(self._provenance()),
            "pubinfo": list(self._publication()),
        }
        quads = [
            quad
            for name, triples in parts.items()
            for quad in in_order(_quad(triple, self._part[name]) for triple in triples)
        ]
        return Nanopublication(self._key, self._address, quads)

    def _head(self) -> list[ox.Triple]:
        parts = {"hasAssertion": "assertion", "hasProvenance": "provenance", "hasPublicationInfo": "pubinfo"}
        kind = _triple(self._nanopub, "rdf:type", ox.NamedNode(NP + "Nanopublication"))
        return [
            kind,
            *(ox.Triple(self._nanopub, ox.NamedNode(NP + name), self._part[part]) for name, part in parts.items()),
        ]

    def _provenance(self) -> Iterator[ox.Triple]:
        """Yield how the finding was read and coded, and enough of the study to find it."""
        assertion, activity = self._part["assertion"], ox.NamedNode(self._address + "/coding")
        yield from (triple for triple in self._stated if triple.predicate.value in _PROVENANCE)
        yield _triple(assertion, "prov:wasGeneratedBy", activity)
        yield _triple(activity, "rdf:type", ox.NamedNode(PREFIXES["prov"] + "Activity"))
        for source in self._objects(PREFIXES["dcterms"] + "source"):
            yield _triple(activity, "prov:used", source)
        for coder in self._objects(EV + "coder"):
            yield _triple(assertion, "prov:wasAttributedTo", coder)
            yield _triple(activity, "prov:wasAssociatedWith", coder)
            yield _triple(coder, "rdf:type", ox.NamedNode(PREFIXES["prov"] + "Agent"))
        for verifier in self._objects(EV + "verifier"):
            yield _triple(verifier, "rdf:type", ox.NamedNode(PREFIXES["prov"] + "Agent"))
        told = {EV + "authors", *(PREFIXES["dcterms"] + name for name in ("identifier", "title", "issued"))}
        for study in self._objects(EV + "ofStudy"):
            yield _triple(assertion, "prov:wasDerivedFrom", study)
            for triple in self._about(study):
                if triple.predicate.value == PREFIXES["foaf"] + "page" and "://doi.org/" in str(triple.object):
                    yield _triple(assertion, "prov:hadPrimarySource", triple.object)
                    yield triple
                elif triple.predicate.value in told:
                    yield triple

    def _publication(self) -> Iterator[ox.Triple]:
        """Yield who publishes it, when, under which licence and with which program."""
        facts, nanopub = self._facts, self._nanopub
        yield _triple(nanopub, "rdfs:label", ox.Literal(f"Finding {self._key}"))
        yield ox.Triple(nanopub, ox.NamedNode(NPX + "hasNanopubType"), ox.NamedNode(EV + "Finding"))
        yield ox.Triple(nanopub, ox.NamedNode(NPX + "introduces"), self._finding)
        if facts.address:
            yield _triple(nanopub, "dcterms:isPartOf", ox.NamedNode(facts.address))
        yield ox.Triple(nanopub, ox.NamedNode(PAV + "version"), ox.Literal(facts.version))
        yield ox.Triple(nanopub, ox.NamedNode(PAV + "createdWith"), _TOOL)
        yield _triple(_TOOL, "rdf:type", ox.NamedNode(PREFIXES["prov"] + "SoftwareAgent"))
        yield _triple(_TOOL, "rdfs:label", ox.Literal("mipex-kb"))
        for day in self._objects(EV + "codedOn"):
            yield _triple(nanopub, "dcterms:created", day)
        coders = self._objects(EV + "coder")
        for coder in coders:
            yield _triple(nanopub, "dcterms:creator", coder)
        if facts.creator and not coders:
            yield _triple(nanopub, "dcterms:creator", ox.Literal(facts.creator))
        if facts.creator:
            yield _triple(nanopub, "dcterms:publisher", ox.Literal(facts.creator))
        if facts.licence:
            yield _triple(nanopub, "dcterms:license", ox.NamedNode(facts.licence))

    def _about(self, subject: ox.NamedNode) -> list[ox.Triple]:
        return [quad.triple for quad in self._reader.quads(subject, ox.DefaultGraph())]

    def _objects(self, predicate: str) -> list[ox.NamedNode]:
        return [triple.object for triple in self._stated if triple.predicate.value == predicate]  # type: ignore[misc]


def _quad(triple: ox.Triple, graph: ox.NamedNode) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def _triple(subject: ox.NamedNode, name: str, value: ox.Triple | ox.NamedNode | ox.BlankNode | ox.Literal) -> ox.Triple:
    prefix, _, local = name.partition(":")
    return ox.Triple(subject, ox.NamedNode(PREFIXES[prefix] + local), value)
