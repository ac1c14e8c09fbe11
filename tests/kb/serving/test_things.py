"""Every address of the graph has a page and RDF; pages hold nothing active, whatever the records hold."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef

from kb.build import ensure
from kb.namespaces import BASE, PREFIXES
from kb.serving.pages import index_page, list_page, thing_page
from kb.serving.things import look_up

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.collection import Collection
    from kb.store import Reader
    from tests.kb.serving.running import Server

HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PATHS = [
    "study/alpha2001trust", "finding/alpha2001trust-1", "estimate/alpha2001trust-1", "policy/health", "country/AT",
    "scheme/policies", "graph/studies/alpha2001trust", "evidence", "shapes", "role/direct", "edition/2020/health",
]  # fmt: skip


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def links(page: Page) -> set[str]:
    return {value for name, value in page.attributes if name == "href"}


@pytest.mark.parametrize("path", PATHS)
def test_a_browser_gets_a_page_and_a_program_rdf_about_the_same(server: Server, path: str) -> None:
    page, data = server.get(f"/{path}", HTML), server.get(f"/{path}", "text/turtle")
    assert (page.status_code, data.status_code) == (200, 200)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-location"] == f"/{path}.html"
    assert data.headers["content-location"] == f"/{path}.ttl"
    assert "Accept" in data.headers["vary"]
    assert data.headers["link"] == f'<{BASE}{path}>; rel="describes"'
    graph = Graph().parse(data=data.content, format="turtle")
    node = URIRef(BASE + path)
    if not path.startswith("graph/") and path != "shapes":
        assert (node, None, None) in graph
    assert len(graph) > 0
    assert BASE + path in page.text


@pytest.mark.parametrize(
    ("ending", "form"), [("ttl", "turtle"), ("nt", "nt"), ("rdf", "xml"), ("jsonld", "json-ld"), ("trig", "turtle")]
)
def test_each_format_has_an_address_of_its_own(server: Server, ending: str, form: str) -> None:
    wanted = Graph().parse(data=server.get("/policy/health", "text/turtle").content, format="turtle")
    found = server.get(f"/policy/health.{ending}", "text/html")
    assert set(Graph().parse(data=found.content, format=form)) == set(wanted)


def test_a_program_that_says_nothing_gets_turtle(server: Server) -> None:
    assert server.get("/policy/health", "*/*").headers["content-type"] == "text/turtle; charset=utf-8"


def test_a_study_leads_to_its_findings_and_back(server: Server) -> None:
    study = Page(server.get("/study/alpha2001trust", HTML).text)
    assert "/finding/alpha2001trust-1" in links(study)
    finding = Page(server.get("/finding/alpha2001trust-1", HTML).text)
    assert {"/study/alpha2001trust", "/evidence#ofStudy"} <= links(finding)


def test_a_term_has_its_place_on_the_page_of_its_vocabulary(server: Server) -> None:
    page = Page(server.get("/evidence", HTML).text)
    assert ("id", "ofStudy") in page.attributes


def test_every_link_within_leads_somewhere(server: Server) -> None:
    seen = {"/"}
    todo = ["/", "/study/alpha2001trust", "/finding/beta2002moderator-1", "/evidence"]
    for path in todo:
        page = Page(server.get(path, HTML).text)
        for link in sorted({each.partition("#")[0] for each in links(page) if each.startswith("/")} - seen)[:12]:
            seen.add(link)
            assert server.get(link, HTML).status_code == 200, f"{path} -> {link}"
    assert len(seen) > 20


@pytest.mark.parametrize("path", ["study/nobody1900", "nothing", "a<b>", "a%20b", "policy/health.xyz", ".git"])
def test_what_is_not_there_is_not_found(server: Server, path: str) -> None:
    response = server.get(f"/{path}", HTML)
    assert response.status_code == 404
    assert response.headers["content-type"] == "text/plain; charset=utf-8"


def test_what_cannot_be_had_is_not_acceptable(server: Server) -> None:
    assert server.get("/policy/health", "image/png").status_code == 406


def test_lists_are_turned_page_by_page(server: Server) -> None:
    page = Page(server.get("/study/", HTML).text)
    assert "5 in all." in page.text
    assert "/study/gamma2003index" in links(page)
    assert server.get("/study/?page=9", HTML).status_code == 200
    assert server.get("/study/?page=x", HTML).status_code == 200
    assert server.get("/nothing/", HTML).status_code == 404


def test_pages_may_do_nothing_and_robots_stay_away_from_queries(server: Server) -> None:
    policy = server.get("/study/alpha2001trust", HTML).headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self';")
    assert "script-src" not in policy
    assert server.get("/robots.txt").text == "User-agent: *\nDisallow: /sparql\n"
    assert server.get("/health").headers["x-content-type-options"] == "nosniff"


@pytest.fixture(scope="module")
def hostile_store(hostile: Collection) -> Iterator[ox.Store]:
    """Return the opened store of the hostile collection."""
    reader, _ = ensure(hostile)
    with reader:
        yield ox.Store.read_only(str(reader.folder / "store"))


def test_pages_of_the_hostile_record_hold_nothing_active(hostile_store: ox.Store) -> None:
    subjects = {str(quad.subject.value) for quad in hostile_store if "hostile" in str(quad.subject)}
    pages = [index_page(hostile_store), *(list_page(hostile_store, kind, 1) for kind in ("study", "finding", "person"))]
    for address in sorted(subjects):
        path = address.removeprefix(BASE)
        thing = look_up(hostile_store, path)
        assert thing
        pages.append(thing_page(hostile_store, thing, path))
    assert len(pages) >= 7
    assert any("&lt;script&gt;alert(1)&lt;/script&gt;" in text for text in pages)
    for text in pages:
        page = Page(text)
        assert page.tags & {"script", "iframe", "object", "embed", "form", "img", "svg", "base", "style"} == set()
        assert {name for name, _ in page.attributes if name.startswith("on") or name == "style"} == set()
        assert all(re.match(r"https?://|/", href) for href in links(page))
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page.text)


def test_the_service_describes_itself(server: Server) -> None:
    response = server.get("/sparql", "text/turtle")
    graph = Graph().parse(data=response.content, format="turtle")
    service, sd = URIRef(server.endpoint), "http://www.w3.org/ns/sparql-service-description#"
    assert (service, URIRef(PREFIXES["rdf"] + "type"), URIRef(sd + "Service")) in graph
    assert graph.value(service, URIRef(sd + "endpoint")) == service
    assert (service, URIRef(sd + "feature"), URIRef(sd + "UnionDefaultGraph")) in graph
    assert server.get("/sparql", HTML).headers["content-type"] == "text/html; charset=utf-8"
    assert server.get("/sparql", "image/png").status_code == 406


def test_the_collection_describes_itself(server: Server) -> None:
    response = server.get("/.well-known/void", "text/turtle")
    graph = Graph().parse(data=response.content, format="turtle")
    void = "http://rdfs.org/ns/void#"
    (dataset,) = graph.subjects(URIRef(PREFIXES["rdf"] + "type"), URIRef(void + "Dataset"))
    assert graph.value(dataset, URIRef(void + "sparqlEndpoint")) == URIRef(server.endpoint)
    assert int(str(graph.value(dataset, URIRef(void + "triples")))) > 5_000
    assert str(dataset).startswith(server.address)


def test_health_says_which_data_is_served(server: Server, toy_reader: Reader) -> None:
    found = server.get("/health").json()
    assert found["status"] == "ok"
    assert found["quads"] > 10_000
    assert found["generation"].startswith("generation-")
    assert found["data"] == toy_reader.version()


def test_the_named_queries_can_be_had(server: Server) -> None:
    found = server.get("/queries.json").json()
    assert len(found) >= 9
    assert all(server.ask(query["query"]).status_code == 200 for query in found[:3])
