"""Citations: as the manuals of the styles print them, for every kind of record, harmless whatever a record says.

``PUBLISHED`` are examples that the makers of the styles print themselves (less what our records do not hold: months,
databases); ``EXPECTED`` are made-up records, checked by hand against the rules.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.citations import citation_styles, cite, reading_list
from kb.errors import CitationStyleError
from kb.named_queries import named_query
from kb.studies import StudyDocument, reference, study_documents
from kb.text import clean_text

if TYPE_CHECKING:
    from pathlib import Path

    from kb.store import Reader

NAMES = [style.name for style in citation_styles()]
FILES = [style.name for style in citation_styles() if style.file]
ARTICLE = {
    "type": "article", "authors": "Grady, Jenifer S.; Her, Mai; Moreno, Gloria; Perez, Carlos", "year": "2019",
    "title": "Emotions in storybooks: A comparison", "container": "Psychology of Popular Media", "volume": "8",
    "number": "3", "pages": "207--217", "doi": "10.1037/ppm0000185",
}  # fmt: skip
BOOK = {"type": "book", "authors": "Jackson, Linda M.", "year": "2019", "title": "The psychology of prejudice",
        "publisher": "American Psychological Association"}  # fmt: skip
CHAPTER = {
    "type": "incollection", "authors": "Aron, Lewis; Botella, Maria", "editors": "Bronstein, Phyllis; Quina, Kathryn",
    "year": "2019", "title": "Active measures", "container": "Gender and culture", "pages": "17-29",
    "publisher": "Routledge",
}  # fmt: skip
REPORT = {"type": "techreport", "authors": "Baral, Prashamsa; Larsen, Mette", "year": "2019", "number": "10307",
          "title": "Life after reform", "publisher": "IZA"}  # fmt: skip
THESIS = {"type": "phdthesis", "authors": "Harris, Lucas", "year": "2014", "title": "Instructional leadership",
          "publisher": "Capella University"}  # fmt: skip
ORGANISATION = {"type": "book", "author_names": "{World Bank} and {OECD}", "authors": "World Bank; OECD",
                "year": "2020", "title": "Two houses", "publisher": "OECD"}  # fmt: skip
EDITED = {"type": "book", "editors": "Hygum, Erik", "year": "2010", "title": "Parenthood", "publisher": "Policy Press"}
UNNAMED = {"type": "article", "year": "2018", "title": "A paper of nobody", "container": "Social Forces", "volume": "3"}
UNDATED = {"type": "book", "authors": "Jackson, Linda", "year": "", "title": "Some day", "publisher": "Knopf"}
LETTERS = {
    "type": "article",
    "authors": "Đorđević, Žarko; Müller-Öz, Şule Ann-Marie; van de Vijver, Fons J. R.; Byun, Soo-yong",
    "year": "2017", "title": "Who belongs?", "container": "Social Indicators Research", "volume": "12",
}  # fmt: skip
EXPECTED = [
    ("apa", ARTICLE, "Grady, J. S., Her, M., Moreno, G., & Perez, C. (2019). Emotions in storybooks: A comparison. "
     "*Psychology of Popular Media*, *8*(3), 207–217. <https://doi.org/10.1037/ppm0000185>"),
    ("chicago", ARTICLE, "Grady, Jenifer S., Mai Her, Gloria Moreno, and Carlos Perez. 2019. “Emotions in Storybooks: "
     "A Comparison.” *Psychology of Popular Media* 8 (3): 207–17. <https://doi.org/10.1037/ppm0000185>."),
    ("harvard", ARTICLE, "Grady, J.S. *et al.* (2019) ‘Emotions in storybooks: A comparison’, *Psychology of Popular "
     "Media*, 8(3), pp. 207–217. Available at: <https://doi.org/10.1037/ppm0000185>."),
    ("asa", ARTICLE, "Grady, Jenifer S., Mai Her, Gloria Moreno, and Carlos Perez. 2019. “Emotions in Storybooks: A "
     "Comparison.” *Psychology of Popular Media* 8(3):207–17. doi:10.1037/ppm0000185."),
    ("vancouver", ARTICLE, "Grady JS, Her M, Moreno G, Perez C. Emotions in storybooks: A comparison. Psychology of "
     "Popular Media. 2019;8(3):207–17. doi:10.1037/ppm0000185"),
    ("ieee", ARTICLE, "J. S. Grady, M. Her, G. Moreno, and C. Perez, “Emotions in storybooks: A comparison,” "
     "*Psychology of Popular Media*, vol. 8, no. 3, pp. 207–217, 2019, doi: 10.1037/ppm0000185."),
    ("apa", BOOK, "Jackson, L. M. (2019). *The psychology of prejudice*. American Psychological Association."),
    ("chicago", BOOK, "Jackson, Linda M. 2019. *The Psychology of Prejudice*. American Psychological Association."),
    ("harvard", BOOK, "Jackson, L.M. (2019) *The psychology of prejudice*. American Psychological Association."),
    ("vancouver", BOOK, "Jackson LM. The psychology of prejudice. American Psychological Association; 2019."),
    ("ieee", BOOK, "L. M. Jackson, *The psychology of prejudice*. American Psychological Association, 2019."),
    ("apa", CHAPTER, "Aron, L., & Botella, M. (2019). Active measures. In P. Bronstein & K. Quina (Eds.), *Gender and "
     "culture* (pp. 17–29). Routledge."),
    ("chicago", CHAPTER, "Aron, Lewis, and Maria Botella. 2019. “Active Measures.” In *Gender and Culture*, edited by "
     "Phyllis Bronstein and Kathryn Quina. Routledge."),
    ("harvard", CHAPTER, "Aron, L. and Botella, M. (2019) ‘Active measures’, in P. Bronstein and K. Quina (eds) "
     "*Gender and culture*. Routledge, pp. 17–29."),
    ("vancouver", CHAPTER, "Aron L, Botella M. Active measures. In: Bronstein P, Quina K, editors. Gender and culture. "
     "Routledge; 2019. p. 17–29."),
    ("apa", REPORT, "Baral, P., & Larsen, M. (2019). *Life after reform* (No. 10307). IZA."),
    ("chicago", REPORT, "Baral, Prashamsa, and Mette Larsen. 2019. *Life After Reform*. No. 10307. IZA."),
    ("apa", THESIS, "Harris, L. (2014). *Instructional leadership* \\[PhD thesis\\]. Capella University."),
    ("chicago", THESIS, "Harris, Lucas. 2014. “Instructional Leadership.” PhD thesis, Capella University."),
    ("vancouver", THESIS, "Harris L. Instructional leadership \\[PhD thesis\\]. Capella University; 2014."),
    ("apa", ORGANISATION, "World Bank, & OECD. (2020). *Two houses*. OECD."),
    ("harvard", ORGANISATION, "World Bank and OECD (2020) *Two houses*. OECD."),
    ("apa", EDITED, "Hygum, E. (Ed.). (2010). *Parenthood*. Policy Press."),
    ("chicago", EDITED, "Hygum, Erik, ed. 2010. *Parenthood*. Policy Press."),
    ("harvard", EDITED, "Hygum, E. (ed.) (2010) *Parenthood*. Policy Press."),
    ("apa", UNNAMED, "A paper of nobody. (2018). *Social Forces*, *3*."),
    ("chicago", UNNAMED, "“A Paper of Nobody.” 2018. *Social Forces* 3."),
    ("vancouver", UNNAMED, "A paper of nobody. Social Forces. 2018;3."),
    ("apa", UNDATED, "Jackson, L. (n.d.). *Some day*. Knopf."),
    ("chicago", UNDATED, "Jackson, Linda. n.d. *Some Day*. Knopf."),
    ("harvard", UNDATED, "Jackson, L. (no date) *Some day*. Knopf."),
    ("apa", LETTERS, "Đorđević, Ž., Müller-Öz, Ş. A.-M., van de Vijver, F. J. R., & Byun, S.-y. (2017). Who belongs? "
     "*Social Indicators Research*, *12*."),
    ("chicago", LETTERS, "Đorđević, Žarko, Şule Ann-Marie Müller-Öz, Fons J. R. van de Vijver, and Soo-yong Byun. "
     "2017. “Who Belongs?” *Social Indicators Research* 12."),
    ("ieee", LETTERS, "Ž. Đorđević, Ş. A.-M. Müller-Öz, F. J. R. van de Vijver, and S.-y. Byun, “Who belongs?” "
     "*Social Indicators Research*, vol. 12, 2017."),
]  # fmt: skip


#: Style, record, and the example: of APA Style (apastyle.apa.org), of the quick guides of the Chicago Manual and the
#: ASA, of the examples of the ICMJE, and of the IEEE Reference Guide.
PUBLISHED = [
    ("apa", {
        "type": "article", "authors": "Grady, Jenifer S.; Her, Mai; Moreno, Gloria; Perez, Carlos; Yelinek, Jodi",
        "year": "2019", "title": "Emotions in storybooks: A comparison of storybooks that represent ethnic and racial "
        "groups in the United States", "container": "Psychology of Popular Media Culture", "volume": "8",
        "number": "3", "pages": "207-217", "doi": "10.1037/ppm0000185"},
     "Grady, J. S., Her, M., Moreno, G., Perez, C., & Yelinek, J. (2019). Emotions in storybooks: A comparison of "
     "storybooks that represent ethnic and racial groups in the United States. Psychology of Popular Media Culture, "
     "8(3), 207–217. https://doi.org/10.1037/ppm0000185"),
    ("apa", {
        "type": "incollection", "authors": "Aron, Lewis; Botella, Maria; Lubart, Todd", "year": "2019",
        "editors": "Subotnik, Rena F.; Olszewski-Kubilius, Paula; Worrell, Frank C.",
        "title": "Culinary arts: Talent and their development",
        "container": "The psychology of high performance: Developing human potential into domain-specific talent",
        "pages": "345-359", "publisher": "American Psychological Association", "doi": "10.1037/0000120-016"},
     "Aron, L., Botella, M., & Lubart, T. (2019). Culinary arts: Talent and their development. In R. F. Subotnik, P. "
     "Olszewski-Kubilius, & F. C. Worrell (Eds.), The psychology of high performance: Developing human potential into "
     "domain-specific talent (pp. 345–359). American Psychological Association. https://doi.org/10.1037/0000120-016"),
    ("chicago", {
        "type": "article", "authors": "LaSalle, Peter", "year": "2017", "title": "Conundrum: A Story about Reading",
        "container": "New England Review", "volume": "38", "number": "1", "pages": "95-109"},
     "LaSalle, Peter. 2017. “Conundrum: A Story About Reading.” New England Review 38 (1): 95–109."),
    ("asa", {
        "type": "article", "authors": "Aseltine Jr., Robert H.; Kessler, Ronald C.", "year": "1993",
        "title": "Marital Disruption and Depression in a Community Sample",
        "container": "Journal of Health and Social Behavior", "volume": "34", "number": "3", "pages": "237-251"},
     "Aseltine, Robert H., Jr., and Ronald C. Kessler. 1993. “Marital Disruption and Depression in a Community "
     "Sample.” Journal of Health and Social Behavior 34(3):237–51."),
    ("vancouver", {
        "type": "article", "authors": "Halpern, Scott D.; Ubel, Peter A.; Caplan, Arthur L.", "year": "2002",
        "title": "Solid-organ transplantation in HIV-infected patients", "container": "N Engl J Med",
        "volume": "347", "number": "4", "pages": "284-287"},
     "Halpern SD, Ubel PA, Caplan AL. Solid-organ transplantation in HIV-infected patients. N Engl J Med. "
     "2002;347(4):284–7."),
    ("ieee", {
        "type": "article", "authors": "Liu, Guoping; Lee, Kyungsook Y.; Jordan, Harry F.", "year": "1997",
        "title": "TDM and TWDM de Bruijn networks and ShuffleNets for optical communications",
        "container": "IEEE Trans. Comput.", "volume": "46", "number": "6", "pages": "695-701"},
     "G. Liu, K. Y. Lee, and H. F. Jordan, “TDM and TWDM de Bruijn networks and ShuffleNets for optical "
     "communications,” IEEE Trans. Comput., vol. 46, no. 6, pp. 695–701, 1997."),
]  # fmt: skip


def document(fields: dict[str, str], key: str = "some2000study") -> StudyDocument:
    return StudyDocument(key, fields, [], {})


def with_title(title: str) -> StudyDocument:
    return document({**ARTICLE, "title": title})


@pytest.fixture(scope="module")
def all_documents(whole_reader: Reader) -> list[StudyDocument]:
    keys = [row[0] for row in whole_reader.rows(named_query("studies").text())]
    return study_documents(whole_reader, keys, findings=False)


@pytest.mark.parametrize(("style", "fields", "expected"), EXPECTED)
def test_every_kind_of_record_is_cited_by_the_rules(style: str, fields: dict[str, str], expected: str) -> None:
    assert cite(document(fields), style, markdown=True) == expected


@pytest.mark.parametrize(("style", "fields", "expected"), PUBLISHED)
def test_a_citation_is_as_the_makers_of_the_style_print_it(style: str, fields: dict[str, str], expected: str) -> None:
    assert cite(document(fields), style) == expected


def test_many_authors_are_shortened_as_each_style_does() -> None:
    many = document(
        {**ARTICLE, "authors": "; ".join(f"Family{letter}, Given" for letter in "ABCDEFGHIJKLMNOPQRSTUVWX")}
    )
    apa = cite(many, "apa")
    assert "FamilyS, G., … FamilyX, G. (2019)" in apa
    assert "FamilyT" not in apa
    assert cite(many, "chicago").startswith("FamilyA, Given, Given FamilyB, Given FamilyC, et al. 2019.")
    assert cite(many, "vancouver").startswith(
        "FamilyA G, FamilyB G, FamilyC G, FamilyD G, FamilyE G, FamilyF G, et al."
    )
    assert cite(many, "ieee").startswith("G. FamilyA et al., “")


def test_quotes_within_quotes_change_and_full_stops_move_as_the_language_has_it() -> None:
    quoted = with_title("“Utter failure” or unity?")
    assert "“‘Utter Failure’ or Unity?” Psychology" in cite(quoted, "chicago")
    assert "‘“Utter failure” or unity?’, Psychology" in cite(quoted, "harvard")
    assert "“Utter failure” or unity? Psychology" in cite(quoted, "apa")
    assert "“A ‘Wall.’” Psychology" in cite(with_title("A “wall”"), "chicago")
    assert "in the U.S. Psychology" in cite(with_title("Immigrants in the U.S."), "apa")


def test_a_title_in_another_language_keeps_its_letters() -> None:
    german = "Integrationspolitik im Vergleich: eine Untersuchung der Auswirkungen"
    assert f"“{german}.”" in cite(with_title(german), "chicago")


def test_an_empty_field_leaves_no_trace() -> None:
    bare = document({"type": "article", "authors": "Doe, Jane", "year": "2001", "title": "Bare"})
    for style in NAMES:
        text = cite(bare, style)
        assert not re.search(r"\(\)|\[\]| [,.;:]|,,|\.\.|“”|pp?\.$|vol\.|doi|None|preprint", text, re.IGNORECASE), text


def test_plain_is_the_reference_of_the_program() -> None:
    assert cite(document(ARTICLE), "plain") == reference(ARTICLE)


@pytest.mark.parametrize("style", NAMES)
def test_every_study_of_the_collection_is_cited_whole(style: str, all_documents: list[StudyDocument]) -> None:
    for found in all_documents[::3]:
        text = cite(found, style)
        letters = re.sub(r"\W", "", text.casefold())
        assert re.sub(r"\W", "", found.fields["title"].casefold()) in letters
        assert found.fields["year"] in text
        first = (found.fields.get("authors") or found.fields["editors"]).partition(";")[0].partition(",")[0]
        assert re.sub(r"\W", "", first.split()[-1].casefold()) in letters
        assert text == clean_text(text)
        assert not re.search(r"[\ue000-\ue003]|\(\)|\[\]| [,;:]| \. |,,|\.\.|“”|\?\.|\?”\.|”\.|None", text), text


def test_a_reading_list_goes_by_author_or_by_number() -> None:
    documents = [
        document({**BOOK, "authors": name, "year": year}, f"k{place}")
        for place, (name, year) in enumerate([("Zeta, A", "2001"), ("Ångström, B", "2009"), ("Ångström, B", "2001")])
    ]
    assert [line[:8] for line in reading_list(documents, "apa")] == ["Ångström", "Ångström", "Zeta, A."]
    assert "(2001)" in reading_list(documents, "apa")[0]
    assert [line[:10] for line in reading_list(documents, "vancouver")] == ["1. Zeta A.", "2. Ångströ", "3. Ångströ"]
    assert reading_list(documents, "ieee")[0].startswith("[1] A. Zeta, ")
    assert reading_list(documents, "ieee", markdown=True)[0].startswith("\\[1\\] A. Zeta, *")
    assert reading_list([], "apa") == []


def test_a_style_of_the_user_is_a_file(tmp_path: Path) -> None:
    from kb import citations

    mine = tmp_path / "mine.csl"
    mine.write_text((citations._FOLDER / "ieee.csl").read_text("utf-8"), "utf-8")
    assert cite(document(BOOK), str(mine)) == cite(document(BOOK), "ieee")
    assert reading_list([document(BOOK)], str(mine))[0].startswith("1. L. M. Jackson")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<a>", "cannot be read"),
        ("<a/>", "is no citation style"),
        ('<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0"/>', "has no bibliography"),
        ('<!DOCTYPE a [<!ENTITY e SYSTEM "/etc/passwd">]><a>&e;</a>', "is no citation style"),
    ],
)
def test_a_file_that_is_no_style_is_refused(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "x.csl").write_text(text, "utf-8")
    with pytest.raises(CitationStyleError, match=said):
        cite(document(BOOK), str(tmp_path / "x.csl"))


def test_a_style_that_does_not_exist_is_named_with_those_that_do(tmp_path: Path) -> None:
    with pytest.raises(CitationStyleError, match=r"'mla'. Styles: plain, apa, chicago"):
        cite(document(BOOK), "mla")
    with pytest.raises(CitationStyleError, match="cannot be read"):
        cite(document(BOOK), str(tmp_path / "none.csl"))


@pytest.mark.parametrize("style", FILES)
def test_the_file_of_a_style_keeps_its_licence(style: str) -> None:
    from kb import citations

    (file,) = [found.file for found in citation_styles() if found.name == style]
    text = (citations._FOLDER / file).read_text("utf-8")
    assert "http://creativecommons.org/licenses/by-sa/3.0/" in text
    assert "http://www.zotero.org/styles/" in text


PARTS = st.one_of(st.characters(), st.sampled_from("\\{}~^&%$#_-–—'`\"?!,<>|@=.; aBé\ue000\ue001“”’"))
TEXTS = st.text(PARTS, max_size=12)
FIELDS = st.fixed_dictionaries(
    {
        **dict.fromkeys(("title", "container", "publisher", "volume", "number", "pages", "doi"), TEXTS),
        "authors": st.lists(TEXTS, max_size=4).map("; ".join),
        "editors": st.lists(TEXTS, max_size=2).map("; ".join),
        "year": st.sampled_from(["", "2001", "in press", "0"]),
        "type": st.sampled_from(["article", "book", "incollection", "techreport", "phdthesis", "misc", "x"]),
    }
)


@given(fields=FIELDS, style=st.sampled_from(FILES), markdown=st.booleans())
def test_no_record_breaks_a_citation(fields: dict[str, str], style: str, markdown: bool) -> None:
    text = cite(document(fields, "Some2000Key"), style, markdown=markdown)
    assert clean_text(text).split() == text.split()
    assert "\n" not in text
    assert not re.search("[\ue000-\ue003]", text)


def test_markup_of_a_record_is_escaped_in_markdown() -> None:
    text = cite(with_title("[x](http://evil.example) *b* <script>"), "apa", markdown=True)
    assert "\\[x\\](" in text
    assert "\\*b\\* \\<script\\>" in text
    assert "<script" not in text.replace("\\<script", "")


@pytest.mark.parametrize("style", NAMES)
def test_the_name_of_a_journal_keeps_its_letters_in_every_language(style: str) -> None:
    fields = {"title": "A made-up title", "authors": "Doe, Jo", "year": "2000", "volume": "3", "type": "article"}
    shown = cite(document({**fields, "container": "Zeitschrift für erfundene Beispiele"}), style)
    assert "Zeitschrift für erfundene Beispiele" in shown
