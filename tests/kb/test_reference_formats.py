"""References for other programs: read back by readers of others, and by our own intake as the same studies."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import parse_string
from pybtex.richtext import Text

from kb.bibtex import read
from kb.build import ensure
from kb.evidence import Question, answer
from kb.export import render_answer, study_references
from kb.fields import BIBO_CLASSES
from kb.intake.decoding import decode_bytes
from kb.intake.existing import read_existing
from kb.intake.plan import make_plan
from kb.latex import decode
from kb.named_queries import named_query
from kb.names import read_names
from kb.reference_formats import REFERENCE_FORMATS, render_references
from kb.reference_formats.bibtex import latex, latex_title
from kb.reference_formats.publication_types import TYPES, type_of
from kb.references import Name, read_reference
from kb.studies import StudyDocument, study_documents
from kb.text import clean_text

if TYPE_CHECKING:
    from pathlib import Path

    from kb.collection import Collection
    from kb.store import Reader
    from tests.kb.running import Line

#: The variables of csl-data that an item of ours may have; the schema allows no others.
CSL_TEXTS = {
    "id", "type", "genre", "title", "container-title", "collection-title", "publisher", "volume", "issue", "number",
    "collection-number", "page", "DOI", "URL",
}  # fmt: skip
CSL_NAME = {"family", "given", "non-dropping-particle", "suffix", "literal"}
BIBTEX_FORMS = ["bibtex", "biblatex"]
DOCUMENTS: dict[Path, list[StudyDocument]] = {}
PARTS = st.one_of(st.characters(), st.sampled_from("\\{}~^&%$#_-–—'`\"?!,<>|@=.; aBé"))
TEXTS = st.text(PARTS, min_size=1, max_size=12).map(clean_text).filter(bool)
NAMES = TEXTS | st.sampled_from(["and", "others", "Jr.", "van", "van de Berg", "Doe III", "This and That", "given=Jo"])


def reference_of(form: str, **fields: str) -> str:
    document = StudyDocument("some2000study", {"type": "article", "title": "T", "year": "2000", **fields}, [], {})
    return study_references(form, [document])


def all_documents(reader: Reader) -> list[StudyDocument]:
    """Return all studies whole, asked for once for each state of a collection."""
    if reader.folder not in DOCUMENTS:
        keys = [row[0] for row in reader.rows(named_query("studies").text())]
        DOCUMENTS[reader.folder] = study_documents(reader, keys, findings=False)
    return DOCUMENTS[reader.folder]


def csl_name(name: dict[str, str]) -> str:
    family = " ".join(name[part] for part in ("non-dropping-particle", "family", "suffix") if part in name)
    return name.get("literal") or f"{family}, {name['given']}"


def fields_read_back(form: str, text: str) -> dict[str, dict[str, str]]:
    """Return title, authors, year and DOI by key, as a reader of others finds them."""
    if form == "csl-json":
        return {
            item["id"]: {
                "title": item["title"],
                "authors": "; ".join(map(csl_name, item.get("author", []))),
                "year": str(item["issued"]["date-parts"][0][0]),
                "doi": item.get("DOI", ""),
            }
            for item in json.loads(text)
        }
    if form == "ris":
        return {
            item["id"]: {
                "title": item["title"],
                "authors": "; ".join(item.get("authors", [])),
                "year": item["year"],
                "doi": item.get("doi", ""),
            }
            for item in rispy.loads(text)
        }
    return {
        key: {
            "title": plain(entry.fields["title"]),
            "authors": "; ".join(map(person_of, entry.persons.get("author", []))),
            "year": entry.fields["year" if form == "bibtex" else "date"],
            "doi": entry.fields.get("doi", ""),
        }
        for key, entry in parse_string(text, "bibtex").entries.items()
    }


def person_of(person: Any) -> str:  # noqa: ANN401 - pybtex has no types
    family = " ".join([*person.prelast_names, *person.last_names, *person.lineage_names])
    given = " ".join([*person.first_names, *person.middle_names])
    return plain(f"{family}, {given}" if given else family)


def plain(value: str) -> str:
    """Return LaTeX as text, by the reader of pybtex."""
    return str(Text.from_latex(value)) if re.search(r"[\\{~]|--|''|``", value) else value


@pytest.mark.parametrize("form", REFERENCE_FORMATS)
@pytest.mark.parametrize("which", ["toy", "whole"])
def test_another_reader_finds_the_same_titles_names_years_and_identifiers(
    form: str, which: str, request: pytest.FixtureRequest
) -> None:
    documents = all_documents(request.getfixturevalue(f"{which}_reader"))
    found = fields_read_back(form, study_references(form, documents))
    assert list(found) == [document.key for document in documents]
    for document in documents:
        wanted = {name: document.fields.get(name, "") for name in ("title", "authors", "year", "doi")}
        assert found[document.key] == wanted


@pytest.mark.parametrize("form", BIBTEX_FORMS)
@pytest.mark.parametrize("which", ["toy", "whole"])
def test_importing_our_own_export_finds_every_study_as_the_same(
    form: str, which: str, request: pytest.FixtureRequest
) -> None:
    documents = all_documents(request.getfixturevalue(f"{which}_reader"))
    content = study_references(form, documents).encode()
    plan = make_plan(decode_bytes(content), read_existing(request.getfixturevalue(which)))
    assert [row for row in plan.rows if (row.status, row.citekey) != ("same", row.key)] == []
    assert [row.key for row in plan.rows] == [document.key for document in documents]
    assert plan.remarks == ()


@pytest.mark.parametrize("form", BIBTEX_FORMS)
def test_our_strict_reader_takes_the_export_without_a_problem(form: str, whole_reader: Reader) -> None:
    documents = all_documents(whole_reader)
    found = read(study_references(form, documents))
    assert found.problems == []
    assert [decode(entry.fields["title"]) for entry in found.entries] == [(d.fields["title"], "") for d in documents]
    assert {name for entry in found.entries for name in entry.fields} & {"measure", "bibstatus", "countries"} == set()


def test_biblatex_has_its_own_names(toy_reader: Reader) -> None:
    entries = parse_string(study_references("biblatex", all_documents(toy_reader)), "bibtex").entries
    assert {"journaltitle", "date"} <= set(entries["alpha2001trust"].fields)
    assert entries["beta2002moderator"].type == "report"
    assert not {"journal", "year"} & {name for entry in entries.values() for name in entry.fields}


def test_an_organisation_stays_one(toy_reader: Reader) -> None:
    documents = study_documents(toy_reader, ["beta2002moderator"], findings=False)
    (entry,) = parse_string(study_references("bibtex", documents), "bibtex").entries.values()
    assert [person.last_names for person in entry.persons["author"]] == [["{Made-up Institute of Examples}"], ["Beta"]]
    (item,) = json.loads(study_references("csl-json", documents))
    assert item["author"] == [{"literal": "Made-up Institute of Examples"}, {"family": "Beta", "given": "Ben"}]


@pytest.mark.parametrize("name", ["{Ministry of Examples, Department of Tests}", "{Made-up; Institute}"])
def test_an_organisation_with_punctuation_stays_one(name: str, copy_of_toy: Collection) -> None:
    path = copy_of_toy.studies[0] / "delta2004reform.bib"
    path.write_text(path.read_text("utf-8").replace("{Delta, Dora}", "{" + name + "}"), "utf-8")
    reader, _ = ensure(copy_of_toy)
    with reader:
        shown = answer(reader, Question(study=("delta2004reform",), measure=("all",)))
        texts = {form: str(render_answer(form, shown, reader)) for form in REFERENCE_FORMATS}
    plain = name.strip("{}")
    for form in BIBTEX_FORMS:
        people, _ = read_names(read(texts[form]).entries[0].fields["author"])
        assert [person.family for person in people] == [plain]
    assert json.loads(texts["csl-json"])[0]["author"] == [{"literal": plain}]
    assert rispy.loads(texts["ris"])[0]["authors"] == [plain]


@pytest.mark.parametrize("form", BIBTEX_FORMS)
@pytest.mark.parametrize(
    "authors",
    [
        "Doe, Jo; Roe, Ray",
        "van der Berg, Anna Maria; O'Neil, Pat",
        "Made-up Institute of Examples",
        "Institute of Research and Development",
        "Smith & Sons",
        "Plato",
        "Jr. Doe, Jo",
        "Doe Jr., Jo; Roe III, Ray",
    ],
)
def test_any_authors_survive_bibtex(authors: str, form: str) -> None:
    people, _ = read_names(read(reference_of(form, authors=authors)).entries[0].fields["author"])
    assert "; ".join(map(str, people)) == authors


def test_names_come_in_their_parts() -> None:
    authors = "van de Vijver, Fons J. R.; d'Haenens, Leen; De Cock, Rozane; Doe Jr., Jo; OECD; von X, Y"
    assert read_reference("k", {"authors": authors, "author_names": ""}).authors == (
        Name("Vijver", "Fons J. R.", "van de"),
        Name("d'Haenens", "Leen"),
        Name("De Cock", "Rozane"),
        Name("Doe", "Jo", "", "Jr."),
        Name("OECD"),
        Name("X", "Y", "von"),
    )
    (item,) = json.loads(reference_of("csl-json", authors=authors))
    assert item["author"][0] == {"family": "Vijver", "given": "Fons J. R.", "non-dropping-particle": "van de"}
    assert item["author"][3] == {"family": "Doe", "given": "Jo", "suffix": "Jr."}
    assert "AU  - van de Vijver, Fons J. R.\r\n" in reference_of("ris", authors=authors)
    assert "AU  - Doe, Jo, Jr.\r\n" in reference_of("ris", authors=authors)


@pytest.mark.parametrize(
    ("pages", "first", "last"),
    [("3-14", "3", "14"), ("S292–S334", "S292", "S334"), ("e2021876", "e2021876", ""), ("1-5, 8-10", "1-5, 8-10", "")],
)
def test_pages_have_a_start_and_an_end(pages: str, first: str, last: str) -> None:
    (record,) = rispy.loads(reference_of("ris", pages=pages))
    assert (record["start_page"], record.get("end_page", "")) == (first, last)
    (item,) = json.loads(reference_of("csl-json", pages=pages))
    assert item["page"] == (f"{first}-{last}" if last else first)
    (entry,) = read(reference_of("bibtex", pages=pages)).entries
    assert entry.fields["pages"] == (f"{first}--{last}" if last else first)


def test_every_type_of_ours_has_a_name_in_every_format() -> None:
    assert set(BIBO_CLASSES) == set(TYPES)
    assert type_of("nothing of the kind") == type_of("misc")


@pytest.mark.parametrize(
    ("kind", "bibtex", "biblatex", "ris", "csl"),
    [
        ("article", "article", "article", "JOUR", "article-journal"),
        ("book", "book", "book", "BOOK", "book"),
        ("incollection", "incollection", "incollection", "CHAP", "chapter"),
        ("inproceedings", "inproceedings", "inproceedings", "CONF", "paper-conference"),
        ("techreport", "techreport", "report", "RPRT", "report"),
        ("phdthesis", "phdthesis", "thesis", "THES", "thesis"),
        ("online", "misc", "online", "ELEC", "webpage"),
        ("nonsense", "misc", "misc", "GEN", "document"),
    ],
)
def test_a_type_is_called_what_the_format_calls_it(kind: str, bibtex: str, biblatex: str, ris: str, csl: str) -> None:
    assert read(reference_of("bibtex", type=kind)).entries[0].kind == bibtex
    assert read(reference_of("biblatex", type=kind)).entries[0].kind == biblatex
    assert rispy.loads(reference_of("ris", type=kind))[0]["type_of_reference"] == ris
    assert json.loads(reference_of("csl-json", type=kind))[0]["type"] == csl


@pytest.mark.parametrize(
    ("kind", "place", "owner"),
    [
        ("article", "journal", "publisher"),
        ("incollection", "booktitle", "publisher"),
        ("techreport", "series", "institution"),
        ("phdthesis", "series", "school"),
        ("misc", "howpublished", "organization"),
    ],
)
def test_place_and_publisher_are_called_what_the_type_calls_them(kind: str, place: str, owner: str) -> None:
    fields = read(reference_of("bibtex", type=kind, container="Somewhere", publisher="Someone")).entries[0].fields
    assert (fields[place], fields[owner]) == ("Somewhere", "Someone")


def test_editors_series_and_numbers_go_where_the_type_has_them() -> None:
    fields = {"editors": "Doe, Jo", "container": "Somewhere", "number": "7"}
    report, book, chapter = (
        reference_of("ris", type=kind, **fields) for kind in ("techreport", "book", "incollection")
    )
    assert {"A2  - Doe, Jo", "SN  - 7", "T2  - Somewhere"} <= set(report.split("\r\n"))
    assert {"A3  - Doe, Jo", "IS  - 7"} <= set(book.split("\r\n"))
    assert {"A2  - Doe, Jo", "IS  - 7"} <= set(chapter.split("\r\n"))
    items = [json.loads(reference_of("csl-json", type=kind, **fields))[0] for kind in ("techreport", "book", "article")]
    assert [(item["number"], item["collection-title"]) for item in items[:1]] == [("7", "Somewhere")]
    assert [(item["collection-number"], item["collection-title"]) for item in items[1:2]] == [("7", "Somewhere")]
    assert [(item["issue"], item["container-title"]) for item in items[2:]] == [("7", "Somewhere")]


@pytest.mark.parametrize(
    ("kind", "bibtex", "biblatex"),
    [("phdthesis", "", "phdthesis"), ("mastersthesis", "", "mathesis"), ("thesis", "Thesis", "Thesis")],
)
def test_a_thesis_says_of_what_kind_it_is(kind: str, bibtex: str, biblatex: str) -> None:
    assert read(reference_of("bibtex", type=kind)).entries[0].fields.get("type", "") == bibtex
    assert read(reference_of("biblatex", type=kind)).entries[0].fields["type"] == biblatex
    assert json.loads(reference_of("csl-json", type=kind))[0]["genre"].endswith("hesis")
    assert rispy.loads(reference_of("ris", type=kind))[0]["type_of_work"].endswith("hesis")


@pytest.mark.parametrize("which", ["toy", "hostile", "whole"])
def test_csl_items_have_the_shape_of_the_schema(which: str, request: pytest.FixtureRequest) -> None:
    reader, _ = ensure(request.getfixturevalue(which))
    with reader:
        items = json.loads(study_references("csl-json", all_documents(reader)))
    assert items
    for item in items:
        assert set(item) <= {*CSL_TEXTS, "author", "editor", "issued"}
        assert {"id", "type", "title", "issued"} <= set(item)
        assert all(isinstance(item[name], str) and item[name] for name in CSL_TEXTS & set(item))
        assert item["type"] in {kind.csl for kind in TYPES.values()}
        assert re.fullmatch(r"\{'date-parts': \[\[\d{4}\]\]\}", str(item["issued"]))
        for name in [*item.get("author", []), *item.get("editor", [])]:
            assert set(name) <= CSL_NAME
            assert all(isinstance(part, str) and part for part in name.values())
            assert ("literal" in name) != ("family" in name)


@pytest.mark.parametrize("which", ["toy", "hostile", "whole"])
def test_every_line_of_ris_is_one_tag_and_ends_with_crlf(which: str, request: pytest.FixtureRequest) -> None:
    reader, _ = ensure(request.getfixturevalue(which))
    with reader:
        text = study_references("ris", all_documents(reader))
    assert text.endswith("\r\nER  - \r\n")
    assert "\n" not in text.replace("\r\n", "")
    for record in text.removesuffix("\r\n").split("\r\n\r\n"):
        lines = record.split("\r\n")
        assert lines[0].startswith("TY  - ")
        assert lines[-1] in ("ER  - ", "ER  -")
        assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - \S.*", line) for line in lines[:-1])
        assert len([line for line in lines if line.startswith(("TY", "ER"))]) == 2


@pytest.mark.parametrize("form", REFERENCE_FORMATS)
def test_hostile_text_stays_text(form: str, hostile: Collection) -> None:
    reader, _ = ensure(hostile)
    with reader:
        documents = all_documents(reader)
    found = fields_read_back(form, study_references(form, documents))
    (document,) = documents
    assert found == {document.key: {name: document.fields[name] for name in ("title", "authors", "year", "doi")}}


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Equal treatment and trust in Europe", "Equal treatment and trust in {Europe}"),
        ("The MIPEX Score And What It Says", "The {MIPEX} Score And What It Says"),
        ("Trust of newcomers in Europe: A made-up study", "Trust of newcomers in {Europe}: A made-up study"),
        ("Trust (EU) and more things", "Trust ({EU}) and more things"),
        ("MIPEX", "{MIPEX}"),
        ("AN OLD TITLE IN CAPITALS", "AN OLD TITLE IN CAPITALS"),
    ],
)
def test_capitals_that_matter_are_kept_from_styles(title: str, written: str) -> None:
    assert latex_title(title) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a -- b", "a -{}- b"), ("---", "-{}-{}-"), ("1–2", "1--2"), ("1–-2", "1--{}-2"), ("''x''", "'{}'x'{}'"),
        ("``x", "`{}`x"), ("?`x", "?{}`x"), ("a,,b", "a,{},b"), ("5 % & #2 _", r"5 \% \& \#2 \_"),
    ],
)  # fmt: skip
def test_what_latex_would_read_otherwise_is_escaped(text: str, written: str) -> None:
    assert latex(text) == written
    assert decode(written) == (text, "")
    assert str(Text.from_latex(written)) == text


@given(TEXTS)
def test_any_title_survives_bibtex(title: str) -> None:
    for form in BIBTEX_FORMS:
        found = read(reference_of(form, title=title, authors="Doe, Jo"))
        assert found.problems == []
        assert [decode(entry.fields["title"])[0] for entry in found.entries] == [title]


@given(st.lists(st.tuples(NAMES, NAMES | st.just("")), min_size=1, max_size=3))
def test_any_names_survive_bibtex(people: list[tuple[str, str]]) -> None:
    reference = read_reference("some2000study", {"title": "T", "year": "2000"})
    reference = reference._replace(authors=tuple(Name(family, given) for family, given in people))
    for form in BIBTEX_FORMS:
        (entry,) = read(render_references(form, [reference])).entries
        assert [tuple(person) for person in read_names(entry.fields["author"])[0]] == people


@given(TEXTS, TEXTS, TEXTS)
def test_any_text_survives_ris_and_csl(title: str, container: str, doi: str) -> None:
    fields = {"title": title, "container": container, "doi": doi}
    (item,) = json.loads(reference_of("csl-json", **fields))
    assert (item["title"], item["container-title"], item["DOI"]) == (title, container, doi)
    lines = reference_of("ris", **fields).split("\r\n")
    assert {f"TI  - {title}", f"T2  - {container}", f"DO  - {doi}"} <= set(lines)


@given(st.text(), st.text(), st.text())
def test_any_address_leaves_the_entry_whole(doi: str, url: str, title: str) -> None:
    for form in BIBTEX_FORMS:
        found = read(reference_of(form, doi=doi, url=url, title=f"T {title}"))
        assert [entry.key for entry in found.entries] == ["some2000study"]


@pytest.mark.parametrize("form", REFERENCE_FORMATS)
@given(text=st.text())
def test_no_control_character_or_line_end_of_a_value_comes_through(form: str, text: str) -> None:
    names = ("title", "authors", "container", "publisher", "volume", "number", "pages", "doi", "url", "type")
    written = reference_of(form, **dict.fromkeys(names, f"x{text}x"))
    assert re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]", written) is None
    if form == "ris":
        assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in written.split("\r\n")[:-1])
        written = written.replace("\r\n", "\n")
    assert "\r" not in written


@pytest.mark.parametrize(
    ("name", "start"),
    [("x.bib", "@article{alpha2001trust,\n"), ("x.RIS", "TY  - JOUR\r\nID  - alpha2001trust\r\n")],
)
@pytest.mark.parametrize("words", [["evidence", "anti-discrimination", "--measure", "all"], ["show", "alpha2001trust"]])
def test_the_ending_of_the_file_says_the_format(
    name: str, start: str, words: list[str], line: Line, tmp_path: Path
) -> None:
    done = line(*words, "-o", str(tmp_path / name))
    assert done.code == 0
    assert (tmp_path / name).read_bytes().decode().startswith(start)


@pytest.mark.parametrize("form", REFERENCE_FORMATS)
def test_one_study_and_a_selection_give_the_same_reference(form: str, line: Line) -> None:
    shown = line("show", "gamma2003index", "--format", form)
    selected = line("evidence", "--measure", "comparable", "--search", "gamma", "--format", form)
    assert (shown.code, selected.code) == (0, 0)
    assert "gamma2003index" in shown.out
    assert shown.out == selected.out
