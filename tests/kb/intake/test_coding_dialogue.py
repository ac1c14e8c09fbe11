"""The dialogue of coding: what it asks in which order, what it shows, and how answers are completed and corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.intake.coding import start, study_file, vocabulary_of
from kb.intake.coding_dialogue import Dialogue
from kb.intake.coding_prompt import Completer
from tests.kb.intake.test_coding import GOOD, KEY

if TYPE_CHECKING:
    from kb.collection import Collection


class Script:
    """Answers in their order, and everything that was said."""

    def __init__(self, *answers: str) -> None:
        self._answers = list(answers)
        self.said = ""

    def ask(self, question: str, field: str = "") -> str:
        self.said += question
        return self._answers.pop(0)

    def say(self, text: str) -> None:
        self.said += text + "\n"

    @property
    def left(self) -> int:
        return len(self._answers)


def talk(copy_of_toy: Collection, script: Script) -> Dialogue:
    return Dialogue(script, copy_of_toy, vocabulary_of(copy_of_toy), study_file(copy_of_toy, KEY), KEY)


def test_a_dialogue_asks_in_the_order_of_the_manual_and_shows_what_follows(copy_of_toy: Collection) -> None:
    script = Script(
        "family r", "?trust", "generalised-t", "immigrants; refugees", "direct", "pos", "short", GOOD["statement"],
        "page 3", GOOD["source"], "full", "", "c1",
    )  # fmt: skip
    values = talk(copy_of_toy, script).fill({"study": KEY}, set())
    assert script.left == 0
    assert values == {
        "study": KEY, **{name: GOOD[name] for name in GOOD if name not in ("locator", "coded")},
        "policy": "family-reunion", "population": "immigrants; refugees",
    }  # fmt: skip
    for part in (
        "family-reunion: Family reunion. How soon", "institutional-trust: ", "The appraisal follows: favourable.",
        "20 to 600 characters", "'page 3' is no address",
    ):  # fmt: skip
        assert part in script.said


def test_a_dialogue_asks_a_moderator_for_relation_and_appraisal(copy_of_toy: Collection) -> None:
    given = {"study": KEY, **GOOD, "role": "moderator"}
    script = Script("one end", "perceived-discrimination -> generalised-trust", "fav")
    values = talk(copy_of_toy, script).fill(given, set(given))
    assert values["relation"] == "perceived-discrimination -> generalised-trust"
    assert values["appraisal"] == "favourable"
    assert "'one end' has not two ends" in script.said


def test_a_dialogue_asks_again_for_an_option_that_is_wrong(copy_of_toy: Collection) -> None:
    given = {"study": KEY, **GOOD, "policy": "helth"}
    script = Script("zzz", "health")
    assert talk(copy_of_toy, script).fill(given, set(given))["policy"] == "health"
    assert "Did you mean health" in script.said
    assert "There is no policy called 'zzz'" in script.said


def test_a_dialogue_refuses_a_group_and_names_its_outcomes(copy_of_toy: Collection) -> None:
    script = Script("political-trust", "generalised-trust")
    values = {"study": KEY}
    talk(copy_of_toy, script).ask("outcome", values)
    assert values["outcome"] == "generalised-trust"
    assert "Choose one below it" in script.said


def test_copied_fields_are_offered_and_kept_with_enter(copy_of_toy: Collection) -> None:
    begun = start(study_file(copy_of_toy, KEY), KEY, coder="c1", copy="1")
    script = Script("", "generalised-trust", "", "direct", "null", GOOD["statement"], "", "", "-")
    values = talk(copy_of_toy, script).fill(begun, {"coder"})
    assert (values["policy"], values["source"]) == ("anti-discrimination", "https://example.org/alpha")
    assert "locator" not in values


def test_a_finding_can_be_corrected_until_it_is_agreed_to(copy_of_toy: Collection) -> None:
    values = {"study": KEY, **GOOD, "se": "0.1"}
    script = Script("y", "what", "estimate", "0.25", "note", "A note.", "y")
    agreed = talk(copy_of_toy, script).agree(values)
    assert agreed is not None
    assert (agreed["estimate"], agreed["note"]) == ("0.25", "A note.")
    assert "Correct it first" in script.said
    assert talk(copy_of_toy, Script("n")).agree(values) is None


def test_tab_completes_names_and_lists_what_has_no_common_beginning(copy_of_toy: Collection) -> None:
    said: list[str] = []
    complete = Completer(vocabulary_of(copy_of_toy), said.append)
    complete.field = "policy"
    assert complete("family-r", 0) == "family-reunion"
    assert complete("family-r", 1) is None
    complete.field = "population"
    assert complete("immigrants; refug", 0) == "immigrants; refugees"
    complete.field = "relation"
    assert complete("perceived-discrimination -> generalised-t", 0) == "perceived-discrimination -> generalised-trust"
    complete.field = "outcome"
    assert complete("trust", 0) is None
    assert "generalised-trust: Generalised trust" in said[0]
    complete.field = "statement"
    assert complete("any", 0) is None
