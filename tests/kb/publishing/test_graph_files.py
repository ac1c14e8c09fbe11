"""Graph files: golden bytes, and two parsers that have nothing to do with each other read back what was written."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.build import ensure
from kb.collection import Collection
from kb.namespaces import BASE, EV, PREFIXES
from kb.publishing.graph_files import GRAPH_FORMATS, write_graph
from tests.kb.publishing.stores import Quads

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kb.store import Reader

GOLDEN = Path(__file__).parents[1] / "golden"
RDFLIB = {"ttl": "turtle", "nt": "nt", "nq": "nquads", "trig": "trig", "rdf": "xml", "jsonld": "json-ld"}
XSD = PREFIXES["xsd"]


@pytest.fixture(scope="module")
def small_reader(small_toy: Path) -> Iterator[Reader]:
    reader, _ = ensure(Collection((small_toy / "studies",), small_toy / "ontology"))
    with reader:
        yield reader


def written(reader: Reader, form: str) -> bytes:
    out = io.BytesIO()
    write_graph(reader, form, out)
    return out.getvalue()


def statements(quads: Iterable[ox.Quad]) -> set[ox.Quad]:
    """Return the quads, blank nodes by canonical names."""
    found = set(quads)
    if any(isinstance(term, ox.BlankNode) for quad in found for term in (quad.subject, quad.object)):
        dataset = ox.Dataset(found)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
        return set(dataset)
    return found


def stored(reader: Reader, form: str) -> set[ox.Quad]:
    """Return what a format should hold: the named graphs, or the union of them."""
    named = GRAPH_FORMATS[form].named
    quads = reader.quads() if named else reader.quads(graph=ox.DefaultGraph())
    return statements(quad for quad in quads if named != (quad.graph_name == ox.DefaultGraph()))


def by_oxigraph(content: bytes, form: str) -> set[ox.Quad]:
    found = ox.RdfFormat.from_extension(form)
    assert found
    return statements(ox.parse(content, found))


def by_rdflib(content: bytes, form: str) -> set[ox.Quad]:
    found = rdflib.Dataset()
    found.parse(io.BytesIO(content), format=RDFLIB[form])
    quads = found.serialize(format="nquads", encoding="utf-8")
    default = ox.NamedNode(str(rdflib.graph.DATASET_DEFAULT_GRAPH_ID))
    return statements(
        ox.Quad(quad.subject, quad.predicate, quad.object) if quad.graph_name == default else quad
        for quad in ox.parse(quads, ox.RdfFormat.N_QUADS)
    )


@pytest.mark.parametrize("form", GRAPH_FORMATS)
def test_a_format_gives_its_golden_file(form: str, one_graph: Quads) -> None:
    golden = GOLDEN / f"graph.{form}"
    assert written(one_graph.reader(), form) == golden.read_bytes(), f"If this is meant, rewrite {golden.name}."


@pytest.mark.parametrize("form", GRAPH_FORMATS)
def test_oxigraph_reads_back_what_is_in_the_store(form: str, small_reader: Reader) -> None:
    assert by_oxigraph(written(small_reader, form), form) == stored(small_reader, form)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("form", GRAPH_FORMATS)
def test_rdflib_reads_back_what_is_in_the_store(form: str, small_reader: Reader) -> None:
    assert by_rdflib(written(small_reader, form), form) == stored(small_reader, form)


@pytest.mark.parametrize("form", ["trig", "rdf", "jsonld"])
def test_the_bundled_collection_is_read_back_too(form: str, whole_reader: Reader) -> None:
    found = stored(whole_reader, form)
    assert len(found) > 30_000
    assert by_oxigraph(written(whole_reader, form), form) == found


@pytest.mark.parametrize("lines", [1, 7, 115])
@pytest.mark.parametrize("form", ["nt", "nq"])
def test_lines_sorted_in_parts_are_the_same(
    form: str, lines: int, one_graph: Quads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.publishing.graph_files._LINES_AT_ONCE", lines)
    assert written(one_graph.reader(), form) == (GOLDEN / f"graph.{form}").read_bytes()


def test_nquads_are_the_dump_of_the_store(small_reader: Reader) -> None:
    assert written(small_reader, "nq") == small_reader.dump()


@pytest.mark.parametrize("form", GRAPH_FORMATS)
def test_the_same_graph_gives_the_same_bytes(form: str, small_reader: Reader) -> None:
    assert len({written(small_reader, form) for _ in range(4)}) == 1


def test_nothing_is_asked_of_the_network_to_read_json_ld(one_graph: Quads) -> None:
    context = json.loads(written(one_graph.reader(), "jsonld"))["@context"]
    assert context["policy"] == f"{BASE}policy/"
    assert context["ev:policy"] == {"@type": "@id"}
    assert context["ev:codedOn"] == {"@type": "xsd:date"}


def test_json_ld_reads_like_a_record(one_graph: Quads) -> None:
    (graph,) = json.loads(written(one_graph.reader(), "jsonld"))["@graph"]
    assert graph["@id"] == f"{BASE}graph/studies/alpha2001trust"
    nodes = {node["@id"]: node for node in graph["@graph"]}
    finding = nodes["finding:alpha2001trust-1"]
    assert finding["@type"] == "ev:Finding"
    assert finding["ev:policy"] == "policy:anti-discrimination"
    assert finding["ev:codedOn"] == "2026-11-25"
    assert nodes["study:alpha2001trust"]["ev:country"] == ["country:AT", "country:BE", "country:DE"]


def test_an_empty_store_is_a_file_without_statements() -> None:
    for form in GRAPH_FORMATS:
        assert by_oxigraph(written(Quads([]).reader(), form), form) == set()


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
IRIS = st.sampled_from(
    [f"{BASE}study/a", f"{BASE}study/a/data/b", f"{BASE}study//a", f"{BASE}study/", "data:text/plain,x", "study:a",
     "http://example.org/x?y#z", EV + "Finding", "https://doi.org/10.1/(a)b"]
).map(ox.NamedNode)  # fmt: skip
NODES = IRIS | st.sampled_from("bc").map(ox.BlankNode)
LITERALS = (
    TEXT.map(ox.Literal)
    | st.builds(lambda text, tag: ox.Literal(text, language=tag), TEXT, st.sampled_from(["en", "de-at"]))
    | st.builds(
        lambda text, name: ox.Literal(text, datatype=ox.NamedNode(name)),
        st.sampled_from(["1", "007", "-0", "true", "1.50", "x", "99999999999999999999"]),
        st.sampled_from([XSD + "integer", XSD + "boolean", XSD + "decimal", "http://example.org/type"]),
    )
)
QUADS = st.lists(
    st.builds(
        ox.Quad,
        NODES,
        st.sampled_from([EV + "policy", PREFIXES["rdfs"] + "label", "http://example.org/p"]).map(ox.NamedNode)
        | st.just(ox.NamedNode(PREFIXES["skos"] + "note")),
        NODES | LITERALS,
        st.sampled_from([f"{BASE}graph/a", "http://example.org/g"]).map(ox.NamedNode),
    ),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(quads=QUADS)
@pytest.mark.parametrize("form", GRAPH_FORMATS)
def test_any_statement_survives(form: str, quads: list[ox.Quad]) -> None:
    reader = Quads(quads).reader()
    assert by_oxigraph(written(reader, form), form) == stored(reader, form)
