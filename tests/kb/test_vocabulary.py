"""The vocabulary: concepts by notation, label, alternative label or beginning, and what is above and below."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from kb.errors import CollectionError, UnknownConceptError
from kb.vocabulary import CIRCLES, Concept, Vocabulary, fold, from_triples, read_turtle

ONTOLOGY = Path(__file__).resolve().parents[2] / "ontology"
SKOS = "http://www.w3.org/2004/02/skos/core#"
TURTLE = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix ev: <https://w3id.org/mipex-kb/evidence#> .
<https://w3id.org/mipex-kb/outcome/trust> a skos:Concept ; skos:notation "trust" ; skos:prefLabel "Trust"@en ;
    skos:altLabel "Confidence"@en , "Belief"@en ; skos:definition "Whether people trust."@en ; ev:level "group" ;
    ev:valence 1 ; ev:sortOrder 20 ; skos:inScheme <https://w3id.org/mipex-kb/scheme/outcomes> .
<https://w3id.org/mipex-kb/outcome/trust-in-courts> a skos:Concept ; skos:notation "trust-in-courts" ;
    skos:inScheme <https://w3id.org/mipex-kb/scheme/outcomes> ; skos:broader <https://w3id.org/mipex-kb/outcome/trust> ,
    <https://w3id.org/mipex-kb/outcome/nowhere> .
<https://w3id.org/mipex-kb/outcome/loose> skos:notation "loose" .
<https://example.org/outcome/foreign> a skos:Concept ; skos:notation "foreign" ;
    skos:inScheme <https://w3id.org/mipex-kb/scheme/outcomes> .
"""


@cache
def real() -> Vocabulary:
    return read_turtle(sorted(ONTOLOGY.glob("*.ttl")))


@pytest.fixture
def small() -> Vocabulary:
    return Vocabulary(
        [
            Concept("policy", "health-care", "Health care", order=40, broader=("health",)),
            Concept("policy", "health", "Health", ("Health policy",), order=10),
            Concept(
                "policy", "anti-discrimination", "Anti-discrimination", ("Equal treatment", "Equality law"), order=20
            ),
            Concept(
                "policy", "enforcement", "Enforcement", ("Equality bodies",), order=30, broader=("anti-discrimination",)
            ),
            Concept("policy", "bodies", "Specialised bodies", order=35, broader=("enforcement",)),
            Concept("policy", "education", "Education", order=50),
            Concept("policy", "access-one", "Access one", order=60),
            Concept("policy", "access-two", "Access two", ("Education",), order=70),
            Concept("outcome", "health", "Good health", valence=1),
        ]
    )


@pytest.mark.parametrize(
    ("named", "notation"),
    [
        ("health", "health"),
        ("anti-discrimination", "anti-discrimination"),
        ("Anti-discrimination", "anti-discrimination"),
        ("ANTI DISCRIMINATION", "anti-discrimination"),
        ("  anti_discrimination  ", "anti-discrimination"),
        ("Equal treatment", "anti-discrimination"),
        ("equality bodies", "enforcement"),
        ("Health policy", "health"),
        ("anti-d", "anti-discrimination"),
        ("Anti", "anti-discrimination"),
        ("equal t", "anti-discrimination"),
        ("specialised", "bodies"),
        ("heal", "health"),
        ("equality", "anti-discrimination"),
        ("access-one", "access-one"),
        ("education", "education"),
    ],
)
def test_a_concept_is_found_by_notation_label_alternative_label_or_beginning(
    small: Vocabulary, named: str, notation: str
) -> None:
    assert small.resolve("policy", named).notation == notation


def test_a_notation_wins_over_longer_ones_that_begin_with_it(small: Vocabulary) -> None:
    assert small.resolve("policy", "health").notation == "health"


def test_a_label_wins_over_the_alternative_label_of_another(small: Vocabulary) -> None:
    assert small.resolve("policy", "Education").notation == "education"


def test_kinds_are_kept_apart(small: Vocabulary) -> None:
    assert small.resolve("outcome", "health").label == "Good health"
    with pytest.raises(UnknownConceptError):
        small.resolve("outcome", "anti-discrimination")


def test_an_ambiguous_beginning_is_refused_and_names_the_choices(small: Vocabulary) -> None:
    with pytest.raises(UnknownConceptError, match="access-one, access-two"):
        small.resolve("policy", "access")


def test_a_shared_alternative_label_is_refused(small: Vocabulary) -> None:
    shared = Vocabulary([Concept("policy", "a", "A one", ("Same",)), Concept("policy", "b", "B two", ("Same",))])
    with pytest.raises(UnknownConceptError, match="a, b"):
        shared.resolve("policy", "same")


@pytest.mark.parametrize("near", ["helth", "healht", "Heallth"])
def test_a_near_miss_suggests_what_was_meant(small: Vocabulary, near: str) -> None:
    with pytest.raises(UnknownConceptError, match="Did you mean health"):
        small.resolve("policy", near)


@pytest.mark.parametrize("far", ["zzzzzz", "", "   ", "--", "\x00", "?"])
def test_what_resembles_nothing_points_to_the_list(small: Vocabulary, far: str) -> None:
    with pytest.raises(UnknownConceptError, match="mipex-kb vocab policy") as caught:
        small.resolve("policy", far)
    assert caught.value.exit_code == 2


