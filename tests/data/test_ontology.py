"""The ontology: every file, concept, label and link of ontology/, and the own terms that the graph uses."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kb.namespaces import BASE, EV, PREFIXES
from kb.vocabulary import fold, read_turtle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.store import Reader

ONTOLOGY = Path(__file__).resolve().parents[2] / "ontology"
FILES = sorted(ONTOLOGY.glob("*.ttl"))
SKOS, RDF, RDFS, OWL, DCTERMS = (PREFIXES[name] for name in ("skos", "rdf", "rdfs", "owl", "dcterms"))
TYPE = RDF + "type"
AREAS = [
    "labour-market-mobility", "family-reunion", "education", "health", "political-participation", "permanent-residence",
    "access-to-nationality", "anti-discrimination",
]  # fmt: skip
#: The outcome families that MIPEX itself names (corpus/README.md) as the scheme calls them: notation -> valence.
FAMILIES = {
    "perceived-threat": -1, "xenophobia": -1, "islamophobia": -1, "generalised-trust": 1, "intergroup-contact": 1,
    "life-satisfaction": 1, "national-identification": 1, "national-belonging": 1, "national-pride": 1, "voting": 1,
    "non-electoral-participation": 1, "political-interest": 1, "civic-participation": 1, "self-rated-health": 1,
    "chronic-illness": -1, "diabetes": -1, "frailty": -1, "mortality": -1, "discrimination-awareness": 1,
    "discrimination-reporting": 1, "perceived-discrimination": -1, "justice-trust": 1, "support-for-victims": 1,
    "support-for-anti-discrimination-law": 1, "satisfaction-with-democracy": 1, "family-migration": None,
    "labour-immigration": None, "expected-stay": None,
}  # fmt: skip
CODES = {
    "direction": {"positive", "negative", "null", "mixed", "unclear"},
    "role": {"direct", "moderator"},
    "appraisal": {"favourable", "unfavourable", "neutral", "mixed", "unclear"},
    "source-level": {"fulltext", "abstract", "secondary"},
}
SCHEMES = {
    "policies": "policy", "outcomes": "outcome", "populations": "population", "factors": "factor", "designs": "design",
    "data-sources": "data", "measures": "measure", "directions": "direction", "roles": "role",
    "appraisals": "appraisal", "source-levels": "source-level", "actors": "actor",
    "origin-engagement": "engagement", "countries": "country",
    **{f"mipex-{year}": "edition" for year in (2004, 2007, 2011, 2015, 2020)},
}  # fmt: skip


@cache
def triples() -> tuple[ox.Quad, ...]:
    return tuple(quad for path in FILES for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))


@cache
def properties() -> dict[str, dict[str, list[ox.NamedNode | ox.Literal]]]:
    """Return subject -> predicate -> objects over all files but the shapes, which alone have blank nodes."""
    found: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]] = defaultdict(lambda: defaultdict(list))
    for quad in triples():
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode | ox.Literal):
            found[quad.subject.value][quad.predicate.value].append(quad.object)
    return found


def texts(subject: str, predicate: str) -> list[str]:
    return [value.value for value in properties()[subject].get(predicate, [])] if subject in properties() else []


def of_type(kind: str) -> list[str]:
    return sorted(subject for subject in list(properties()) if kind in texts(subject, TYPE))


CONCEPTS = of_type(SKOS + "Concept")
OUTCOMES = [concept for concept in CONCEPTS if concept.startswith(BASE + "outcome/")]


def short(address: str) -> str:
    return address.removeprefix(BASE)


def wrong(found: Iterator[str]) -> list[str]:
    """Return the addresses in short form, for a message that names them all."""
    return sorted(short(address) for address in found)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_is_plain_text_and_parses(path: Path) -> None:
    content = path.read_bytes()
    text = content.decode("utf-8")
    assert not text.startswith("\ufeff")
    assert "\r" not in text
    assert "\t" not in text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert [number for number, line in enumerate(text.split("\n"), 1) if line != line.rstrip()] == []
    assert list(ox.parse(content, ox.RdfFormat.TURTLE))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_triple_is_written_twice(path: Path) -> None:
    counts = Counter(
        str(quad) for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE) if "_:" not in str(quad)
    )
    assert [quad for quad, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("path", [path for path in FILES if path.name != "shapes.ttl"], ids=lambda path: path.name)
def test_only_the_shapes_have_blank_nodes(path: Path) -> None:
    for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
        assert not isinstance(quad.subject, ox.BlankNode), quad
        assert not isinstance(quad.object, ox.BlankNode), quad


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_prefixes_are_those_that_the_file_uses(path: Path) -> None:
    text = path.read_text("utf-8")
    body = re.sub(r'^@prefix.*$|"[^"\n]*"|<[^>\s]*>', "", text, flags=re.MULTILINE)
    for prefix, address in re.findall(r"^@prefix (\w+): <(.*)> \.$", text, re.MULTILINE):
        assert re.search(rf"\b{prefix}:", body), f"{prefix} is not used"
        assert PREFIXES.get(prefix, address) == address


def test_texts_are_in_english_and_clean() -> None:
    spoken = {
        SKOS + name for name in ("prefLabel", "altLabel", "definition", "scopeNote", "historyNote", "note", "example")
    }
    spoken |= {RDFS + "label", DCTERMS + "title", DCTERMS + "description"}
    for quad in triples():
        if quad.predicate.value in spoken:
            assert isinstance(quad.object, ox.Literal)
            assert quad.object.language == "en", quad
            assert quad.object.value == " ".join(quad.object.value.split()), quad
            assert quad.object.value, quad


def test_there_are_concepts_of_every_kind() -> None:
    assert {short(concept).partition("/")[0] for concept in CONCEPTS} == set(SCHEMES.values())


def test_every_scheme_of_the_documentation_is_there_and_described() -> None:
    schemes = of_type(SKOS + "ConceptScheme")
    assert set(schemes) == {f"{BASE}scheme/{name}" for name in SCHEMES}
    for scheme in schemes:
        for predicate in (SKOS + "prefLabel", SKOS + "definition", DCTERMS + "title", DCTERMS + "license"):
            assert len(texts(scheme, predicate)) == 1, f"{scheme} {predicate}"


def test_every_concept_has_a_notation_that_ends_its_address() -> None:
    assert wrong(c for c in CONCEPTS if len(texts(c, SKOS + "notation")) != 1) == []
    assert wrong(c for c in CONCEPTS if short(c).partition("/")[2] != texts(c, SKOS + "notation")[0]) == []
    assert wrong(c for c in CONCEPTS if not re.fullmatch(r"[A-Za-z0-9_/-]+", texts(c, SKOS + "notation")[0])) == []


def test_every_concept_has_one_label_and_one_definition() -> None:
    for name in ("prefLabel", "definition"):
        assert wrong(c for c in CONCEPTS if len(texts(c, SKOS + name)) != 1) == []
    assert wrong(c for c in CONCEPTS if texts(c, SKOS + "prefLabel")[0][:1].islower()) == []
    assert wrong(c for c in CONCEPTS if not texts(c, SKOS + "definition")[0].endswith((".", ".)"))) == []


def test_every_concept_is_in_the_scheme_of_its_kind() -> None:
    for concept in CONCEPTS:
        schemes = texts(concept, SKOS + "inScheme")
        assert len(schemes) == 1, concept
        kind = short(concept).partition("/")[0]
        assert SCHEMES[schemes[0].removeprefix(BASE + "scheme/")] == kind, concept
        if kind == "edition":
            assert schemes[0].endswith("mipex-" + short(concept).split("/")[1])


def test_every_concept_is_below_another_or_at_the_top_and_not_both() -> None:
    for concept in CONCEPTS:
        broader, tops = texts(concept, SKOS + "broader"), texts(concept, SKOS + "topConceptOf")
        assert bool(broader) != bool(tops), concept
        assert tops in ([], texts(concept, SKOS + "inScheme")), concept


def test_top_concepts_and_schemes_name_each_other() -> None:
    for scheme in of_type(SKOS + "ConceptScheme"):
        named = texts(scheme, SKOS + "hasTopConcept")
        assert sorted(named) == sorted(c for c in CONCEPTS if scheme in texts(c, SKOS + "topConceptOf")), scheme


def test_broader_points_at_a_concept_of_the_same_scheme() -> None:
    known = set(CONCEPTS)
    for concept in CONCEPTS:
        for parent in texts(concept, SKOS + "broader"):
            assert parent in known, f"{concept} -> {parent}"
            assert texts(parent, SKOS + "inScheme") == texts(concept, SKOS + "inScheme"), concept


def test_no_concept_stands_above_itself() -> None:
    for concept in CONCEPTS:
        above, queue = set[str](), texts(concept, SKOS + "broader")
        while queue:
            parent = queue.pop()
            assert parent != concept, concept
            if parent not in above:
                above.add(parent)
                queue += texts(parent, SKOS + "broader")


def test_every_link_inside_the_base_arrives() -> None:
    described = set(properties())
    for quad in triples():
        if (
            isinstance(quad.object, ox.NamedNode)
            and quad.object.value.startswith(BASE)
            and "_:" not in str(quad.subject)
        ):
            assert quad.object.value in described, quad


def test_labels_are_unique_in_each_scheme() -> None:
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    for concept in CONCEPTS:
        for label in texts(concept, SKOS + "prefLabel") + texts(concept, SKOS + "altLabel"):
            owners[texts(concept, SKOS + "inScheme")[0], fold(label)].add(short(concept))
    assert {label: sorted(concepts) for (_, label), concepts in owners.items() if len(concepts) > 1} == {}


def test_no_concept_has_the_same_name_twice() -> None:
    for concept in CONCEPTS:
        names = [fold(name) for name in texts(concept, SKOS + "prefLabel") + texts(concept, SKOS + "altLabel")]
        assert [name for name, count in Counter(names).items() if count > 1] == [], concept


def test_no_name_is_the_notation_of_another_concept_of_its_scheme() -> None:
    notations = {(texts(c, SKOS + "inScheme")[0], fold(texts(c, SKOS + "notation")[0])): c for c in CONCEPTS}
    for concept in CONCEPTS:
        for name in texts(concept, SKOS + "prefLabel") + texts(concept, SKOS + "altLabel"):
            assert notations.get((texts(concept, SKOS + "inScheme")[0], fold(name)), concept) == concept, (
                f"{concept} {name}"
            )


def test_notations_are_unique_in_each_kind_whatever_their_case() -> None:
    counts = Counter(concept.casefold() for concept in CONCEPTS)
    assert [concept for concept, count in counts.items() if count > 1] == []


def test_order_and_valence_are_whole_numbers() -> None:
    for quad in triples():
        if quad.predicate.value in (EV + "sortOrder", EV + "valence"):
            assert isinstance(quad.object, ox.Literal)
            assert quad.object.datatype.value == PREFIXES["xsd"] + "integer", quad
    assert wrong(c for c in CONCEPTS if len(texts(c, EV + "sortOrder")) > 1) == []


def test_outcomes_have_three_levels_below_each_other() -> None:
    above = {"actor": [], "group": ["actor"], "outcome": ["group"]}
    for outcome in OUTCOMES:
        levels = texts(outcome, EV + "level")
        assert len(levels) == 1, outcome
        parents = [level for parent in texts(outcome, SKOS + "broader") for level in texts(parent, EV + "level")]
        assert parents == above[levels[0]], outcome


def test_every_outcome_has_a_valence_and_actors_and_groups_have_none() -> None:
    for outcome in OUTCOMES:
        valence = texts(outcome, EV + "valence")
        if texts(outcome, EV + "level") == ["outcome"]:
            assert valence in (["1"], ["-1"], ["0"]), outcome
        else:
            assert valence == [], outcome


def test_no_actor_or_group_is_empty() -> None:
    parents = {parent for outcome in OUTCOMES for parent in texts(outcome, SKOS + "broader")}
    assert wrong(o for o in OUTCOMES if texts(o, EV + "level") != ["outcome"] and o not in parents) == []


@pytest.mark.parametrize(("notation", "valence"), FAMILIES.items(), ids=FAMILIES.keys())
def test_the_outcomes_that_mipex_names_are_there(notation: str, valence: int | None) -> None:
    outcome = f"{BASE}outcome/{notation}"
    assert texts(outcome, EV + "level") == ["outcome"]
    if valence is not None:
        assert texts(outcome, EV + "valence") == [str(valence)]


def test_a_gap_is_bad_news() -> None:
    gaps = [o for o in OUTCOMES if o.endswith("-gap")]
    assert gaps
    assert wrong(o for o in gaps if texts(o, EV + "valence") != ["-1"]) == []


def test_there_are_eight_areas_and_the_overall_score() -> None:
    areas = [c for c in CONCEPTS if c.startswith(BASE + "policy/") and texts(c, EV + "level") == ["area"]]
    assert sorted(map(short, areas)) == sorted(f"policy/{area}" for area in AREAS)
    ordered = sorted(areas, key=lambda area: int(texts(area, EV + "sortOrder")[0]))
    assert [short(area).removeprefix("policy/") for area in ordered] == AREAS
    assert texts(BASE + "policy/overall", EV + "level") == ["overall"]
    assert all(texts(area, SKOS + "topConceptOf") for area in [*areas, BASE + "policy/overall"])


def test_every_indicator_belongs_to_one_area() -> None:
    vocabulary = read_turtle(FILES)
    for concept in vocabulary.concepts("policy"):
        if concept.level in ("indicator", "sub-dimension"):
            assert vocabulary.top("policy", concept.notation) in AREAS, concept.notation


@pytest.mark.parametrize(("kind", "expected"), CODES.items(), ids=CODES.keys())
def test_code_lists_hold_the_codes_of_the_manual(kind: str, expected: set[str]) -> None:
    assert {short(c).partition("/")[2] for c in CONCEPTS if c.startswith(f"{BASE}{kind}/")} == expected


def test_there_are_249_countries_with_two_letter_codes() -> None:
    countries = [short(c).partition("/")[2] for c in CONCEPTS if c.startswith(BASE + "country/")]
    assert len(countries) == 249
    assert all(re.fullmatch("[A-Z]{2}", code) for code in countries)
    assert {"AT", "BE", "CH", "DE", "GB", "GR", "LU", "US"} <= set(countries)
    assert not {"EU", "UK", "EL", "XK"} & set(countries)


def test_circles_are_the_tops_of_the_measures() -> None:
    tops = [short(c) for c in CONCEPTS if BASE + "scheme/measures" in texts(c, SKOS + "topConceptOf")]
    assert sorted(tops) == [f"measure/{circle}" for circle in ("comparable", "core", "reform", "status")]


def test_measures_stand_in_the_circle_that_their_name_says() -> None:
    vocabulary = read_turtle(FILES)
    circles = {"mipex": "core", "index": "comparable", "reform": "reform", "status": "status"}
    for concept in vocabulary.concepts("measure"):
        if concept.broader:
            kind = concept.notation.partition("-")[0]
            assert vocabulary.top("measure", concept.notation) == circles[kind], concept.notation


@pytest.mark.parametrize(("year", "areas"), [(2004, 5), (2007, 6), (2011, 7), (2015, 8), (2020, 8)])
def test_each_edition_has_its_areas_matched_to_policies(year: int, areas: int) -> None:
    found = [c for c in CONCEPTS if c.startswith(f"{BASE}edition/{year}/")]
    assert len(found) == areas
    matched = []
    for area in found:
        matches = texts(area, SKOS + "exactMatch") + texts(area, SKOS + "closeMatch")
        assert len(matches) == 1, area
        matched.append(matches[0].removeprefix(BASE + "policy/"))
    assert len(set(matched)) == areas
    assert set(matched) <= set(AREAS)


def test_every_own_term_is_described() -> None:
    terms = [subject for subject in properties() if subject.startswith(EV)]
    assert terms
    for term in terms:
        for predicate in (RDFS + "label", SKOS + "definition", SKOS + "example", RDFS + "isDefinedBy"):
            assert len(texts(term, predicate)) == 1, f"{term} {predicate}"
        assert texts(term, TYPE)[0] in (OWL + "Class", OWL + "DatatypeProperty", OWL + "ObjectProperty"), term
        name = term.removeprefix(EV)
        assert name[0].isupper() == (texts(term, TYPE) == [OWL + "Class"]), term


@pytest.mark.parametrize("collection", ["toy_reader", "whole_reader"])
def test_every_own_term_that_the_graph_uses_is_described(collection: str, request: pytest.FixtureRequest) -> None:
    reader: Reader = request.getfixturevalue(collection)
    used = {
        term.value
        for triple in reader.triples()
        for term in (triple.predicate, triple.object)
        if isinstance(term, ox.NamedNode) and term.value.startswith(EV)
    }
    assert {EV + "Study", EV + "Finding", EV + "policy", EV + "direction"} <= used
    for term in used:
        for predicate in (RDFS + "label", SKOS + "definition", SKOS + "example"):
            assert texts(term, predicate), f"{term} has no {predicate}"


@pytest.mark.parametrize("collection", ["toy_reader", "whole_reader"])
def test_values_of_the_graph_have_the_kind_that_own_properties_promise(
    collection: str, request: pytest.FixtureRequest
) -> None:
    reader: Reader = request.getfixturevalue(collection)
    for triple in reader.triples():
        term = triple.predicate.value
        if term.startswith(EV) and term in properties():
            literal = OWL + "DatatypeProperty" in texts(term, TYPE)
            assert isinstance(triple.object, ox.Literal) == literal, triple


def test_the_terms_that_the_documentation_names_are_described() -> None:
    text = (ONTOLOGY.parent / "docs" / "graph.md").read_text("utf-8")
    named = set(re.findall(r"\bev:(\w+)", text)) - {"Name"}
    assert sorted(name for name in named if not texts(EV + name, RDFS + "label")) == []
