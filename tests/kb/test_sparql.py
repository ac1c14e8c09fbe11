"""User queries: the W3C formats say the same to any reader, and no query outstays its time or leaves the machine."""

from __future__ import annotations

import csv
import io
import json
import re
import socket
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from rdflib import Graph, Literal, URIRef, Variable
from rdflib.compare import isomorphic
from rdflib.namespace import XSD
from rdflib.query import Result as RdflibResult

from kb.errors import QueryError, QueryRefusedError, QueryTimeoutError
from kb.namespaces import BASE, PREFIXES
from kb.query_worker import written
from kb.sparql import Result, read_table, run_query
from tests.kb.running import query_workers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rdflib.term import Node

    from kb.store import Reader

NASTY: list[Node] = [
    Literal("plain"),
    Literal(""),
    Literal("comma, semicolon; tab\tend"),
    Literal("\"quoted\" and 'single'"),
    Literal("two\nlines"),
    Literal("back\\slash \\n \\t"),
    Literal("Ünïcödé — 漢字 🙂 e\u0301"),
    Literal("<b>&amp; markup</b> ]]>"),
    Literal("  spaces around  "),
    Literal("=1+1"),
    Literal("colour", lang="en-gb"),
    Literal('two\n"lines"', lang="fr"),
    Literal(42),
    Literal("0.5", datatype=XSD.decimal),
    Literal(True),
    Literal("2007", datatype=XSD.gYear),
    Literal("2026-11-25", datatype=XSD.date),
    Literal('odd "type"', datatype=URIRef("https://example.org/type#x")),
    URIRef("https://example.org/a?b=c&d=e;f#g"),
]
ROWS = (
    "SELECT ?i ?x ?gone { VALUES (?i ?x ?gone) { "
    + " ".join(f"({number} {term.n3()} UNDEF)" for number, term in enumerate(NASTY))
    + ' (100 UNDEF "last") } } ORDER BY ?i'
)
GRAPH = (
    "CONSTRUCT { <https://example.org/s> <https://example.org/p> ?x } WHERE { VALUES ?x { "
    + " ".join(term.n3() for term in NASTY)
    + " } }"
)
GRAPH_FORMATS = [("ttl", "turtle"), ("nt", "nt"), ("jsonld", "json-ld"), ("xml", "xml")]
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?i) }"
_UNGUARDED = """
import json, sys
import kb.query_guard
kb.query_guard.check_query = lambda text: None
from kb.query_worker import main
main()
"""
_ALREADY_IN = """
import socket, sys
from kb.query_worker import leave_network
leave_network()
try:
    socket.create_connection(("127.0.0.1", int(sys.argv[1])), 2)
except OSError as error:
    sys.stdout.write("refused")
"""


@pytest.fixture
def listener() -> Iterator[tuple[int, list[str]]]:
    """Listen on a port of this machine; every connection is noted and answered with an empty result."""
    server = socket.create_server(("127.0.0.1", 0))
    noted: list[str] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                noted.append(connection.recv(2000).decode("latin-1"))
                body = b'{"head":{"vars":["a"]},"results":{"bindings":[]}}'
                head = (
                    f"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\nContent-Length: {len(body)}"
                )
                connection.sendall(head.encode() + b"\r\nConnection: close\r\n\r\n" + body)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield server.getsockname()[1], noted
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(5)


def here(reader: Reader, query: str, form: str) -> Result:
    """Answer in this process, as the process of a query does: what is written is the same, and starting one is slow."""
    store = ox.Store.read_only(str(reader.folder / "store"))
    head, content = written(store.query(query, prefixes=PREFIXES), form)
    return Result(head["kind"], content)


@pytest.mark.parametrize(("query", "form"), [
    ("SELECT ?s { ?s a ev:Study } ORDER BY ?s", "xml"), ("ASK {}", "json"), ("DESCRIBE study:alpha2001trust", "jsonld"),
])  # fmt: skip
def test_the_process_of_a_query_writes_the_same(query: str, form: str, toy_reader: Reader) -> None:
    found = run_query(toy_reader, query, form=form)
    assert (found.kind, found.content) == here(toy_reader, query, form)[:2]


def parsed(content: bytes, form: str) -> list[tuple[Node | None, ...]]:
    result = RdflibResult.parse(io.BytesIO(content), format=form)
    assert [str(variable) for variable in result.vars or []] == ["i", "x", "gone"]
    return [tuple(row.get(Variable(name)) for name in ("i", "x", "gone")) for row in result.bindings]


