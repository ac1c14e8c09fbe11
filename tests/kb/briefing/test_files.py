"""A briefing as Markdown, as a page and as a Word file: all sentences are there, and no text of the data is obeyed."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, cast

import docx
import pytest
from docx.shared import Mm
from markdown_it import MarkdownIt

from kb.briefing.files import render
from kb.briefing.make import brief
from kb.briefing.model import Items, Paragraph, Section, Table
from kb.errors import UsageError
from kb.session import make_session
from tests.kb.running import CONTROL

if TYPE_CHECKING:
    from kb.briefing.model import Document
    from kb.collection import Collection

EVIL = (
    "</li><script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1)) ![y](http://z) *b* | c [^1]:"
    " &lt;e"
)
STATEMENT = "A higher anti-discrimination score goes with more trust among immigrants in this made-up study."
TAGS = {
    "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "ul", "ol", "li", "a", "span",
    "code", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


class Page(HTMLParser):
    """Collects the tags, attributes and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        self.ids.update(value or "" for name, value in attrs if name == "id")

    def handle_data(self, data: str) -> None:
        self.text += data


def page_of(document: Document) -> Page:
    return Page(cast("str", render("html", document)))


def word_of(document: Document) -> tuple[str, list[list[str]], list[tuple[str, str]]]:
    """Return the text of a Word file, the cells of its tables, and its headings with their style."""
    word = docx.Document(io.BytesIO(cast("bytes", render("docx", document))))
    cells = [[cell.text for cell in row.cells] for table in word.tables for row in table.rows]
    heads = [(str(p.style.name), p.text) for p in word.paragraphs if p.style and "Heading" in str(p.style.name)]
    return "\n".join(paragraph.text for paragraph in word.paragraphs), cells, heads


def test_all_formats_hold_all_sentences(briefings: dict[str, Document]) -> None:
    for policy in ("access-to-nationality", "overall", "basic-rights"):
        document = briefings[policy]
        text, cells, heads = word_of(document)
        page = page_of(document)
        plain = re.sub(r"\\(.)", r"\1", cast("str", render("md", document))).replace("`", "")
        for sentence in document.sentences():
            assert sentence.text in text
            assert sentence.text in page.text
            assert sentence.text in plain
        assert [head for _, head in heads][: len(document.sections)] == [s.heading for s in document.sections]
        assert {style for style, _ in heads} <= {"Heading 1", "Heading 2"}
        tables = [block for section in document.sections for block in section.blocks if isinstance(block, Table)]
        assert len(cells) == sum(1 + len(table.rows) for table in tables)
        for reference in document.references:
            assert reference.text in text
            assert reference.text in page.text
            assert reference.marked in cast("str", render("md", document))


def test_every_sentence_leads_to_its_keys(briefings: dict[str, Document]) -> None:
    document = briefings["access-to-nationality"]
    notes = document.notes()
    page = page_of(document)
    assert {link[1:] for link in page.links if link.startswith("#")} == {f"n{number}" for number in notes.values()}
    assert {f"n{number}" for number in notes.values()} <= page.ids
    marked = cast("str", render("md", document))
    text, _, _ = word_of(document)
    for number in notes.values():
        assert f"\n[^{number}]: " in marked
        assert f"\n[{number}] " in text
        assert marked.count(f"[^{number}]") >= 2
    single = [s for s in document.sentences() if len(s.keys) == 1]
    assert len(single) > 10
    for sentence in single:
        assert f"{sentence.text} [{sentence.keys[0]}]" in text
        assert f"{sentence.text} [{sentence.keys[0]}]" in page.text


def test_the_page_needs_nothing_else_and_runs_nothing(briefings: dict[str, Document]) -> None:
    text = cast("str", render("html", briefings["overall"]))
    page = Page(text)
    assert page.tags <= TAGS
    assert page.attributes <= {"lang", "charset", "name", "content", "http-equiv", "class", "href", "title", "id",
                               "scope", "rel"}  # fmt: skip
    assert "@media print" in text
    assert "url(" not in text
    assert "default-src 'none'" in text
    assert all(link.startswith(("#", "http://", "https://")) for link in page.links)


def test_the_word_file_names_the_briefing_and_no_person(briefings: dict[str, Document]) -> None:
    word = docx.Document(io.BytesIO(cast("bytes", render("docx", briefings["overall"]))))
    assert word.core_properties.title == "Briefing: Overall MIPEX score"
    assert word.core_properties.author == "mipex-kb"
    assert word.core_properties.language == "en-GB"


def test_the_columns_of_a_table_of_word_fit_their_words_and_the_page(briefings: dict[str, Document]) -> None:
    word = docx.Document(io.BytesIO(cast("bytes", render("docx", briefings["overall"]))))
    (table,) = word.tables
    labels, *numbers = [int(column.width or 0) for column in table.columns]
    assert labels > max(numbers) > min(numbers) > Mm(10)
    assert abs(labels + sum(numbers) - Mm(210 - 2 * 18)) < Mm(1)


def test_there_is_no_other_format(briefings: dict[str, Document]) -> None:
    with pytest.raises(UsageError, match="pdf"):
        render("pdf", briefings["health"])


def judge(document: Document) -> None:
    """Look for anything in the three formats that a reader's program could obey."""
    page = page_of(document)
    assert page.tags <= TAGS
    assert not {name for name in page.attributes if name.startswith("on")}
    assert [link for link in page.links if not link.startswith(("#", "http"))] == []
    html, marked = cast("str", render("html", document)), cast("str", render("md", document))
    text, _, _ = word_of(document)
    for content in (html, marked, text):
        assert not CONTROL.search(content.replace("\x0b", " "))
    shown = MarkdownIt("commonmark", {"html": True}).render(marked)
    assert not re.search(r"<(script|img|iframe)|javascript:[^<]*\">", shown)
    assert {link for link in re.findall(r'href="([^"]*)"', shown) if not link.startswith("http")} == set()


def test_the_hostile_record_stays_text(hostile: Collection) -> None:
    session = make_session(hostile)
    policies = {row.policy for row in session.findings()}
    assert policies
    for policy in policies:
        document = brief(session, policy)
        assert [s for s in document.sentences() if s.keys]
        judge(document)
    session.close()


def test_hostile_statements_names_and_addresses_stay_text(copy_of_toy: Collection) -> None:
    path = copy_of_toy.studies[0] / "alpha2001trust.bib"
    text = path.read_text("utf-8")
    text = text.replace(STATEMENT, EVIL)
    text = text.replace("Alpha, Anna", "<b>Alpha</b>, Anna")
    path.write_text(text, "utf-8")
    session = make_session(copy_of_toy)
    document = brief(session, "anti-discrimination")
    (told,) = (s for s in document.sentences() if "alert(1)" in s.text)
    judge(document)
    evil = told._replace(source="javascript:alert(2)")
    judge(document._replace(sections=(Section(EVIL, 1, (Items((evil,)),)),), title=EVIL))
    breaking = told._replace(source='https://example.org/"onload=alert(3)')
    judge(document._replace(sections=(Section("Links", 1, (Items((breaking,)),)),)))
    assert told.text in page_of(document).text
    assert told.text in word_of(document)[0]
    session.close()


def test_blocks_are_of_three_kinds(briefings: dict[str, Document]) -> None:
    kinds = {type(block) for document in briefings.values() for s in document.sections for block in s.blocks}
    assert kinds == {Paragraph, Items, Table}
