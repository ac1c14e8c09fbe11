"""The collection described by DCAT and VoID: what it is, how much there is of what, and the files of a package."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from kb.namespaces import BASE, EV, PREFIXES, concept_iri, finding_iri, slug, study_iri
from kb.publishing.graph_files import in_order, write_quads
from kb.publishing.own_queries import own_query
from kb.sparql_text import short_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kb.publishing.facts import Facts
    from kb.session import Session

_PREFIXES = {
    **{name: PREFIXES[name] for name in ("dcterms", "foaf", "owl", "rdf", "xsd", "ev")},
    "dcat": "http://www.w3.org/ns/dcat#", "void": "http://rdfs.org/ns/void#", "spdx": "http://spdx.org/rdf/terms#",
}  # fmt: skip
#: Addresses that begin so stand in the file as relative to it.
_HERE = "file:///package/"


class PackageFile(NamedTuple):
    """A file of a package: its path there, what it is, its media type, its size in bytes and its SHA-256."""

    path: str
    title: str
    media_type: str
    size: int
    sha256: str


def write_void(session: Session, facts: Facts, files: Iterable[PackageFile], out: IO[bytes]) -> None:
    """Write the description as Turtle, with the files as distributions."""
    describer = _Describer(session, facts)
    describer.dataset()
    describer.counts()
    for file in files:
        describer.distribution(file)
    quads = in_order(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in describer.triples)
    write_quads(quads, "ttl", out, _PREFIXES, base=_HERE)


class _Describer:
    def __init__(self, session: Session, facts: Facts) -> None:
        self._session = session
        self._facts = facts
        self._base = facts.address or f"{_HERE}void.ttl#dataset"
        self.triples: list[ox.Triple] = []

    def dataset(self) -> None:
        """Describe the collection as a whole."""
        facts = self._facts
        self._link(self._base, "rdf:type", _PREFIXES["dcat"] + "Dataset")
        self._link(self._base, "rdf:type", _PREFIXES["void"] + "Dataset")
        self._text("dcterms:title", facts.title, language="en")
        self._text("dcterms:description", facts.description, language="en")
        self._text("dcat:version", facts.version)
        self._text("owl:versionInfo", facts.version)
        self._text("dcterms:modified", facts.date, "date")
        self._text("dcterms:language", "en")
        self._text("void:uriSpace", BASE)
        for keyword in facts.keywords:
            self._text("dcat:keyword", keyword, language="en")
        if facts.licence:
            self._link(self._base, "dcterms:license", facts.licence)
        if facts.creator:
            maker = f"{self._base}/creator"
            self._link(self._base, "dcterms:creator", maker)
            self._link(self._base, "dcterms:publisher", maker)
            self._link(maker, "rdf:type", PREFIXES["foaf"] + "Agent")
            self._text("foaf:name", facts.creator, of=maker)
        for example in self._examples():
            self._link(self._base, "void:exampleResource", example)

    def counts(self) -> None:
        """Say how many triples, classes and properties there are, and how much of each."""
        (counted,) = self._rows("void-counts")
        for name, number in zip(("triples", "distinctSubjects", "distinctObjects", "properties"), counted, strict=True):
            self._number(self._base, f"void:{name}", number)
        classes, properties = list(self._rows("void-classes")), list(self._rows("void-properties"))
        self._number(self._base, "void:classes", str(len(classes)))
        for address, entities in classes:
            part = self._part("classPartition", "class", address)
            self._number(part, "void:entities", entities)
        for address, *numbers in properties:
            part = self._part("propertyPartition", "property", address)
            for name, number in zip(("triples", "distinctSubjects", "distinctObjects"), numbers, strict=True):
                self._number(part, f"void:{name}", number)
        used = {row[0] for row in (*classes, *properties)}
        known = [iri for iri in PREFIXES.values() if iri == EV or not iri.startswith(BASE)]
        for vocabulary in known:
            if any(address.startswith(vocabulary) for address in used):
                self._link(self._base, "void:vocabulary", vocabulary)

    def distribution(self, file: PackageFile) -> None:
        """Describe a file of the package."""
        node = f"{self._base}/file/{file.path}"
        packed = file.path.endswith(".gz")
        media = "https://www.iana.org/assignments/media-types/"
        self._link(self._base, "dcat:distribution", node)
        self._link(node, "rdf:type", _PREFIXES["dcat"] + "Distribution")
        self._text("dcterms:title", file.title, of=node, language="en")
        self._link(node, "dcat:downloadURL", _HERE + file.path)
        self._link(node, "dcat:mediaType", media + file.media_type)
        if packed:
            self._link(node, "dcat:compressFormat", f"{media}application/gzip")
        if self._facts.licence:
            self._link(node, "dcterms:license", self._facts.licence)
        self._text("dcat:byteSize", str(file.size), "nonNegativeInteger", of=node)
        self._link(node, "spdx:checksum", f"{node}/checksum")
        self._link(f"{node}/checksum", "rdf:type", _PREFIXES["spdx"] + "Checksum")
        self._link(f"{node}/checksum", "spdx:algorithm", _PREFIXES["spdx"] + "checksumAlgorithm_sha256")
        self._text("spdx:checksumValue", file.sha256, "hexBinary", of=f"{node}/checksum")

    def _part(self, partition: str, kind: str, address: str) -> str:
        part = f"{self._base}/{kind}/{slug(short_name(address))}"
        self._link(self._base, f"void:{partition}", part)
        self._link(part, f"void:{kind}", address)
        return part

    def _examples(self) -> Iterator[str]:
        for row in self._session.findings()[:1]:
            yield study_iri(row.study)
            yield finding_iri(row.finding)
            yield concept_iri("policy", row.policy)
            yield concept_iri("outcome", row.outcome)

    def _rows(self, name: str) -> list[list[str]]:
        return self._session.reader.rows(own_query(name))

    def _link(self, subject: str, name: str, target: str) -> None:
        self._add(subject, name, ox.NamedNode(target))

    def _number(self, subject: str, name: str, number: str) -> None:
        self._text(name, number, "integer", of=subject)

    def _text(self, name: str, text: str, datatype: str = "string", *, of: str = "", language: str = "") -> None:
        literal = (
            ox.Literal(text, language=language)
            if language
            else ox.Literal(text, datatype=ox.NamedNode(PREFIXES["xsd"] + datatype))
        )
        self._add(of or self._base, name, literal)

    def _add(self, subject: str, name: str, value: ox.NamedNode | ox.Literal) -> None:
        prefix, _, local = name.partition(":")
        self.triples.append(ox.Triple(ox.NamedNode(subject), ox.NamedNode(_PREFIXES[prefix] + local), value))
