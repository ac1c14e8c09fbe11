"""The guard: no query reaches outside the store or changes it, and none that stays inside is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kb.errors import QueryError, QueryRefusedError
from kb.namespaces import BASE
from kb.query_guard import check_before_engine, check_query

if TYPE_CHECKING:
    from collections.abc import Callable

OUT = "<http://127.0.0.1:1/sparql>"
INNER = "{ ?a ?b ?c }"

SERVICES = [
    f"SELECT * {{ SERVICE {OUT} {INNER} }}",
    f"SELECT * {{ service {OUT} {INNER} }}",
    f"SELECT * {{ SeRvIcE SILENT {OUT} {INNER} }}",
    f"SELECT * {{ ?s ?p ?o . SERVICE{OUT}{INNER} }}",
    f"SELECT * {{ SERVICE ?where {INNER} }}",
    f"SELECT * {{ VALUES ?w {{ {OUT} }} SERVICE ?w {INNER} }}",
    f"SELECT * {{ {{ SELECT * {{ SERVICE {OUT} {INNER} }} }} }}",
    f"SELECT * {{ ?s ?p ?o FILTER EXISTS {{ SERVICE {OUT} {INNER} }} }}",
    f"SELECT * {{ ?s ?p ?o FILTER NOT EXISTS {{ SERVICE SILENT {OUT} {INNER} }} }}",
    f"SELECT * {{ ?s ?p ?o MINUS {{ SERVICE {OUT} {INNER} }} }}",
    f"SELECT * {{ OPTIONAL {{ SERVICE {OUT} {INNER} }} }}",
    f"SELECT * {{ {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ SERVICE {OUT} {INNER} }} }} }}",
    f"SELECT (EXISTS {{ SERVICE {OUT} {INNER} }} AS ?x) {{}}",
    f"SELECT * {{ BIND(EXISTS {{ SERVICE {OUT} {INNER} }} AS ?x) }}",
    f"SELECT ?s {{ ?s ?p ?o }} GROUP BY ?s HAVING (EXISTS {{ SERVICE {OUT} {INNER} }})",
    f"SELECT ?s {{ ?s ?p ?o }} ORDER BY (EXISTS {{ SERVICE {OUT} {INNER} }})",
    f"SELECT ?s {{ ?s ?p ?o FILTER(IF(EXISTS {{ SERVICE {OUT} {INNER} }}, true, COALESCE(1))) }}",
    f"ASK {{ SERVICE {OUT} {INNER} }}",
    f"CONSTRUCT {{ ?a ?b ?c }} WHERE {{ SERVICE {OUT} {INNER} }}",
    f"DESCRIBE ?a WHERE {{ SERVICE {OUT} {INNER} }}",
    f"PREFIX x: <http://127.0.0.1:1/> SELECT * {{ SERVICE x:y {INNER} }}",
]

#: The engine reads these as a SERVICE though a careless reader sees a comment or a string.
HIDDEN = [
    f"SELECT * {{ # a comment ends here\rSERVICE {OUT} {INNER}\n }}",
    f'SELECT * {{ ?s ?p "a\\u0022 # " . SERVICE {OUT} {INNER} \n }}',
    f"SELECT * {{ ?s ?p 'a\\u0027 # ' . SERVICE {OUT} {INNER} \n }}",
    f'SELECT * {{ ?s ?p "a\\U00000022 # " . SERVICE {OUT} {INNER} \n }}',
    f"SELECT * {{ \\u0053ERVICE {OUT} {INNER} }}",
    f"SELECT * {{ SERV\\u0049CE {OUT} {INNER} }}",
]


@pytest.fixture(params=[check_query, check_before_engine])
def guard(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Return the whole guard, and the one that leaves to the engine what it refuses itself."""
    found: Callable[[str], None] = request.param
    return found


@pytest.mark.parametrize("query", SERVICES)
def test_service_is_refused_wherever_it_stands(query: str, guard: Callable[[str], None]) -> None:
    with pytest.raises(QueryRefusedError, match="SERVICE is refused"):
        guard(query)


@pytest.mark.parametrize("query", HIDDEN)
def test_service_is_refused_however_it_hides(query: str, guard: Callable[[str], None]) -> None:
    with pytest.raises(QueryError):
        guard(query)


@pytest.mark.parametrize(
    "clause",
    [
        "FROM <http://example.org/data.ttl>",
        "FROM <https://example.org/data.ttl>",
        "FROM <file:///etc/passwd>",
        "FROM <relative.ttl>",
        "FROM NAMED <http://example.org/data.ttl>",
        "FROM NAMED <file:///etc/passwd>",
        f"FROM <{BASE}graph/studies/alpha2001trust> FROM <http://example.org/data.ttl>",
        f"FROM NAMED <{BASE}graph/studies/alpha2001trust> FROM NAMED <http://example.org/data.ttl>",
        "FROM foaf:name",
    ],
)
@pytest.mark.parametrize(
    "form", ["SELECT * {} {{ ?s ?p ?o }}", "ASK {} {{ ?s ?p ?o }}", "DESCRIBE ?s {} {{ ?s ?p ?o }}"]
)
def test_from_outside_the_store_is_refused(clause: str, form: str, guard: Callable[[str], None]) -> None:
    with pytest.raises(QueryRefusedError, match="is refused"):
        guard(form.format(clause))


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <a:a> <b:b> 1 }",
        "DELETE DATA { <a:a> <b:b> 1 }",
        "DELETE WHERE { ?s ?p ?o }",
        "DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
        "LOAD <http://example.org/data.ttl>",
        "LOAD SILENT <file:///etc/passwd> INTO GRAPH <a:g>",
        "CLEAR ALL",
        "CLEAR SILENT DEFAULT",
        "DROP ALL",
        "DROP GRAPH <a:g>",
        "CREATE GRAPH <a:g>",
        "ADD <a:g> TO <a:h>",
        "MOVE <a:g> TO <a:h>",
        "COPY DEFAULT TO <a:h>",
        "PREFIX x: <a:> DELETE WHERE { x:s ?p ?o }",
    ],
)
def test_updates_are_refused_with_what_to_do_instead(update: str) -> None:
    with pytest.raises(QueryRefusedError, match="Updates are refused"):
        check_query(update)
    with pytest.raises(SyntaxError):
        ox.Store().query(update)