def test_an_unknown_kind_holds_nothing(small: Vocabulary) -> None:
    assert small.concepts("nothing") == []
    assert small.get("nothing", "health") is None
    with pytest.raises(UnknownConceptError):
        small.resolve("nothing", "health")


def test_concepts_come_in_their_order(small: Vocabulary) -> None:
    assert small.kinds() == ["outcome", "policy"]
    assert [concept.order for concept in small.concepts("policy")] == [10, 20, 30, 35, 40, 50, 60, 70]
    assert len(list(small)) == 9


def test_above_and_below(small: Vocabulary) -> None:
    assert [concept.notation for concept in small.tops("policy")] == [
        "health", "anti-discrimination", "education", "access-one", "access-two",
    ]  # fmt: skip
    assert [concept.notation for concept in small.narrower("policy", "anti-discrimination")] == ["enforcement"]
    assert [concept.notation for concept in small.ancestors("policy", "bodies")] == [
        "enforcement",
        "anti-discrimination",
    ]
    assert small.ancestors("policy", "health") == []
    assert small.top("policy", "bodies") == "anti-discrimination"
    assert small.top("policy", "health") == "health"
    assert small.narrower("policy", "bodies") == []


def test_what_is_done_with_an_answer_changes_no_later_one(small: Vocabulary) -> None:
    small.ancestors("policy", "bodies").clear()
    assert [concept.notation for concept in small.ancestors("policy", "bodies")] == [
        "enforcement", "anti-discrimination",
    ]  # fmt: skip


def test_a_circle_of_broader_concepts_ends() -> None:
    circle = Vocabulary([Concept("policy", "a", "A", broader=("b",)), Concept("policy", "b", "B", broader=("a",))])
    assert {concept.notation for concept in circle.ancestors("policy", "a")} == {"a", "b"}


def test_the_order_of_input_changes_nothing(small: Vocabulary) -> None:
    assert list(Vocabulary(reversed(list(small)))) == list(small)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Anti-Discrimination", "anti discrimination"), ("  A__b  c ", "a b c"), ("Straße", "strasse"), ("!?", "")],
)
def test_names_are_compared_without_case_and_punctuation(text: str, expected: str) -> None:
    assert fold(text) == expected


def test_turtle_is_read_with_all_that_a_concept_has(tmp_path: Path) -> None:
    path = tmp_path / "some.ttl"
    path.write_text(TURTLE, "utf-8")
    vocabulary = read_turtle([path])
    assert vocabulary.get("outcome", "trust") == Concept(
        "outcome", "trust", "Trust", ("Belief", "Confidence"), "Whether people trust.", (), "group", 1, 20
    )


def test_subjects_without_notation_or_scheme_or_outside_the_base_are_no_concepts(tmp_path: Path) -> None:
    path = tmp_path / "some.ttl"
    path.write_text(TURTLE, "utf-8")
    assert [concept.notation for concept in read_turtle([path])] == ["trust", "trust-in-courts"]


def test_a_missing_label_is_the_notation_and_an_unknown_broader_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "some.ttl"
    path.write_text(TURTLE, "utf-8")
    concept = read_turtle([path]).get("outcome", "trust-in-courts")
    assert concept is not None
    assert concept.label == "trust-in-courts"
    assert concept.broader == ("trust",)
    assert concept.valence is None


def test_broken_turtle_is_named_with_its_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.ttl"
    path.write_text("@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n\nskos:a skos:b\n", "utf-8")
    with pytest.raises(CollectionError, match=r"broken\.ttl.*line [34]"):
        read_turtle([path])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match=r"gone\.ttl"):
        read_turtle([tmp_path / "gone.ttl"])


def test_triples_of_texts_give_the_same_vocabulary() -> None:
    subject = "https://w3id.org/mipex-kb/policy/health"
    vocabulary = from_triples(
        [
            (subject, SKOS + "inScheme", "https://w3id.org/mipex-kb/scheme/policies"),
            (subject, SKOS + "prefLabel", "Health"),
            (subject, SKOS + "notation", "health"),
        ]
    )
    assert vocabulary.concepts("policy") == [Concept("policy", "health", "Health", order=1000)]


@pytest.mark.parametrize(
    ("kind", "named", "notation"),
    [
        ("policy", "anti-d", "anti-discrimination"),
        ("policy", "Health", "health"),
        ("policy", "overall", "overall"),
        ("policy", "family", "family-reunion"),
        ("policy", "MIPEX", "overall"),
        ("outcome", "generalised trust", "generalised-trust"),
        ("country", "Austria", "AT"),
        ("country", "aut", "AT"),
        ("direction", "pos", "positive"),
        ("source-level", "full", "fulltext"),
    ],
)
def test_the_ontology_answers_to_the_names_that_people_use(kind: str, named: str, notation: str) -> None:
    assert real().resolve(kind, named).notation == notation


def test_every_concept_of_the_ontology_is_found_by_its_names() -> None:
    vocabulary = real()
    for concept in vocabulary:
        if concept.kind == "edition":  # each edition is a scheme of its own, and names repeat between them
            continue
        for name in (concept.notation, concept.label):
            assert vocabulary.resolve(concept.kind, name) == concept, f"{concept.kind} {name}"


def test_every_measure_belongs_to_a_circle() -> None:
    vocabulary = real()
    for concept in vocabulary.concepts("measure"):
        assert vocabulary.top("measure", concept.notation) in CIRCLES