@pytest.mark.parametrize("form", ["json", "xml", "tsv"])
def test_nasty_values_come_back_whole_from_a_typed_format(form: str, toy_reader: Reader) -> None:
    expected: list[tuple[Node | None, ...]] = [(Literal(number), term, None) for number, term in enumerate(NASTY)]
    expected.append((Literal(100), None, Literal("last")))
    found = parsed(here(toy_reader, ROWS, form).content, form)
    assert [row[1] for row in found] == [row[1] for row in expected]
    assert found == expected


def test_nasty_values_come_back_as_text_from_csv(toy_reader: Reader) -> None:
    found = parsed(run_query(toy_reader, ROWS, form="csv").content, "csv")
    texts = ["" if row[1] is None else str(row[1]) for row in found]
    assert texts == [*(str(term) for term in NASTY), ""]
    assert ["" if row[2] is None else str(row[2]) for row in found] == [""] * len(NASTY) + ["last"]


def test_an_address_with_a_comma_is_one_csv_cell(toy_reader: Reader) -> None:
    query = "SELECT ?x ?y { VALUES (?x ?y) { (<https://example.org/a,b> 'c,d') } }"
    content = run_query(toy_reader, query, form="csv").content.decode()
    assert list(csv.reader(io.StringIO(content))) == [["x", "y"], ["https://example.org/a,b", "c,d"]]


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml"])
def test_every_row_format_says_the_same_about_the_collection(form: str, toy_reader: Reader) -> None:
    query = "SELECT ?s ?t ?d { ?s a ev:Study ; dcterms:title ?t OPTIONAL { ?s bibo:doi ?d } } ORDER BY ?s"
    result = RdflibResult.parse(io.BytesIO(here(toy_reader, query, form).content), format=form)
    rows = [
        ["" if (term := row.get(Variable(name))) is None else str(term) for name in "std"] for row in result.bindings
    ]
    assert rows == toy_reader.rows(query)


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize(("query", "answer"), [("ASK { ?s a ev:Study }", True), ("ASK { ?s a ev:Nothing }", False)])
def test_a_yes_or_no_reads_back(form: str, query: str, answer: bool, toy_reader: Reader) -> None:
    result = here(toy_reader, query, form)
    assert result.kind == "boolean"
    assert RdflibResult.parse(io.BytesIO(result.content), format=form).askAnswer is answer


def test_a_yes_or_no_is_a_word_in_plain_formats(toy_reader: Reader) -> None:
    assert run_query(toy_reader, "ASK { ?s a ev:Study }", form="csv").content == b"true\n"
    assert run_query(toy_reader, "ASK { ?s a ev:Nothing }", form="tsv").content == b"false\n"
    assert read_table(run_query(toy_reader, "ASK { ?s a ev:Study }").content).rows == [["yes"]]


@pytest.mark.parametrize("form", ["json", "xml", "tsv", "csv"])
def test_a_negative_number_keeps_its_sign(form: str, toy_reader: Reader) -> None:
    content = here(toy_reader, "SELECT ?x { VALUES ?x { -0.5 } }", form).content.decode()
    assert re.search(r"(^|[>\"\s])-0\.5($|[<\"\s])", content)


@pytest.mark.parametrize(
    ("query", "form", "name"),
    [
        *(("CONSTRUCT WHERE { study:alpha2001trust ?p ?o }", *pair) for pair in GRAPH_FORMATS),
        *(("DESCRIBE study:alpha2001trust", *pair) for pair in GRAPH_FORMATS),
    ],
)
def test_a_graph_reads_back_the_same(query: str, form: str, name: str, toy_reader: Reader) -> None:
    start = f"<{BASE}study/alpha2001trust> "
    lines = [f"{triple} .\n" for triple in toy_reader.triples() if str(triple).startswith(start)]
    result = here(toy_reader, query, form)
    assert result.kind == "graph"
    found = Graph().parse(data=result.content, format=name)
    assert len(found) == len(lines)
    assert isomorphic(found, Graph().parse(data="".join(lines), format="nt"))


