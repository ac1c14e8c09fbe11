"""Addresses of the graph: the base, the vocabularies reused, and how a notation or a key becomes an IRI."""

from __future__ import annotations

import re
import unicodedata

BASE = "https://w3id.org/mipex-kb/"
_PLAIN = re.compile(r"[A-Za-z0-9/._-]*\Z")
EV = BASE + "evidence#"

PREFIXES: dict[str, str] = {
    "bibo": "http://purl.org/ontology/bibo/",
    "dcterms": "http://purl.org/dc/terms/",
    "ev": EV,
    "foaf": "http://xmlns.com/foaf/0.1/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "policy": BASE + "policy/",
    "outcome": BASE + "outcome/",
    "study": BASE + "study/",
    "finding": BASE + "finding/",
    "role": BASE + "role/",
    "direction": BASE + "direction/",
    "appraisal": BASE + "appraisal/",
    "level": BASE + "source-level/",
    "population": BASE + "population/",
    "country": BASE + "country/",
    "design": BASE + "design/",
    "data": BASE + "data/",
    "measure": BASE + "measure/",
    "factor": BASE + "factor/",
    "person": BASE + "person/",
    "estimate": BASE + "estimate/",
}


def prefix_header() -> str:
    """Return the PREFIX lines that a named or user query may rely on."""
    return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


def concept_iri(kind: str, notation: str) -> str:
    """Return the address of a concept, for example ``concept_iri("policy", "health")``."""
    return f"{BASE}{kind}/{_quoted(notation)}"


def study_iri(key: str) -> str:
    """Return the address of a study."""
    return f"{BASE}study/{_quoted(key)}"


def finding_iri(key: str) -> str:
    """Return the address of a finding."""
    return f"{BASE}finding/{_quoted(key)}"


def estimate_iri(key: str) -> str:
    """Return the address of the estimate of a finding."""
    return f"{BASE}estimate/{_quoted(key)}"


def graph_iri(folder: str, stem: str) -> str:
    """Return the address of the named graph of one file; ``folder`` is ``studies`` or ``ontology``."""
    return f"{BASE}graph/{folder}/{_quoted(stem)}"


def doi_iri(doi: str) -> str:
    """Return the https address of a DOI; characters that IRIs forbid (SICI DOIs) are percent-encoded."""
    from urllib.parse import quote

    return "https://doi.org/" + quote(doi, safe="/:;()._-")


def slug(text: str) -> str:
    """Return a lower-case ASCII slug of a name; letters beyond ASCII that do not decompose are percent-encoded."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    return _quoted(re.sub(r"[\W_]+", "-", plain).strip("-"))


def _quoted(text: str) -> str:
    """Return a text as part of a path: what an IRI forbids or reads as its structure is percent-encoded."""
    if _PLAIN.match(text):
        return text
    from urllib.parse import quote

    return quote(text, safe="/-._")