def test_a_query_followed_by_an_update_does_not_pass() -> None:
    with pytest.raises(QueryError):
        check_query("SELECT * { ?s ?p ?o } ; CLEAR ALL")


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?s ?p "SERVICE <http://example.org/> { ?a ?b ?c }" }',
        "SELECT * { ?s ?p '''SERVICE\n<http://example.org/> {}''' }",
        "SELECT * { ?s ?p ?o } # SERVICE <http://example.org/> { ?a ?b ?c }",
        "# FROM <http://example.org/>\nSELECT * { ?s ?p ?o }",
        "SELECT ?service ?SERVICE { ?service ?from ?SERVICE }",
        "PREFIX service: <http://example.org/> SELECT * { service:SERVICE service:from ?x }",
        "SELECT * { <http://example.org/SERVICE#FROM> ?p ?o }",
        "SELECT * { ?s ?p 'CLEAR ALL ; DROP ALL' }",
        f"SELECT * FROM <{BASE}graph/studies/alpha2001trust> {{ ?s ?p ?o }}",
        f"SELECT * FROM NAMED <{BASE}graph/studies/alpha2001trust> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        f"PREFIX g: <{BASE}graph/studies/> SELECT * FROM g:alpha2001trust {{ ?s ?p ?o }}",
        f"BASE <{BASE}> SELECT * FROM <graph/studies/alpha2001trust> {{ ?s ?p ?o }}",
        "SELECT * { ?s a ev:Study ; dcterms:title ?t FILTER(REGEX(?t, '^A', 'i')) } ORDER BY ?t LIMIT 5 OFFSET 1",
        "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s HAVING (COUNT(*) > 1)",
        "SELECT * { ?s (skos:broader|^skos:narrower)+/skos:prefLabel ?l }",
        "SELECT * { VALUES (?a ?b) { (1 UNDEF) } BIND(IF(?a = 1, 'x', 'y') AS ?c) }",
        "ASK { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "CONSTRUCT WHERE { ?s ?p ?o }",
        "DESCRIBE study:alpha2001trust",
        'SELECT ("\\u00e9" AS ?x) ("\\U000000e9" AS ?y) {}',
        'SELECT ("\\u00e91234" AS ?x) {}',
        'SELECT ("back\\\\u00e9slash" AS ?x) {}',
        "SELECT *\r\n{ ?s ?p ?o } # the end\r\n",
        "SELECT * { ?s ?p \"a 'b\" , 'it\\'s', ''' '' ''', \"\" }",
        "SELECT * { ?s ?p 'nowhere:Study' } # nowhere:Study",
        "PREFIX # where\n new: <a:> SELECT * { ?s a new:Study ; new:p _:b ; new:x 1 }",
        "PREFIX : <a:> SELECT * { ?s :p :o.p ; :q 1.5e3 . FILTER(?s<?t&&?u>:v) }",
    ],
)
def test_what_stays_inside_passes(query: str) -> None:
    check_query(query)


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("SELECT * { ?s ?p ?o ", 1, 21),
        ("SELECT *\n{ ?s ?p }", 2, 3),
        ("SELECT * {\n  ?s ?p ?o .\n  FILTER(?o = )\n}", 3, 3),
        ("SELEKT * { ?s ?p ?o }", 1, 1),
        ("SELECT * {\r\n ?s ?p }", 2, 2),
        ("SELECT ?x {\n\t?s ?p ?o ;\n\t\t?q }", 3, 3),
        ("SELECT * {\n ?s ?p 'abc }", 2, 8),
        ('SELECT * { ?s ?p \'abc\' .\n ?s ?p """abc" }', 2, 8),
        ("SELECT * {\r ?s ?p 'it\\'s' ; a nowhere:Thing }", 2, 20),
        ("# évidence\nSELECT * { ?s ev:x polcy:health }", 2, 20),
    ],
)
def test_a_syntax_error_carries_line_and_column(query: str, line: int, column: int) -> None:
    with pytest.raises(QueryError, match=rf"line {line}, column {column}\b") as caught:
        check_query(query)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert not isinstance(caught.value, QueryRefusedError)


def test_a_prefix_that_nobody_declared_brings_the_nearest_to_mind() -> None:
    with pytest.raises(QueryError, match=r"no prefix polcy: .* Did you mean policy:\?"):
        check_query("SELECT * { ?s ev:policy polcy:health }")


@pytest.mark.parametrize("query", ["", "   \n", "# only a comment"])
def test_an_empty_query_is_no_update(query: str) -> None:
    with pytest.raises(QueryError) as caught:
        check_query(query)
    assert "Updates" not in str(caught.value)


def test_a_query_nested_too_deeply_is_refused_and_not_a_crash(guard: Callable[[str], None]) -> None:
    with pytest.raises(QueryRefusedError, match="nested"):
        guard("SELECT * " + "{" * 3000 + "}" * 3000)