@pytest.mark.parametrize(("form", "name"), GRAPH_FORMATS)
def test_a_graph_of_nasty_values_reads_back_the_same(form: str, name: str, toy_reader: Reader) -> None:
    expected = Graph()
    for term in NASTY:
        expected.add((URIRef("https://example.org/s"), URIRef("https://example.org/p"), term))
    found = Graph().parse(data=here(toy_reader, GRAPH, form).content, format=name)
    assert isomorphic(found, expected)


def test_a_graph_comes_in_the_same_bytes_each_time(toy_reader: Reader) -> None:
    query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s a ev:Finding ; ?p ?o }"
    first = run_query(toy_reader, query, form="ttl").content
    assert run_query(toy_reader, query, form="ttl").content == first
    assert b"@prefix ev:" in first


def test_a_graph_repeats_no_triple(toy_reader: Reader) -> None:
    lines = run_query(toy_reader, f"DESCRIBE <{BASE}person/alpha-anna>", form="nt").content.splitlines()
    assert len(lines) == len(set(lines)) == 2


def test_json_without_a_format_reads_as_a_table(toy_reader: Reader) -> None:
    table = read_table(run_query(toy_reader, "SELECT ?k ?gone { study:alpha2001trust dcterms:identifier ?k }").content)
    assert table == (["k", "gone"], [["alpha2001trust", ""]])


def test_no_rows_are_a_header_alone(toy_reader: Reader) -> None:
    assert run_query(toy_reader, "SELECT ?a ?b { ?a ev:nothing ?b }", form="csv").content.split() == [b"a,b"]


def test_queries_see_all_graphs_and_can_name_one(toy_reader: Reader) -> None:
    query = "SELECT ?g { GRAPH ?g { study:alpha2001trust a ev:Study } }"
    assert read_table(run_query(toy_reader, query).content).rows == [[f"{BASE}graph/studies/alpha2001trust"]]


def test_from_a_graph_of_the_store_reads_that_graph_alone(toy_reader: Reader) -> None:
    query = f"SELECT ?s FROM <{BASE}graph/studies/alpha2001trust> {{ ?s a ev:Study }}"
    assert read_table(run_query(toy_reader, query).content).rows == [[f"{BASE}study/alpha2001trust"]]


def test_from_named_a_graph_of_the_store_reads_that_graph_alone(toy_reader: Reader) -> None:
    query = f"SELECT ?s FROM NAMED <{BASE}graph/studies/alpha2001trust> {{ GRAPH ?g {{ ?s a ev:Study }} }}"
    assert read_table(run_query(toy_reader, query).content).rows == [[f"{BASE}study/alpha2001trust"]]


@pytest.mark.parametrize(
    ("query", "form", "message"),
    [
        ("SELECT * { ?s ?p ?o } LIMIT 1", "ttl", "rows, not a graph"),
        ("ASK { ?s ?p ?o }", "jsonld", "rows, not a graph"),
        ("DESCRIBE study:alpha2001trust", "csv", "a graph, not rows"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "tsv", "a graph, not rows"),
    ],
)
def test_a_format_that_does_not_fit_says_which_do(query: str, form: str, message: str, toy_reader: Reader) -> None:
    with pytest.raises(QueryError, match=message):
        run_query(toy_reader, query, form=form)


@pytest.mark.parametrize(
    ("query", "kind", "message"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?a ?b ?c } }", QueryRefusedError, "SERVICE is refused"),
        ("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", QueryRefusedError, "FROM file:///etc/passwd is refused"),
        ("CLEAR ALL", QueryRefusedError, "Updates are refused"),
        ("SELECT * {\n ?s ?p ", QueryError, "line 2, column"),
        ("SELECT * { ?s a nowhere:Study }", QueryError, "no prefix nowhere: line 1, column 17"),
        ("SELECT (<https://example.org/f>(1) AS ?x) {}", QueryError, "custom function"),
        ("SELECT (?x AS ?x) { ?x ?y ?z }", QueryError, "overrides an existing variable"),
    ],
)
def test_a_bad_query_is_one_sentence(query: str, kind: type[QueryError], message: str, toy_reader: Reader) -> None:
    with pytest.raises(kind, match=re.escape(message)) as caught:
        run_query(toy_reader, query)
    assert "\n" not in str(caught.value)
    assert "Traceback" not in str(caught.value)


