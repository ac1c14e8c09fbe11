"""The text of a synthesis: no word that it may not hold, over the whole collection, and what it must always say."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from kb.evidence import Question
from kb.synthesis.files import as_csv, as_data, as_markdown, as_text
from kb.synthesis.make import synthesise
from kb.synthesis.rules import COUNTED_BY, forbidden_words, rules
from kb.synthesis.words import hidden_lines, template

if TYPE_CHECKING:
    from kb.session import Session
    from kb.synthesis.model import Synthesis


@pytest.fixture(scope="module")
def real(whole_session: Session) -> Session:
    """Return the session of the bundled collection."""
    return whole_session


@pytest.fixture(scope="module")
def everything(real: Session) -> dict[tuple[str, str], list[Synthesis]]:
    """Return the whole syntheses of all policy areas, groups and circles, of two also by direction."""
    words = real.vocabulary()
    groups = tuple(concept.notation for concept in words.concepts("outcome") if concept.level == "group")
    return {
        (policy.notation, by): synthesise(real, Question((policy.notation,), groups, measure=("all",)), by)
        for policy in words.tops("policy")
        for by in (COUNTED_BY if policy.notation in ("overall", "access-to-nationality") else COUNTED_BY[:1])
    }


@pytest.fixture(scope="module")
def plain(everything: dict[tuple[str, str], list[Synthesis]]) -> dict[tuple[str, str], str]:
    """Return all of them as plain text."""
    return {(policy, by): as_text(found, policy) for (policy, by), found in everything.items()}


@pytest.fixture(scope="module")
def markdown(everything: dict[tuple[str, str], list[Synthesis]]) -> dict[tuple[str, str], str]:
    """Return all of them as Markdown."""
    return {(policy, by): as_markdown(found, policy) for (policy, by), found in everything.items()}


def test_no_generated_text_holds_a_forbidden_word(
    plain: dict[tuple[str, str], str], markdown: dict[tuple[str, str], str]
) -> None:
    texts = [*plain.values(), *markdown.values()]
    assert sum(map(len, texts)) > 500_000
    assert [found for text in texts if (found := forbidden_words(text))] == []


def test_the_guard_finds_what_it_is_there_for() -> None:
    for text in ("Policy causes trust.", "It is EFFECTIVE.", "This proves it", "evidence shows that", "it leads to x"):
        assert forbidden_words(text)
    assert forbidden_words("The network of an affective causeway") == []


def test_every_finding_of_the_collection_is_counted_in_one_block(
    real: Session, everything: dict[tuple[str, str], list[Synthesis]]
) -> None:
    counted = [
        key
        for (_, by), found in everything.items()
        if by == "appraisal"
        for synthesis in found
        for block in synthesis.blocks
        for key in block.everything.findings
    ]
    assert sorted(counted) == sorted(row.finding for row in real.findings())


def test_words_on_what_happened_stand_only_behind_a_design_that_allows_them(
    markdown: dict[tuple[str, str], str],
) -> None:
    text = "\n".join(text for (_, by), text in markdown.items() if by == "appraisal")
    lines = [line for line in text.splitlines() if re.search(r"\b(rose|fell|was not clearly different)\b", line)]
    designs = "|".join(template()["causal"]["designs"].values())
    assert len(lines) > 30
    assert [
        line for line in lines if not re.match(rf"- \w+ \(({designs})( and ({designs}))*\): after more", line)
    ] == []
    assert set(template()["causal"]["designs"]) == set(rules().causal)


def test_every_number_comes_with_the_findings_that_it_counts(
    everything: dict[tuple[str, str], list[Synthesis]],
) -> None:
    data = json.loads(json.dumps([as_data(found) for found in everything.values()]))
    seen = 0

    def visit(value: object) -> None:
        nonlocal seen
        if isinstance(value, dict):
            if isinstance(value.get("studies"), int):
                seen += 1
                assert value["studies"] == len(value["study_keys"])
                assert value["findings"] == len(value["finding_keys"])
                assert {key.rpartition("-")[0] for key in value["finding_keys"]} == set(value["study_keys"])
            if "bases" in value:
                assert value["bases"] == len(value["study_keys"])
                keys = {study for base in value["study_keys"] for study in base}
                assert {key.rpartition("-")[0] for key in value["finding_keys"]} == keys
            if "p" in value:
                assert value["informative"] >= rules().informative
                assert value["finding_keys"]
            for name, inner in value.items():
                if name != "included_by_reviews":  # names studies by what the reviews say, with the reviews' findings
                    visit(inner)
        elif isinstance(value, list):
            for inner in value:
                visit(inner)

    visit(data)
    assert seen > 5000


def test_whatever_is_asked_all_classes_and_all_items_are_there(
    everything: dict[tuple[str, str], list[Synthesis]], plain: dict[tuple[str, str], str]
) -> None:
    for (policy, by), found in everything.items():
        text = plain[policy, by]
        flat = " ".join(text.split())
        for number in range(1, 10):
            assert f"SWiM {number}." in text
        assert "70 per cent" in flat
        for synthesis in found:
            assert list(synthesis.blocks[0].classes) == list(rules().scales[by].classes)
            assert len(synthesis.blocks) == 4 * len(synthesis.circles)
        shown = sum(block.everything.number > 0 for synthesis in found for block in synthesis.blocks)
        for name in rules().scales[by].classes:
            assert len(re.findall(rf"^{re.escape(rules().labels[name])} +\d+ ", text, re.MULTILINE)) == shown


def test_lines_of_text_fit_but_for_what_cannot_be_broken(plain: dict[tuple[str, str], str]) -> None:
    for text in plain.values():
        long = [line for line in text.splitlines() if len(line) > 80 and " " in line.strip()]
        assert [line for line in long if len(line) > 100] == []


def test_reviews_and_moderators_are_in_no_count_of_direct_primary_studies(real: Session) -> None:
    """Overall by attitudes: one review and four moderators beside ten primary studies."""
    (found,) = synthesise(real, Question(("overall",), ("anti-immigrant-attitudes",)))
    numbers = {(block.role, block.kind): block.everything.number for block in found.blocks}
    assert numbers == {
        ("direct", "primary"): 10, ("direct", "review"): 1, ("moderator", "primary"): 4, ("moderator", "review"): 0,
    }  # fmt: skip
    assert "callens2015integration" not in found.blocks[0].everything.studies


def test_the_overall_score_and_the_areas_stand_beside_each_other(real: Session) -> None:
    threat = ("perceived-threat", "economic-threat", "cultural-threat")
    (overall,) = synthesise(real, Question(("overall",), threat))
    assert overall.blocks[0].everything.findings == (
        "callens2017integration-1", "callens2017integration-4", "green2020integration-1", "schlueter2013immigrant-1",
        "tatarko2021migrant-2",
    )  # fmt: skip
    assert overall.hidden.other_policy.findings == ("callens2017integration-2", "callens2017integration-3")
    (labour,) = synthesise(real, Question(("labour-market-mobility",), threat))
    assert labour.blocks[0].everything.findings == ("callens2017integration-2",)
    assert labour.hidden.other_policy.findings == overall.blocks[0].everything.findings
    assert any("That is no evidence on this policy alone." in line for line in hidden_lines(labour))


def test_what_hides_findings_is_said_where_there_is_none(real: Session) -> None:
    question = Question(("overall",), ("perceived-threat",), design=("randomised",), since="2022")
    (found,) = synthesise(real, question)
    text = " ".join(as_text([found], "").split())
    assert "0 studies: the collection holds no finding on this that was asked for." in text
    assert "No study in this circle." in text
    only = synthesise(real, question._replace(since=""))[0]
    assert only.hidden.filters["design"].number == 3
    assert "Without the filter design there would be 3 studies more." in " ".join(as_text([only], "").split())


def test_a_choice_by_results_is_named_as_such_and_not_tested(real: Session) -> None:
    (found,) = synthesise(real, Question(("overall",), ("anti-immigrant-attitudes",), appraisal=("favourable",)))
    assert found.by_result
    assert found.blocks[0].classes["favourable"].number == 9
    assert found.blocks[0].test is None
    text = " ".join(as_text([found], "").split())
    assert "These findings were chosen by what they say" in text
    assert "exact two-sided P" not in text


def test_the_table_has_one_row_a_block(everything: dict[tuple[str, str], list[Synthesis]]) -> None:
    found = everything["overall", "appraisal"]
    lines = as_csv(found).splitlines()
    assert len(lines) == 1 + sum(len(synthesis.blocks) for synthesis in found)
    assert lines[0].startswith(
        "policy,outcomes,by,circle,role,kind,studies,findings,favourable,unfavourable,null,mixed,"
    )
