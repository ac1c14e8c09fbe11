"""The SPARQL 1.1 Protocol (W3C Recommendation of 21 March 2013), case by case, on a real server.

Each test is named after the section that asks for it; those of section "2.1 tests" are cases of the W3C test suite
for the protocol, by their names there.
"""

from __future__ import annotations

from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from kb.namespaces import BASE
from tests.kb.serving.running import HTTP

if TYPE_CHECKING:
    from tests.kb.serving.running import Server

FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
ASK = "ASK {}"
ALPHA, BETA = f"{BASE}graph/studies/alpha2001trust", f"{BASE}graph/studies/beta2002moderator"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s a ev:Study }"
GRAPHS = "SELECT DISTINCT ?g { GRAPH ?g { ?s a ev:Study } } ORDER BY ?g"


def post(server: Server, body: str | bytes, kind: str = QUERY, path: str = "", **headers: str) -> httpx.Response:
    content = body.encode() if isinstance(body, str) else body
    given = {"Content-Type": kind, **headers} if kind else headers
    return HTTP.post(server.endpoint + path, content=content, headers=given)


def number(response: httpx.Response) -> int:
    assert response.status_code == 200, response.text
    return int(response.json()["results"]["bindings"][0]["n"]["value"])


def column(response: httpx.Response, name: str) -> list[str]:
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["results"]["bindings"]
    return [row[name]["value"] for row in found]


