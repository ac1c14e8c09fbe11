"""What the application knows: the collection, all its findings, and which of them are chosen."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from kb.evidence import Question, Row, answer, haystack, policy_counts, status_text
from kb.named_queries import named_query
from kb.stamps import is_fresh
from kb.store import open_store
from kb.terminal import SIGNS
from kb.text import counted, plain_letters

if TYPE_CHECKING:
    from kb.collection import Collection
    from kb.store import Reader
    from kb.studies import StudyDocument
    from kb.vocabulary import Concept, Vocabulary

ALL = "all"


class Choice(NamedTuple):
    """What the user chose: a policy (empty for all), a circle or all, and words to search for."""

    policy: str = ""
    circle: str = "core"
    search: str = ""


def open_session(collection: Collection) -> Session | None:
    """Open a collection whose store is up to date, and read its core circle; none where it has to be built first.

    Raises:
        KnowledgeBaseError: the collection or its store cannot be read.
    """
    if not is_fresh(collection):
        return None
    session = Session(open_store(collection))
    session.rows(Choice())
    return session


class Session:
    """One opened collection. Findings are read once; choosing among them needs no query."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._words = reader.vocabulary("policy")
        self._rows: dict[str, list[Row]] = {}
        self._totals = policy_counts(reader)
        self._status: dict[str, str] = {}
        self._haystacks: dict[str, str] = {}

    def warm(self) -> None:
        """Bring the graph into memory; may run in another thread."""
        self._reader.warm()

    def close(self) -> None:
        """Let the store go."""
        self._reader.close()

    def vocabulary(self) -> Vocabulary:
        """Return the concepts of all kinds."""
        return self._reader.vocabulary()

    def uncoded(self) -> list[str]:
        """Return the keys of the studies without a finding."""
        return [key for key, *_ in self._reader.rows(named_query("uncoded").text({}))]

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
        return self._with_above(Counter(row.policy for row in self.rows(choice._replace(policy=""))))

    def totals(self) -> Counter[str]:
        """Return how many findings there are in all circles on each policy and all below it; "" counts all."""
        return self._with_above(self._totals)

    def _with_above(self, counts: Counter[str]) -> Counter[str]:
        found: Counter[str] = Counter({"": counts.total()})
        for policy, number in counts.items():
            found[policy] += number
            for above in self._words.ancestors("policy", policy):
                found[above.notation] += number
        return found

    def summary(self, choice: Choice) -> str:
        """Return one line on the chosen findings: how many, of how many studies, which directions, what is hidden."""
        rows = self.rows(choice)
        directions = Counter(row.direction for row in rows)
        split = " ".join(f"{sign}{directions[name]}" for name, sign in SIGNS.items())
        full = sum(row.source_level == "fulltext" for row in rows)
        family = self._family(choice.policy)
        total = sum(number for policy, number in self._totals.items() if not choice.policy or policy in family)
        hidden = total - len(rows)
        parts = [
            f"{counted(len(rows), 'finding')}, {counted(len({r.study for r in rows}), 'study', 'studies')}",
            split,
        ]
        status = status_text(rows, self._status)
        parts += [f"{full} in full text", f"circle {choice.circle}" + (f" (MIPEX {status})" if status else "")]
        return ", ".join([*parts, f"{hidden} hidden"] if hidden else parts)

    def study(self, row: Row) -> StudyDocument:
        """Return the study of a finding, with all its findings."""
        from kb.studies import study_documents

        return study_documents(self._reader, [row.study])[0]

    def _circle(self, circle: str) -> list[Row]:
        if circle not in self._rows:
            found = answer(self._reader, Question(measure=(circle,)))
            self._rows[circle] = found.rows
            self._status |= found.measure_status
        return self._rows[circle]

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
