"""What the application knows: the collection, all its findings, and which of them are chosen."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from kb.evidence import Question, Row, answer, haystack
from kb.terminal import SIGNS
from kb.text import counted, plain_letters
from kb.vocabulary import CIRCLES

if TYPE_CHECKING:
    from kb.store import Reader
    from kb.studies import StudyDocument
    from kb.vocabulary import Concept

ALL = "all"


class Choice(NamedTuple):
    """What the user chose: a policy (empty for all), a circle or all, and words to search for."""

    policy: str = ""
    circle: str = "core"
    search: str = ""


class Session:
    """One opened collection. Findings are read once; choosing among them needs no query."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._words = reader.vocabulary("policy")
        self._rows: dict[str, list[Row]] = {
            circle: answer(reader, Question(measure=(circle,))).rows for circle in CIRCLES
        }
        self._haystacks: dict[str, str] = {}

    def close(self) -> None:
        """Let the store go."""
        self._reader.close()

    def policies(self) -> list[Concept]:
        """Return the policies that stand at the top of the scheme."""
        return self._words.tops("policy")

    def below(self, policy: str) -> list[Concept]:
        """Return the policies directly below one."""
        return self._words.narrower("policy", policy)

    def label(self, policy: str) -> str:
        """Return the name of a policy; of all where it is empty."""
        concept = self._words.get("policy", policy)
        return concept.label if concept else "All policies"

    def rows(self, choice: Choice) -> list[Row]:
        """Return the chosen findings."""
        wanted = self._family(choice.policy)
        rows = [row for row in self._circle(choice.circle) if not choice.policy or row.policy in wanted]
        words = plain_letters(choice.search).split()
        return [row for row in rows if all(word in self._haystack(row) for word in words)] if words else rows

    def counts(self, choice: Choice) -> Counter[str]:
        """Return how many findings fit the circle and search on each policy and all below it; "" counts all."""
        found: Counter[str] = Counter()
        for row in self.rows(choice._replace(policy="")):
            found[""] += 1
            found[row.policy] += 1
            for above in self._words.ancestors("policy", row.policy):
                found[above.notation] += 1
        return found

    def summary(self, choice: Choice) -> str:
        """Return one line on the chosen findings: how many, of how many studies, which directions, what is hidden."""
        rows = self.rows(choice)
        directions = Counter(row.direction for row in rows)
        split = " ".join(f"{sign}{directions[name]}" for name, sign in SIGNS.items())
        full = sum(row.source_level == "fulltext" for row in rows)
        hidden = len(self.rows(Choice(choice.policy, ALL))) - len(rows)
        parts = [
            f"{counted(len(rows), 'finding')}, {counted(len({r.study for r in rows}), 'study', 'studies')}",
            split,
        ]
        parts += [f"{full} in full text", f"circle {choice.circle}"]
        return ", ".join([*parts, f"{hidden} hidden"] if hidden else parts)

    def study(self, row: Row) -> StudyDocument:
        """Return the study of a finding, with all its findings."""
        from kb.studies import study_documents

        return study_documents(self._reader, [row.study])[0]

    def _circle(self, circle: str) -> list[Row]:
        if circle != ALL:
            return self._rows[circle]
        return [row for rows in self._rows.values() for row in rows]

    def _family(self, policy: str) -> set[str]:
        found, queue = {policy}, [policy]
        while queue:
            below = [c.notation for c in self._words.narrower("policy", queue.pop()) if c.notation not in found]
            found.update(below)
            queue += below
        return found

    def _haystack(self, row: Row) -> str:
        if row.finding not in self._haystacks:
            self._haystacks[row.finding] = haystack(row)
        return self._haystacks[row.finding]
