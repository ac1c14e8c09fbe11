"""The pages of the ontology: as committed, whole, linked, readable without a script, and safe for any text."""

from __future__ import annotations

from collections import Counter
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from kb.collection import Collection
from kb.evidence import Question, answer
from kb.namespaces import BASE, EV
from kb.ontology_pages.markup import Html, join, link, tag
from kb.ontology_pages.ontology import Ontology, anchor, short
from kb.ontology_pages.pages import pages
from kb.ontology_pages.rules import rules
from kb.ontology_pages.use import EXAMPLE, Use
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from kb.store import Reader

VOID = {"meta", "br", "hr"}
DOCS = ROOT / "docs" / "ontology"


class Page(HTMLParser):
    """A page taken apart: its ids, links, headings and elements; complains of elements that do not close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.links: list[str] = []
        self.headings: list[int] = []
        self.found: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.heads_without_scope = 0
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.found[tag] += 1
        self.attributes |= set(given)
        self.ids.update([given["id"]] if "id" in given else [])
        self.links += [given["href"]] if tag == "a" else []
        self.headings += [int(tag[1])] if tag in ("h1", "h2", "h3") else []
        self.heads_without_scope += tag == "th" and "scope" not in given
        self._open += [] if tag in VOID else [tag]

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag


@pytest.fixture(scope="module")
def ontology(whole: Collection) -> Ontology:
    return Ontology(whole)


@pytest.fixture(scope="module")
def use(whole_reader: Reader, ontology: Ontology) -> Use:
    return Use(whole_reader, ontology)


@pytest.fixture(scope="module")
def made(whole: Collection, whole_reader: Reader) -> dict[str, str]:
    return pages(whole, whole_reader)


@pytest.fixture(scope="module")
def read(made: dict[str, str]) -> dict[str, Page]:
    return {name: Page(text) for name, text in made.items()}


def test_the_pages_in_docs_are_those_of_the_collection(made: dict[str, str]) -> None:
    assert {path.name for path in DOCS.iterdir()} == set(made), "Run: make docs"
    for name, text in made.items():
        assert (DOCS / name).read_text("utf-8") == text, f"{name}: run make docs"
    assert sum(map(len, made.values())) < 2_000_000


def test_everything_has_its_place_at_the_end_of_its_address(ontology: Ontology, read: dict[str, Page]) -> None:
    places = [ontology.place(term) for term in ontology.terms]
    places += [ontology.place(concept) for scheme in ontology.schemes for concept in ontology.concepts(scheme)]
    places += [f"shapes.html#{rule.name}" for rule in rules(ontology)]
    assert len(places) == len(set(places))
    for place in places:
        page, _, name = place.partition("#")
        assert read[page].ids[name] == 1, place
    assert ontology.place(f"{BASE}outcome/unemployment") == "outcomes.html#unemployment"
    assert ontology.place(f"{BASE}edition/2011/education") == "mipex-2011.html#2011/education"
    assert ontology.place(f"{EV}Finding") == "evidence.html#Finding"
    every = {
        subject
        for scheme in ontology.schemes
        for subject in ontology.subjects("skos:inScheme", BASE + "scheme/" + scheme)
    }
    assert {concept for scheme in ontology.schemes for concept in ontology.concepts(scheme)} == every


def test_every_link_arrives(read: dict[str, Page]) -> None:
    for name, page in read.items():
        for address in page.links:
            if not address.startswith(("http://", "https://")):
                target, _, place = address.partition("#")
                assert target in ("", *read), f"{name}: {address}"
                assert not place or read[target or name].ids[place], f"{name}: {address}"


def test_pages_can_be_read_by_everybody_and_ask_for_nothing(made: dict[str, str], read: dict[str, Page]) -> None:
    for name, page in read.items():
        assert max(page.ids.values()) == 1, name
        assert not page.attributes & {"src", "style", "srcset", "onclick"}, name
        assert not set(page.found) & {"script", "link", "img", "iframe", "object"}, name
        assert (page.found["h1"], page.found["main"], page.found["header"], page.found["footer"]) == (1, 1, 1, 1), name
        assert page.headings[0] == 1, name
        assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:], strict=False)), name
        assert page.heads_without_scope == 0, name
        assert page.found["caption"] == page.found["table"], name
        assert '<html lang="en">' in made[name]
        assert "{{" not in made[name]


def test_what_is_said_of_a_concept_is_shown(ontology: Ontology, made: dict[str, str]) -> None:
    spoken = (
        "skos:prefLabel",
        "skos:altLabel",
        "skos:definition",
        "skos:scopeNote",
        "skos:historyNote",
        "skos:notation",
    )
    for scheme in ontology.schemes:
        text = unescape(made[f"{scheme}.html"])
        for concept in ontology.concepts(scheme):
            for name in spoken:
                for value in ontology.texts(concept, name):
                    assert value in text, f"{concept} {name}"


def test_own_terms_show_definition_example_and_rules(ontology: Ontology, made: dict[str, str]) -> None:
    articles = {
        article.partition('"')[0]: unescape(article) for article in made["evidence.html"].split('<article id="')[1:]
    }
    for term in ontology.terms:
        article = articles[term.removeprefix(EV)]
        for name in ("skos:definition", "skos:example"):
            assert ontology.text(term, name) in article, term
    assert "shapes.html#study-data" in articles["dataUse"]
    assert "shapes.html#finding-policy" in articles["policy"]
    assert f"{EXAMPLE}-1" in articles["policy"]
    assert "<code>data</code>" in articles["dataUse"]


def test_every_rule_of_the_shapes_is_there(made: dict[str, str], ontology: Ontology) -> None:
    found = rules(ontology)
    assert all(rule.targets and rule.about and rule.message for rule in found)
    text = unescape(made["shapes.html"])
    for message in {rule.message for rule in found}:
        assert message in text
    assert (ROOT / "ontology" / "shapes.ttl").read_text("utf-8").count("sh:message") == len(found)


@pytest.mark.parametrize(("kind", "name"), [("policy", "health"), ("outcome", "employment"), ("outcome", "voting")])
def test_counts_are_those_of_the_evidence(kind: str, name: str, use: Use, whole_reader: Reader) -> None:
    asked = {"policy": Question(policy=(name,)), "outcome": Question(outcome=(name,))}[kind]
    rows = answer(whole_reader, asked._replace(measure=("all",))).rows
    findings, studies = len(rows), len({row.study for row in rows})
    assert findings > 1
    assert use.of(f"{BASE}{kind}/{name}") == f"{findings} findings, {studies} studies"


def test_texts_of_an_ontology_are_never_markup(tmp_path: Path, toy: Collection, toy_reader: Reader) -> None:
    evil = '<script>alert(1)</script> & "x"'
    quoted = evil.replace('"', '\\"')
    (tmp_path / "evil.ttl").write_text(
        f"""@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<{BASE}scheme/evil> a skos:ConceptScheme ; skos:prefLabel "{quoted}" ; skos:definition "{quoted}" .
<{BASE}evil/one> a skos:Concept ; skos:notation "one" ; skos:prefLabel "{quoted}" ; skos:definition "{quoted}" ;
  skos:exactMatch <javascript:alert(1)> ; skos:altLabel "{quoted}" ; skos:inScheme <{BASE}scheme/evil> ;
  skos:topConceptOf <{BASE}scheme/evil> .
""",
        "utf-8",
    )
    made = pages(Collection(toy.studies, tmp_path), toy_reader)
    for text in made.values():
        page = Page(text)
        assert page.found["script"] == 0
        assert not any(address.startswith("javascript") for address in page.links)
    assert evil in unescape(made["evil.html"])


def test_markup_escapes_what_it_did_not_make() -> None:
    assert tag("p", "a < b", tag("b", "c"), class_="x", id="") == '<p class="x">a &lt; b<b>c</b></p>'
    assert join("a", Html("<i>"), by=" & ") == "a &amp; <i>"
    assert link("javascript:x", "go") == "<code>javascript:x</code>"
    assert link("2011.html#2011/education", "go") == '<a href="2011.html#2011/education">go</a>'
    assert short(f"{EV}policy") == "ev:policy"
    assert anchor(f"{BASE}edition/2011/education") == "2011/education"