def test_a_letter_written_as_an_escape_before_digits_is_understood(toy_reader: Reader) -> None:
    query = 'SELECT ("\\u00e91234" AS ?x) {}'
    assert read_table(run_query(toy_reader, query).content).rows == [["é1234"]]


def test_a_cross_product_stops_in_about_its_time(toy_reader: Reader) -> None:
    start = time.monotonic()
    with pytest.raises(QueryTimeoutError, match="longer than 1 second"):
        run_query(toy_reader, CROSS, timeout=1)
    assert 0.9 < time.monotonic() - start < 4


def test_a_query_that_was_stopped_leaves_no_process(toy_reader: Reader) -> None:
    with pytest.raises(QueryTimeoutError):
        run_query(toy_reader, CROSS, timeout=0.5)
    assert query_workers() == []


def test_a_query_that_needs_too_much_memory_is_stopped_alone(
    toy_reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = "import kb.query_worker; kb.query_worker.MEMORY_BYTES = 400_000_000; kb.query_worker.main()"
    monkeypatch.setattr("kb.sparql._START", f"import sys; sys.path.insert(0, sys.argv[1]); {start}")
    double = " ".join(f"BIND(CONCAT(?x{number}, ?x{number}) AS ?x{number + 1})" for number in range(30))
    with pytest.raises(QueryTimeoutError, match="too much memory"):
        run_query(toy_reader, f"SELECT (STRLEN(?x30) AS ?n) {{ BIND('x' AS ?x0) {double} }}", timeout=20)


def worker(script: str, reader: Reader, query: str) -> subprocess.CompletedProcess[bytes]:
    store = str(reader.folder / "store")
    request = json.dumps({"store": store, "query": query, "format": "json", "limit": 0, "seconds": 30})
    command = [sys.executable, "-c", script]
    return subprocess.run(command, input=request.encode(), capture_output=True, timeout=30, check=False)


@pytest.mark.parametrize("silent", ["", "SILENT "])
def test_a_service_that_got_past_the_guard_opens_no_socket(
    silent: str, toy_reader: Reader, listener: tuple[int, list[str]]
) -> None:
    port, noted = listener
    query = f"SELECT * {{ SERVICE {silent}<http://127.0.0.1:{port}/sparql> {{ ?a ?b ?c }} }}"
    done = worker(_UNGUARDED, toy_reader, query)
    assert done.returncode == 0, done.stderr
    assert noted == []
    assert silent or b"error" in done.stdout


def test_the_listener_would_have_noticed(toy_reader: Reader, listener: tuple[int, list[str]]) -> None:
    port, noted = listener
    free = "import kb.query_worker as w; w.leave_network = lambda: False\n" + _UNGUARDED
    worker(free, toy_reader, f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/sparql> {{ ?a ?b ?c }} }}")
    assert len(noted) == 1


def test_the_process_of_a_query_is_out_of_the_network(listener: tuple[int, list[str]]) -> None:
    port, noted = listener
    done = subprocess.run([sys.executable, "-c", _ALREADY_IN, str(port)], capture_output=True, check=True)
    assert done.stdout == b"refused"
    assert noted == []


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { # a comment ends here\rSERVICE <URL> { ?a ?b ?c }\n }",
        'SELECT * { BIND("a\\u0022 # " AS ?x) . SERVICE <URL> { ?a ?b ?c } \n }',
    ],
)
def test_a_hidden_service_is_refused_and_opens_no_socket(
    query: str, toy_reader: Reader, listener: tuple[int, list[str]]
) -> None:
    port, noted = listener
    with pytest.raises(QueryError) as caught:
        run_query(toy_reader, query.replace("URL", f"http://127.0.0.1:{port}/sparql"))
    assert noted == []
    assert "cannot be answered" not in str(caught.value)


def test_a_query_runs_apart_from_the_working_folder(
    toy_reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('wrong json')", "utf-8")
    (tmp_path / "kb").mkdir()
    (tmp_path / "kb" / "__init__.py").write_text("raise SystemExit('wrong kb')", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert read_table(run_query(toy_reader, "ASK { ?s a ev:Study }").content).rows == [["yes"]]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["json.py", "kb"]


def test_a_reader_answers_queries_of_its_own_generation(toy_reader: Reader) -> None:
    query = "SELECT (COUNT(?s) AS ?n) { ?s a ev:Study }"
    assert read_table(run_query(toy_reader, query).content).rows == toy_reader.rows(query) == [["5"]]