def refused(response: httpx.Response, status: int) -> str:
    """Return the one plain sentence of a refusal."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.text.count("\n") == 1
    assert response.text.endswith(".\n")
    return response.text


class TestSection211QueryViaGet:
    def test_the_query_is_percent_encoded_in_the_address(self, server: Server) -> None:
        response = HTTP.get(server.endpoint + "?query=ASK%20%7B%7D")
        assert response.status_code == 200
        assert response.json()["boolean"] is True

    def test_a_plus_is_a_space(self, server: Server) -> None:
        assert HTTP.get(server.endpoint + "?query=ASK+%7B%7D").json()["boolean"] is True

    def test_letters_beyond_ascii_arrive(self, server: Server) -> None:
        response = server.ask('SELECT ("ж€😀" AS ?x) {}')
        assert column(response, "x") == ["ж€😀"]

    def test_fields_that_mean_nothing_are_passed_over(self, server: Server) -> None:
        assert server.ask(ASK, results="json", output="json").json()["boolean"] is True

    def test_head_gives_the_headers_alone(self, server: Server) -> None:
        response = HTTP.head(server.endpoint, params={"query": ASK}, headers={"Accept": JSON})
        assert response.status_code == 200
        assert response.headers["content-type"] == JSON
        assert response.content == b""


class TestSection212QueryViaUrlEncodedPost:
    def test_the_query_stands_in_the_form(self, server: Server) -> None:
        assert HTTP.post(server.endpoint, data={"query": ASK}).json()["boolean"] is True

    def test_so_do_the_graphs(self, server: Server) -> None:
        fields = {"query": COUNT, "default-graph-uri": ALPHA}
        assert number(HTTP.post(server.endpoint, data=fields, headers={"Accept": JSON})) == 1

    def test_the_type_may_have_parameters(self, server: Server) -> None:
        assert post(server, "query=ASK+%7B%7D", f"{FORM}; charset=UTF-8").status_code == 200


class TestSection213QueryViaPostDirectly:
    def test_the_query_is_the_body(self, server: Server) -> None:
        assert post(server, ASK).json()["boolean"] is True

    def test_the_graphs_stand_in_the_address(self, server: Server) -> None:
        assert number(post(server, COUNT, path=f"?default-graph-uri={ALPHA}", Accept=JSON)) == 1

    def test_the_body_is_utf_8(self, server: Server) -> None:
        assert column(post(server, 'SELECT ("ж" AS ?x) {}', f"{QUERY};charset=utf-8", Accept=JSON), "x") == ["ж"]


class TestSection214SpecifyingAnRdfDataset:
    def test_without_a_dataset_the_default_graph_is_the_union(self, server: Server) -> None:
        assert number(server.ask(COUNT)) == 5
        assert len(column(server.ask(GRAPHS), "g")) == 5

    def test_a_default_graph_is_all_there_is(self, server: Server) -> None:
        fields = {"default-graph-uri": ALPHA}
        assert number(server.ask(COUNT, **fields)) == 1
        assert column(server.ask(GRAPHS, **fields), "g") == []

    def test_default_graphs_are_merged(self, server: Server) -> None:
        path = f"?query={COUNT}&default-graph-uri={ALPHA}&default-graph-uri={BETA}"
        assert number(HTTP.get(server.endpoint + path, headers={"Accept": JSON})) == 2

    def test_with_named_graphs_alone_the_default_graph_is_empty(self, server: Server) -> None:
        fields = {"named-graph-uri": ALPHA}
        assert column(server.ask(GRAPHS, **fields), "g") == [ALPHA]
        assert number(server.ask(COUNT, **fields)) == 0

    def test_both_are_kept_apart(self, server: Server) -> None:
        fields = {"default-graph-uri": ALPHA, "named-graph-uri": BETA}
        assert column(server.ask("SELECT ?k { ?s a ev:Study ; dcterms:identifier ?k }", **fields), "k") == [
            "alpha2001trust"
        ]
        assert column(server.ask(GRAPHS, **fields), "g") == [BETA]

    def test_the_request_goes_before_the_query(self, server: Server) -> None:
        query = COUNT.replace("{ ?s", f"FROM <{ALPHA}> FROM <{BETA}> {{ ?s")
        assert number(server.ask(query)) == 2
        assert number(server.ask(query, **{"default-graph-uri": ALPHA})) == 1

    def test_a_graph_of_the_collection_that_is_not_there_is_empty(self, server: Server) -> None:
        assert number(server.ask(COUNT, **{"default-graph-uri": f"{BASE}graph/studies/nobody"})) == 0

    @pytest.mark.parametrize("field", ["default-graph-uri", "named-graph-uri"])
    def test_a_graph_of_elsewhere_is_refused(self, server: Server, field: str) -> None:
        assert "only graphs of this collection" in refused(server.ask(ASK, **{field: "http://example.org/g"}), 403)

    def test_a_graph_that_is_no_address_is_malformed(self, server: Server) -> None:
        refused(server.ask(ASK, **{"default-graph-uri": BASE + "a b>"}), 400)


class TestSection215AcceptedResponseFormats:
    @pytest.mark.parametrize("query", [ASK, "SELECT * { ?s a ev:Study }"])
    @pytest.mark.parametrize(
        "accept", [JSON, XML, "text/csv", "text/tab-separated-values", "application/json", "application/xml"]
    )
    def test_rows_come_as_asked(self, server: Server, query: str, accept: str) -> None:
        response = server.ask(query, accept)
        assert response.status_code == 200
        assert response.headers["content-type"].partition(";")[0] == accept
        assert "Accept" in response.headers["vary"]

    @pytest.mark.parametrize("query", ["CONSTRUCT WHERE { ?s a ev:Study }", "DESCRIBE study:alpha2001trust"])
    @pytest.mark.parametrize(
        "accept",
        ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json", "application/trig"],
    )
    def test_graphs_come_as_asked(self, server: Server, query: str, accept: str) -> None:
        response = server.ask(query, accept)
        assert response.status_code == 200
        assert response.headers["content-type"].partition(";")[0] == accept

    def test_weights_decide(self, server: Server) -> None:
        response = server.ask(ASK, f"text/csv;q=0.1, {XML};q=0.9, {JSON};q=0.5")
        assert response.headers["content-type"] == XML

    def test_without_a_header_there_is_json_and_turtle(self, server: Server) -> None:
        with httpx.Client() as client:
            client.headers.pop("accept")
            rows = client.get(server.endpoint, params={"query": ASK})
            graph = client.get(server.endpoint, params={"query": "CONSTRUCT WHERE { ?s a ev:Study }"})
        assert rows.headers["content-type"] == JSON
        assert graph.headers["content-type"] == "text/turtle; charset=utf-8"

    def test_what_cannot_be_had_is_said_with_what_can(self, server: Server) -> None:
        assert "text/csv" in refused(server.ask(ASK, "image/png"), 406)
        assert "text/turtle" in refused(server.ask("CONSTRUCT WHERE { ?s a ev:Study }", "text/csv"), 406)


class TestSection217FailureResponses:
    def test_what_is_no_query_is_a_bad_request_with_line_and_column(self, server: Server) -> None:
        assert "line 2, column 3" in refused(server.ask("SELECT *\n{ nonsense }"), 400)

    def test_what_the_engine_alone_finds_wrong_is_one_too(self, server: Server) -> None:
        refused(server.ask("SELECT ?x (COUNT(?y) AS ?n) { ?x ?p ?y }"), 400)

    @pytest.mark.parametrize(
        "query",
        [
            "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
            "SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
            "SELECT * FROM <http://example.org/> { ?s ?p ?o }",
            "SELECT * FROM NAMED <file:///etc/passwd> { ?s ?p ?o }",
            "INSERT DATA { <x:a> <x:b> <x:c> }",
            "LOAD <http://example.org/>",
            "DROP ALL",
        ],
    )
    def test_what_reaches_outside_or_changes_something_is_refused(self, server: Server, query: str) -> None:
        assert "refused" in refused(server.ask(query), 403)

    def test_escaped_letters_hide_nothing(self, server: Server) -> None:
        refused(server.ask("SELECT * { \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"), 400)


class TestSection22Update:
    def test_an_update_directly_is_refused(self, server: Server) -> None:
        assert "Updates are refused" in refused(post(server, "DROP ALL", "application/sparql-update"), 403)

    def test_an_update_in_a_form_is_refused(self, server: Server) -> None:
        assert "Updates are refused" in refused(HTTP.post(server.endpoint, data={"update": "DROP ALL"}), 403)

    def test_an_update_in_the_address_is_refused(self, server: Server) -> None:
        refused(HTTP.get(server.endpoint, params={"update": "DROP ALL"}), 403)


class TestSection21Tests:
    def test_bad_query_method(self, server: Server) -> None:
        for method in ("PUT", "DELETE", "PATCH"):
            response = HTTP.request(method, server.endpoint, params={"query": ASK})
            assert response.status_code == 405
            assert {"GET", "HEAD", "POST", "OPTIONS"} == set(response.headers["allow"].split(", "))

    def test_bad_multiple_queries(self, server: Server) -> None:
        refused(HTTP.get(server.endpoint + "?query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D"), 400)
        refused(post(server, "query=ASK+%7B%7D&query=ASK+%7B%7D", FORM), 400)

    def test_bad_query_wrong_media_type(self, server: Server) -> None:
        response = post(server, ASK, "text/plain")
        refused(response, 415)
        assert QUERY in response.headers["accept-post"]

    def test_bad_query_missing_form_type(self, server: Server) -> None:
        refused(post(server, "query=ASK%20%7B%7D", ""), 415)

    def test_bad_query_missing_direct_type(self, server: Server) -> None:
        refused(post(server, ASK, ""), 415)

    def test_bad_query_non_utf8(self, server: Server) -> None:
        refused(post(server, ASK.encode("utf-16")), 400)
        refused(post(server, ASK, f"{QUERY}; charset=utf-16"), 415)
        refused(HTTP.get(server.endpoint + "?query=ASK%20%7B%7D%23%FF"), 400)

    def test_bad_query_syntax(self, server: Server) -> None:
        refused(server.ask("ASK {"), 400)


class TestHttp:
    def test_a_query_twice_in_two_places_is_malformed(self, server: Server) -> None:
        refused(post(server, "query=ASK+%7B%7D", FORM, "?query=ASK+%7B%7D"), 400)
        refused(post(server, ASK, path="?query=ASK+%7B%7D"), 400)

    def test_no_query_is_malformed(self, server: Server) -> None:
        refused(HTTP.get(server.endpoint + "?default-graph-uri=" + ALPHA), 400)
        refused(post(server, "", FORM), 400)
        assert "The query is empty" in refused(post(server, ""), 400)

    def test_a_request_that_is_too_large_is_not_read(self, server: Server) -> None:
        refused(post(server, "# " + "x" * 1_100_000 + "\nASK {}"), 413)

    def test_an_address_that_is_too_long_is_sent_to_post(self, server: Server) -> None:
        connection = HTTPConnection(server.address.removeprefix("http://"))
        connection.request("GET", "/sparql?query=" + "x" * 140_000)
        response = connection.getresponse()
        assert response.status == 414
        assert b"Send the query by POST" in response.read()
        connection.close()

    def test_a_long_query_by_post_is_answered(self, server: Server) -> None:
        assert post(server, "# " + "x" * 500_000 + "\nASK {}").json()["boolean"] is True

    def test_options_says_what_may_be_asked(self, server: Server) -> None:
        response = HTTP.request("OPTIONS", server.endpoint)
        assert response.status_code == 204
        assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD", "POST", "OPTIONS"}

    @pytest.mark.parametrize("origin", ["http://localhost:5173", "http://127.0.0.1:8888", "https://[::1]:1"])
    def test_pages_of_this_machine_may_read(self, server: Server, origin: str) -> None:
        response = HTTP.get(server.endpoint, params={"query": ASK}, headers={"Origin": origin})
        assert response.headers["access-control-allow-origin"] == origin
        asked = {
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        }
        before = HTTP.request("OPTIONS", server.endpoint, headers=asked)
        assert before.status_code == 200
        assert "POST" in before.headers["access-control-allow-methods"]

    @pytest.mark.parametrize(
        "origin", ["https://example.org", "http://localhost.example.org", "http://127.0.0.1.nip.io"]
    )
    def test_pages_of_other_hosts_may_not(self, server: Server, origin: str) -> None:
        response = HTTP.get(server.endpoint, params={"query": ASK}, headers={"Origin": origin})
        assert "access-control-allow-origin" not in response.headers

    @pytest.mark.parametrize("host", ["example.org", "127.0.0.1.nip.io", "localhost.example.org:80"])
    def test_a_name_that_is_not_of_this_machine_is_refused(self, server: Server, host: str) -> None:
        assert server.get("/sparql?query=ASK%7B%7D", Host=host).status_code == 400

    def test_localhost_is_a_name_of_this_machine(self, server: Server) -> None:
        assert server.get("/health", Host="localhost:1").status_code == 200
        assert server.get("/health", Host="[::1]:1").status_code == 200
