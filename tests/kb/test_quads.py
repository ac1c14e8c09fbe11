"""The graph: documented addresses, no blank nodes, one named graph a file, the same bytes from the same inputs."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.build import build
from kb.collection import bundled
from kb.model import DataUse, Estimate, Finding, Person, Record, Study
from kb.namespaces import BASE, EV, PREFIXES, graph_iri
from kb.quads import record_quads, to_nquads, turtle_quads
from kb.store import open_store
from kb.text import clean_text
from kb.vocabulary import Vocabulary, read_turtle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.collection import Collection
    from kb.store import Reader

ROOT = Path(__file__).resolve().parents[2]
DCTERMS = PREFIXES["dcterms"]
BIBO = PREFIXES["bibo"]
FOAF = PREFIXES["foaf"]
_DUMP = """
import hashlib, sys
from pathlib import Path
from kb.build import ensure
from kb.collection import Collection
reader, _ = ensure(Collection((Path(sys.argv[1]),), Path(sys.argv[2])))
print(hashlib.sha256(reader.dump()).hexdigest())
"""


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    return read_turtle(sorted(bundled().ontology.glob("*.ttl")))


@pytest.fixture(scope="module")
def quads(toy_reader: Reader) -> list[ox.Quad]:
    return list(ox.parse(toy_reader.dump(), format=ox.RdfFormat.N_QUADS))


def values(quads: Iterable[ox.Quad], node: str, predicate: str) -> list[str]:
    found = [q.object for q in quads if q.subject == ox.NamedNode(node) and q.predicate == ox.NamedNode(predicate)]
    return sorted(term.value for term in found if not isinstance(term, ox.Triple))


def study(**fields: object) -> Study:
    known: dict[str, object] = {"key": "some2000study", "type": "article", "title": "Title", "year": 2000}
    return Study(**{**known, **fields})  # type: ignore[arg-type]


def finding(**fields: object) -> Finding:
    known: dict[str, object] = {
        "key": "some2000study-1", "study": "some2000study", "policy": "health", "outcome": "mortality",
        "role": "direct", "direction": "negative", "statement": "Made-up statement.",
    }  # fmt: skip
    return Finding(**{**known, **fields})  # type: ignore[arg-type]


def test_two_builds_from_nothing_give_the_same_bytes(copy_of_toy: Collection) -> None:
    dumps = []
    for _ in range(2):
        build(copy_of_toy, clean=True)
        with open_store(copy_of_toy) as reader:
            dumps.append(reader.dump())
    assert dumps[0] == dumps[1]
    assert dumps[0].count(b"\n") > 1000


@pytest.mark.parametrize("seed", ["0", "4242"])
def test_hash_seed_changes_no_byte(seed: str, toy: Collection, toy_reader: Reader, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "MIPEX_KB_CACHE": str(tmp_path)}
    command = [sys.executable, "-c", _DUMP, str(toy.studies[0]), str(toy.ontology)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.strip() == hashlib.sha256(toy_reader.dump()).hexdigest()


def test_dump_is_sorted_and_repeats_nothing(toy_reader: Reader) -> None:
    lines = toy_reader.dump().decode().splitlines()
    assert lines == sorted(set(lines))


def test_there_are_no_blank_nodes(quads: list[ox.Quad]) -> None:
    terms = {type(term) for quad in quads for term in (quad.subject, quad.object, quad.graph_name)}
    assert terms == {ox.NamedNode, ox.Literal}


def test_every_predicate_is_of_a_declared_vocabulary(quads: list[ox.Quad]) -> None:
    known = tuple(PREFIXES.values())
    assert {quad.predicate.value for quad in quads if not quad.predicate.value.startswith(known)} == set()


def test_every_own_address_is_of_a_documented_kind(quads: list[ox.Quad]) -> None:
    page = (ROOT / "docs" / "graph.md").read_text("utf-8")
    documented = {*re.findall(r"`<base>([a-z-]+)[/#]", page), *re.findall(r"`([a-z-]+)(?:/[A-Za-z0-9/-]+)?`", page)}
    used = {
        re.split(r"[/#]", term.value.removeprefix(BASE))[0]
        for quad in quads
        for term in (quad.subject, quad.object, quad.graph_name)
        if isinstance(term, ox.NamedNode) and term.value.startswith(BASE)
    }
    assert used - documented == set()


def test_every_subject_of_a_study_graph_is_an_own_address(quads: list[ox.Quad]) -> None:
    shape = re.compile(
        re.escape(BASE)
        + r"(study/[a-z0-9]+(/data/[a-z0-9-]+)?|finding/[a-z0-9]+-\d+|estimate/[a-z0-9]+-\d+"
        + r"|(person|coder|container)/[a-z0-9%-]+)\Z",
        re.IGNORECASE,
    )
    graphs = f"{BASE}graph/studies/"
    own = {q.subject.value for q in quads if str(q.graph_name).startswith("<" + graphs)}  # type: ignore[union-attr]
    assert own
    assert {address for address in own if not shape.match(address)} == set()


def test_each_file_has_its_own_named_graph_and_there_is_no_other(toy: Collection, quads: list[ox.Quad]) -> None:
    files = [*toy.ontology_files(), *toy.study_files()]
    assert {str(quad.graph_name) for quad in quads} == {f"<{graph_iri(file.folder, file.stem)}>" for file in files}


def test_a_study_graph_holds_only_its_own_study(quads: list[ox.Quad]) -> None:
    graph = ox.NamedNode(graph_iri("studies", "alpha2001trust"))
    studies = {q.subject for q in quads if q.graph_name == graph and q.object == ox.NamedNode(EV + "Study")}
    assert studies == {ox.NamedNode(BASE + "study/alpha2001trust")}


def test_a_study_is_described_with_bibliographic_terms(quads: list[ox.Quad]) -> None:
    node = f"{BASE}study/alpha2001trust"
    assert values(quads, node, PREFIXES["rdf"] + "type") == [BIBO + "AcademicArticle", EV + "Study"]
    assert values(quads, node, DCTERMS + "title") == ["Made-up study of equal treatment and trust"]
    assert values(quads, node, EV + "authors") == ["Alpha, Anna; Müller, Jörg; O'Neil, Pat"]
    assert len(values(quads, node, DCTERMS + "creator")) == 3
    assert values(quads, node, BIBO + "volume") == ["12"]
    assert values(quads, node, BIBO + "issue") == ["3"]
    assert values(quads, node, BIBO + "pages") == ["1–20"]
    assert values(quads, node, EV + "circle") == [f"{BASE}measure/core"]
    assert values(quads, node, EV + "measure") == [f"{BASE}measure/mipex-2007"]
    assert values(quads, node, EV + "country") == [f"{BASE}country/{code}" for code in ("AT", "BE", "DE")]
    assert values(quads, f"{node}/data/ess", EV + "rounds") == ["2-3"]


def test_the_year_is_a_gyear(quads: list[ox.Quad]) -> None:
    years = [q.object for q in quads if q.predicate == ox.NamedNode(DCTERMS + "issued")]
    assert len(years) == 5
    assert {year.datatype.value for year in years if isinstance(year, ox.Literal)} == {PREFIXES["xsd"] + "gYear"}


def test_a_sici_doi_is_kept_as_text_and_escaped_as_address(quads: list[ox.Quad]) -> None:
    node = f"{BASE}study/delta2004reform"
    assert values(quads, node, BIBO + "doi") == ["10.1002/(SICI)1097<1::AID>3.0.CO;2-X"]
    assert values(quads, node, FOAF + "page") == ["https://doi.org/10.1002/(SICI)1097%3C1::AID%3E3.0.CO;2-X"]


def test_one_person_in_two_files_has_one_address(quads: list[ox.Quad]) -> None:
    person = f"{BASE}person/alpha-anna"
    assert person in values(quads, f"{BASE}study/alpha2001trust", DCTERMS + "creator")
    assert person in values(quads, f"{BASE}study/epsilon2005review", DCTERMS + "creator")


def test_an_organisation_is_an_agent_and_no_person(quads: list[ox.Quad]) -> None:
    found = values(quads, f"{BASE}person/made-up-institute-of-examples", PREFIXES["rdf"] + "type")
    assert found == [FOAF + "Agent"]


def test_the_appraisal_of_a_direct_finding_is_derived(quads: list[ox.Quad]) -> None:
    expected = {
        "alpha2001trust-1": "favourable",
        "alpha2001trust-2": "favourable",
        "alpha2001trust-3": "neutral",
        "beta2002moderator-2": "mixed",
        "gamma2003index-1": "unclear",
    }
    for key, appraisal in expected.items():
        assert values(quads, f"{BASE}finding/{key}", EV + "appraisal") == [f"{BASE}appraisal/{appraisal}"]


def test_a_moderator_keeps_both_ends_and_its_own_appraisal(quads: list[ox.Quad]) -> None:
    node = f"{BASE}finding/beta2002moderator-1"
    assert values(quads, node, EV + "relationFrom") == [f"{BASE}outcome/perceived-discrimination"]
    assert values(quads, node, EV + "relationTo") == [f"{BASE}outcome/generalised-trust"]
    assert values(quads, node, EV + "appraisal") == [f"{BASE}appraisal/favourable"]


def test_numbers_stand_as_printed_and_once_more_for_arithmetic(quads: list[ox.Quad]) -> None:
    node = f"{BASE}estimate/alpha2001trust-1"
    assert values(quads, node, EV + "value") == ["0.25"]
    assert values(quads, node, EV + "standardError") == ["0.10"]
    assert values(quads, node, EV + "pValue") == ["<0.05"]
    assert values(quads, node, EV + "observations") == ["12,345"]
    assert values(quads, node, EV + "numericValue") == ["0.25"]
    assert values(quads, f"{BASE}estimate/alpha2001trust-2", EV + "value") == []


@pytest.mark.parametrize(("printed", "number"), [("−0.5", ["-0.5"]), (".5", [".5"]), ("1,234", []), ("<0.1", [])])
def test_only_a_plain_number_is_there_for_arithmetic(printed: str, number: list[str], words: Vocabulary) -> None:
    record = Record((study(measures=("mipex",)),), (finding(estimate=Estimate(value=printed)),))
    made = record_quads(record, "some2000study", words)
    assert values(made, f"{BASE}estimate/some2000study-1", EV + "value") == [printed]
    assert values(made, f"{BASE}estimate/some2000study-1", EV + "numericValue") == number


def test_a_finding_has_the_measure_of_its_study_unless_it_has_its_own(words: Vocabulary) -> None:
    findings = (finding(), finding(key="some2000study-2", measures=("index-mcp",)))
    made = record_quads(Record((study(measures=("mipex-2015",)),), findings), "some2000study", words)
    circles = [values(made, f"{BASE}finding/some2000study-{number}", EV + "circle") for number in (1, 2)]
    assert circles == [[f"{BASE}measure/core"], [f"{BASE}measure/comparable"]]


def test_a_study_with_several_measures_belongs_to_the_innermost_circle(words: Vocabulary) -> None:
    made = record_quads(Record((study(measures=("index-mcp", "mipex-2015")),)), "some2000study", words)
    assert values(made, f"{BASE}study/some2000study", EV + "circle") == [f"{BASE}measure/core"]
    assert values(made, f"{BASE}study/some2000study", EV + "measuresAsCoded") == ["index:mcp; mipex:2015"]


def test_unknown_fields_are_kept_in_the_graph(words: Vocabulary) -> None:
    made = record_quads(Record((study(other=(("keywords", "a, b"),)),)), "some2000study", words)
    assert values(made, f"{BASE}study/some2000study", EV + "otherField") == ["keywords = a, b"]


def test_what_is_not_known_gives_no_triple(words: Vocabulary) -> None:
    made = record_quads(Record((study(),)), "some2000study", words)
    assert not [quad for quad in made if isinstance(quad.object, ox.Literal) and not quad.object.value]


@pytest.mark.parametrize("family", ["Łukasz Ødegård", "Ælfric", "李", "O'Neil <x>", 'a"b\\c'])
def test_any_name_makes_a_valid_address(family: str, words: Vocabulary) -> None:
    made = record_quads(Record((study(authors=(Person(family, "A"),)),)), "some2000study", words)
    creators = values(made, f"{BASE}study/some2000study", DCTERMS + "creator")
    assert len(creators) == 1
    assert re.fullmatch(re.escape(BASE) + r"person/[A-Za-z0-9%_.~-]+", creators[0])
    assert list(ox.parse(to_nquads(made), format=ox.RdfFormat.N_QUADS))


def test_the_same_data_twice_is_one_use_with_both_rounds(words: Vocabulary) -> None:
    made = record_quads(Record((study(data=(DataUse("ess", "2"), DataUse("ess", "5"))),)), "some2000study", words)
    assert values(made, f"{BASE}study/some2000study/data/ess", EV + "rounds") == ["2", "5"]


@given(st.text(max_size=200))
@settings(max_examples=80, deadline=None)
def test_any_clean_text_survives_writing_and_reading(text: str) -> None:
    title = clean_text(text)
    quads = record_quads(Record((study(title=title),)), "some2000study", Vocabulary([]))
    back = list(ox.parse(to_nquads(quads), format=ox.RdfFormat.N_QUADS))
    assert values(back, f"{BASE}study/some2000study", DCTERMS + "title") == ([title] if title else [])


def test_turtle_goes_into_the_graph_of_its_file() -> None:
    made = turtle_quads(b"<https://example.org/a> <https://example.org/b> 1 .", graph_iri("ontology", "own"), "own.ttl")
    assert [quad.graph_name for quad in made] == [ox.NamedNode(f"{BASE}graph/ontology/own")]


def test_repeated_quads_are_written_once() -> None:
    one = ox.Quad(ox.NamedNode("a:a"), ox.NamedNode("b:b"), ox.Literal("x"), ox.NamedNode("g:g"))
    assert to_nquads([one, one]) == b'<a:a> <b:b> "x" <g:g> .\n'
