"""A finding asked for field by field: what is missing, with definitions, problems at once, and a chance to correct."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.errors import UnknownConceptError
from kb.fields import FINDING_FIELDS
from kb.intake.coding import (
    appraisal_of,
    draft,
    finding_text,
    full_problems,
    has_measure,
    hindrances,
    next_number,
    problems_of,
    with_findings,
)
from kb.intake.coding_prompt import listing, suggestions
from kb.intake.coding_words import field_help, is_needed, kinds_of, named
from kb.text import clean_text

if TYPE_CHECKING:
    from collections.abc import Collection as Names

    from kb.collection import Collection
    from kb.intake.coding import Draft, FieldProblem, StudyFile
    from kb.intake.coding_prompt import Prompter
    from kb.vocabulary import Vocabulary

#: Fields that follow from how a finding is made and are not asked for.
_GIVEN = ("study", "coded")
#: Fields without which a finding is no record yet, so that the shapes cannot be asked.
_READABLE = ("policy", "outcome", "role", "direction", "statement")


class Dialogue:
    """Coding of one study, whose file is as it was when the dialogue began."""

    def __init__(
        self, prompter: Prompter, collection: Collection, vocabulary: Vocabulary, file: StudyFile, citekey: str
    ) -> None:
        self._prompter = prompter
        self._collection = collection
        self._vocabulary = vocabulary
        self._file = file
        self._key = citekey
        #: The number that the finding gets, unless another one is written in the meantime.
        self.number = next_number(file.text, citekey)
        self._without_measure = not has_measure(file, citekey)

    def fill(self, values: Draft, sure: Names[str]) -> Draft:
        """Ask for what is missing or wrong; fields that are not ``sure`` are offered and may be kept with Enter."""
        values = dict(values)
        for field in FINDING_FIELDS:
            if field in _GIVEN or not self._is_asked(field, values):
                continue
            if field in sure and field in values:
                wrong = self.wrong(field, values)
                if not any(each.is_error for each in wrong):
                    continue
                self._show(wrong)
            self.ask(field, values)
            if field == "direction":
                self._prompter.say(f"  {appraisal_of(values, self._vocabulary)}")
        return draft(self._key, values)

    def ask(self, field: str, values: Draft) -> None:
        """Ask for one field until what is there is right; an optional one may stay empty, a minus empties it."""
        self._prompter.say(f"{field}: {field_help()[field].meaning}")
        while True:
            before = values.get(field, "")
            kept = f" [{clean_text(before)}] (Enter keeps it, - empties it)" if before else ""
            answer = self._prompter.ask(f"{field}{kept}: ", field)
            if answer.startswith("?") and kinds_of(field):
                self._prompter.say(listing(suggestions(field, answer[1:].strip(), self._vocabulary)))
                continue
            if answer == "-":
                values.pop(field, None)
            elif answer:
                try:
                    values[field] = named(field, answer, self._vocabulary, beginnings=True)
                except UnknownConceptError as error:
                    self._prompter.say(f"  {error}")
                    continue
            if not values.get(field) and self._is_needed(field, values):
                self._prompter.say("  This field is needed.")
                continue
            wrong = self.wrong(field, values)
            self._show(wrong)
            if not any(each.is_error for each in wrong):
                self._explain(field, values.get(field, ""))
                return
            if before:
                values[field] = before
            else:
                values.pop(field, None)

    def agree(self, values: Draft) -> Draft | None:
        """Show the finding and what is wrong with it until it is agreed to; none where it is given up."""
        values = dict(values)
        while True:
            found = self.check(values)
            errors = any(each.is_error for each in found)
            self._prompter.say("\n" + finding_text(self._key, self.number, values))
            self._prompter.say(f"{appraisal_of(values, self._vocabulary)}")
            self._show(found)
            question = "Correct it first: the name of a field, or n to give up: " if errors else (
                "Write it? y, n, or the name of a field to change or add: "
            )  # fmt: skip
            answer = self._prompter.ask(question).casefold()
            if answer in ("y", "yes") and not errors:
                return draft(self._key, values)
            if answer in ("n", "no"):
                return None
            if answer in FINDING_FIELDS and answer != "study":
                self.ask(answer, values)
            elif answer:
                self._prompter.say(f"  Fields: {', '.join(FINDING_FIELDS[1:])}.")

    def wrong(self, field: str, values: Draft) -> list[FieldProblem]:
        """Return the problems of one field as far as they show while the others are still open."""
        text = with_findings(self._file.text, self._key, [values])
        key, path = f"{self._key}-{self.number}", str(self._file.path)
        if all(values.get(name) for name in _READABLE):
            found = full_problems({path: text}, self._collection, self._vocabulary, unfinished=True)[path]
        else:
            found = problems_of(text, path, self._vocabulary)
        return [
            each
            for each in found
            if each.problem.key == key and each.field == field and (field in values or self._is_needed(field, values))
        ]

    def check(self, values: Draft) -> list[FieldProblem]:
        """Return all that is wrong with a finding, by the reader and the shapes."""
        path, before = str(self._file.path), self._file.text
        after = with_findings(before, self._key, [values])
        found = full_problems({path: after}, self._collection, self._vocabulary)[path]
        key = f"{self._key}-{self.number}"
        errors = hindrances(before, after, path, found, self._vocabulary)
        return errors + [each for each in found if not each.is_error and each.problem.key == key]

    def _is_needed(self, field: str, values: Draft) -> bool:
        return is_needed(field, values) or (field == "measure" and self._without_measure)

    def _is_asked(self, field: str, values: Draft) -> bool:
        return field in values or self._is_needed(field, values) or field_help()[field].needed == "wanted"

    def _show(self, found: list[FieldProblem]) -> None:
        for each in found:
            name = f"{each.field}: " if each.field else ""
            self._prompter.say(f"  {each.problem.severity}: {name}{each.sentence}")

    def _explain(self, field: str, value: str) -> None:
        """Show the definitions of what was chosen."""
        for part in value.replace("->", ";").split(";"):
            concept = next(
                filter(None, (self._vocabulary.get(k, part.strip().replace(":", "-")) for k in kinds_of(field))), None
            )
            if concept:
                self._prompter.say(f"  {part.strip()}: {concept.label}. {concept.definition}")
