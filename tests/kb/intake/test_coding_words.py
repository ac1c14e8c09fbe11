"""What a coder is told: problems with their fields, the appraisal as it follows, names completed and resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.errors import UnknownConceptError
from kb.fields import FINDING_FIELDS
from kb.intake.coding import (
    appended,
    appraisal_of,
    complete,
    full_problems,
    problems_of,
    study_file,
    vocabulary_of,
)
from kb.intake.coding_words import field_help, missing, named, written
from tests.kb.intake.test_coding import GOOD, KEY

if TYPE_CHECKING:
    from kb.collection import Collection
    from kb.vocabulary import Vocabulary


@pytest.fixture(scope="module")
def words(toy: Collection) -> Vocabulary:
    return vocabulary_of(toy)


@pytest.fixture(scope="module")
def alpha(toy: Collection) -> str:
    return study_file(toy, KEY).text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"policy": "helth"}, "policy"),
        ({"policy": ""}, "policy"),
        ({"statement": ""}, "statement"),
        ({"source": "page 3"}, "source"),
        ({"estimate": "about 2"}, "estimate"),
        ({"coded": "yesterday"}, "coded"),
        ({"role": "moderator", "appraisal": "unclear"}, "relation"),
        ({"role": "moderator", "relation": "generalised-trust -> health"}, "appraisal"),
        ({"appraisal": "favourable"}, "appraisal"),
        ({"measure": "mipex:1999"}, "measure"),
    ],
)
def test_each_problem_is_tied_to_its_field(change: dict[str, str], field: str, alpha: str, words: Vocabulary) -> None:
    found = problems_of(appended(alpha, KEY, [{**GOOD, **change}]), "a.bib", words)
    errors = [each for each in found if each.is_error]
    assert [each.field for each in errors] == [field]
    assert errors[0].problem.key == f"{KEY}-4"


def test_a_good_finding_has_no_problem(toy: Collection, alpha: str, words: Vocabulary) -> None:
    assert problems_of(appended(alpha, KEY, [GOOD]), "a.bib", words) == []
    found = full_problems({"a.bib": appended(alpha, KEY, [GOOD])}, toy, words)["a.bib"]
    assert [each for each in found if each.problem.key == f"{KEY}-4"] == []


@pytest.mark.parametrize(
    ("change", "field", "severity"),
    [
        ({"statement": "Too short."}, "statement", "error"),
        ({"statement": "x" * 601}, "statement", "error"),
        ({"outcome": "trust"}, "outcome", "error"),
        ({"se": "0.1"}, "se", "error"),
        ({"locator": ""}, "locator", "warning"),
        ({"model": "a model"}, "model", "warning"),
    ],
)
def test_the_shapes_find_what_check_would_find(
    change: dict[str, str], field: str, severity: str, toy: Collection, alpha: str, words: Vocabulary
) -> None:
    text = appended(alpha, KEY, [{**GOOD, **change}])
    found = full_problems({"a.bib": text}, toy, words)["a.bib"]
    assert (field, severity) in {
        (each.field, each.problem.severity) for each in found if each.problem.key == f"{KEY}-4"
    }


def test_the_appraisal_is_shown_as_it_follows(words: Vocabulary) -> None:
    threat = {**GOOD, "outcome": "perceived-threat"}
    assert appraisal_of(GOOD, words) == ("favourable", "follows")
    assert appraisal_of(threat, words) == ("unfavourable", "follows")
    assert appraisal_of({**threat, "direction": "null"}, words) == ("neutral", "follows")
    assert appraisal_of({**GOOD, "role": "moderator"}, words) == ("", "needed")
    assert appraisal_of({**GOOD, "role": "moderator", "appraisal": "mixed"}, words) == ("mixed", "needed")
    assert appraisal_of({"role": "direct"}, words) == ("", "unknown")
    neutral = next(c.notation for c in words.concepts("outcome") if c.valence == 0 and c.level == "outcome")
    assert appraisal_of({**GOOD, "outcome": neutral}, words) == ("neutral", "open")
    assert appraisal_of({**GOOD, "outcome": neutral, "appraisal": "favourable"}, words) == ("favourable", "open")
    assert "favourable" in str(appraisal_of(GOOD, words))


def test_completion_puts_names_that_begin_so_first(words: Vocabulary) -> None:
    assert next(c.notation for c in complete("policy", "Family", words)) == "family-reunion"
    found = [c.notation for c in complete("outcome", "trust", words)]
    assert {"generalised-trust", "institutional-trust"} <= set(found)
    assert all(c.label and c.definition for c in complete("outcome", "", words))
    assert {c.level for c in complete("outcome", "", words)} == {"outcome"}
    assert complete("policy", "no such policy", words) == []
    assert complete("nothing", "a", words) == []


def test_completion_ignores_case_accents_and_punctuation(words: Vocabulary) -> None:
    assert complete("policy", "FÁMILY-re", words) == complete("policy", "family re", words) != []


def test_a_measure_is_written_with_a_colon(words: Vocabulary) -> None:
    assert "mipex:2015" in map(written, complete("measure", "mipex:20", words))
    assert named("measure", "mipex-2015; MIPEX:2007", words) == "mipex:2015; mipex:2007"


def test_labels_become_notations_and_other_text_stays(words: Vocabulary) -> None:
    assert named("policy", "Family Reunion", words) == "family-reunion"
    assert named("population", "Immigrants;third-country nationals", words) == "immigrants; third-country-nationals"
    assert named("relation", "Perceived discrimination->Generalised trust", words) == (
        "perceived-discrimination -> generalised-trust"
    )
    assert named("policy", "fam", words) == "fam"
    assert named("statement", "Family reunion", words) == "Family reunion"
    assert named("policy", "fam", words, beginnings=True) == "family-reunion"
    with pytest.raises(UnknownConceptError, match="no policy"):
        named("policy", "zzz", words, beginnings=True)


def test_the_help_covers_every_field_in_the_order_of_the_manual() -> None:
    assert tuple(field_help()) == FINDING_FIELDS
    assert missing({}) == ["study", "policy", "outcome", "population", "role", "direction", "statement", "source",
                           "sourcelevel"]  # fmt: skip
    assert missing({**GOOD, "study": KEY, "role": "moderator"}, measure=True) == ["relation", "appraisal", "measure"]
