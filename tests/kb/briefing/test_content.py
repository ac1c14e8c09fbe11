"""What a briefing says as a whole: its parts, its length, what is empty, and the overall score apart from the areas."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kb.briefing.fill import limits, template
from kb.briefing.html_file import as_html
from kb.briefing.make import brief
from kb.briefing.markdown_file import as_markdown
from kb.briefing.model import note_texts, short_keys
from kb.errors import CitationStyleError, UnknownConceptError

if TYPE_CHECKING:
    from kb.briefing.model import Document
    from kb.session import Session

GOLDEN = Path(__file__).with_name("toy.md")
TWO = ["access-to-nationality", "anti-discrimination"]


def text_of(document: Document) -> str:
    return "\n".join(sentence.text for sentence in document.sentences())


def test_the_briefing_on_a_made_up_policy_is_as_expected(made_up: Session) -> None:
    text = as_markdown(brief(made_up, "anti-discrimination")).replace(made_up.version(), "VERSION")
    assert text == GOLDEN.read_text("utf-8")


def test_all_parts_are_there_in_their_order(briefings: dict[str, Document]) -> None:
    titles = [template()[name]["title"] for name in ("head", "studied", "found", "whom", "sure", "circles", "missing")]
    for policy in (*TWO, "overall"):
        heads = [section.heading for section in briefings[policy].sections if section.level == 1]
        assert heads == [*titles, template()["made"]["title"]]


def test_the_first_section_says_what_may_be_said_and_what_may_not(briefings: dict[str, Document]) -> None:
    for policy in (*TWO, "overall"):
        section = briefings[policy].sections[0]
        text = " ".join(sentence.text for block in section.blocks for sentence in block.sentences)  # type: ignore[union-attr]
        assert "What may be said:" in text
        assert "What may not be said:" in text
        assert "Read at best in the full text or a part of it:" in text
        assert "The use of MIPEX was seen for" in text
        assert "Groups with studies that count as unfavourable (number of studies):" in text
        assert len(text.split()) < 330


@pytest.mark.parametrize("policy", [*TWO, "overall", "labour-market-mobility"])
def test_a_briefing_has_a_bounded_number_of_words(policy: str, briefings: dict[str, Document]) -> None:
    text = as_markdown(briefings[policy]).partition("## Findings behind")[0]
    assert 1500 < len(text.split()) < 3400
    assert len(text_of(briefings[policy]).split()) < 2600


@pytest.mark.needs("chromium")
@pytest.mark.parametrize("policy", [*TWO, "overall", "labour-market-mobility"])
def test_on_paper_it_has_two_to_four_pages_before_the_keys(
    policy: str, briefings: dict[str, Document], tmp_path: Path
) -> None:
    page = re.sub(r'(?s)<ol class="notes">.*</ol>', "", as_html(briefings[policy]))
    (tmp_path / "page.html").write_text(page, "utf-8")
    command = [
        "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
        f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={tmp_path / 'page.pdf'}",
        (tmp_path / "page.html").as_uri(),
    ]  # fmt: skip
    subprocess.run(command, capture_output=True, timeout=60, check=True)
    pages = re.findall(rb"/Type\s*/Page\b", (tmp_path / "page.pdf").read_bytes())
    assert 2 <= len(pages) <= 4


def test_a_policy_without_findings_says_so(briefings: dict[str, Document]) -> None:
    text = text_of(briefings["basic-rights"])
    assert "The collection holds no direct finding of a primary study that relates" in text
    assert "No direct finding of a primary study in this circle on: Employment, Job quality," in text
    assert briefings["basic-rights"].references == ()
    assert [s.text for s in briefings["basic-rights"].sentences() if "goes with a favourable" in s.text] == []


def test_other_circles_stand_in_a_section_of_their_own(briefings: dict[str, Document], real: Session) -> None:
    document = briefings["access-to-nationality"]
    circle = {row.finding: real.index.of("circle", row) for row in real.findings()}
    for section in document.sections:
        keys = {
            key for block in section.blocks for part in getattr(block, "sentences", getattr(block, "rows", ()))
            for key in part.keys
        }  # fmt: skip
        others = {key for key in keys if circle[key] != ["core"]}
        assert bool(others) == (section.heading == template()["circles"]["title"])


def test_the_overall_score_is_never_spread_over_areas(briefings: dict[str, Document], real: Session) -> None:
    policy = {row.finding: row.policy for row in real.findings()}
    for name, document in briefings.items():
        for sentence in document.sentences():
            mixed = {policy[key] == "overall" for key in sentence.keys}
            assert len(mixed) < 2
            if (name == "overall") != (True in mixed) and sentence.keys:
                beside = ("The overall MIPEX score:", "Single policies,")
                assert sentence.text.startswith(beside), sentence.text
                assert "no evidence on" in sentence.text


def test_a_long_briefing_is_cut_by_the_rules_and_says_so(briefings: dict[str, Document]) -> None:
    document = briefings["overall"]
    groups = [section for section in document.sections if section.level == 2]
    assert len(groups) - 1 <= limits()["groups"]
    assert groups[-1].heading == template()["found"]["rest"]
    assert "Groups of outcomes that are only counted here: 18; mipex-kb synthesis overall tells them." in text_of(
        document
    )
    assert re.search(r"Not told here: \d+ findings more; mipex-kb evidence overall --outcome", text_of(document))


def test_the_sign_test_is_told_where_there_is_one(briefings: dict[str, Document]) -> None:
    text = text_of(briefings["overall"])
    assert (
        "Attitudes to immigrants, sign test: 8 of 8 that point one way or the other are favourable, exact two-sided "
        "P = 0.0078, 95% interval 68% to 100%;"
    ) in text
    assert "In no group do 6 studies point one way or the other" in text_of(briefings["anti-discrimination"])


def test_references_are_of_the_studies_told_and_in_the_style_asked_for(real: Session) -> None:
    apa, vancouver = brief(real, "health"), brief(real, "health", "vancouver")
    assert len(apa.references) == len(vancouver.references) == 2
    assert vancouver.references[0].text.startswith("1. ")
    assert apa.references[0].text != vancouver.references[0].text
    with pytest.raises(CitationStyleError):
        brief(real, "health", "no-such-style")
    with pytest.raises(UnknownConceptError):
        brief(real, "no-such-policy")


def test_keys_are_written_shortly_and_lead_back() -> None:
    everything = (*(f"alpha2001trust-{number}" for number in (1, 10, 2)), "beta2002moderator-1")
    assert short_keys(everything) == "alpha2001trust-1, -2, -10; beta2002moderator-1"
    long = tuple(sorted(f"study20{n:02}word-1" for n in range(30)))
    notes = {long: 1, long[1:]: 2, long[:2]: 3}
    assert note_texts(notes)[2] == "all of 1 without study2000word-1"
    assert note_texts(notes)[3] == "study2000word-1; study2001word-1"
