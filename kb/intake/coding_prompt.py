"""Questions on a terminal, with names completed by Tab where the system has readline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from kb.intake.coding_words import SEVERAL, complete, kinds_of, written
from kb.output import note

if TYPE_CHECKING:
    from collections.abc import Callable

    from kb.vocabulary import Concept, Vocabulary

_MOST = 30  # names that one Tab lists


class Prompter(Protocol):
    """Whoever answers the questions."""

    def ask(self, question: str, field: str = "") -> str:
        """Return the answer to a question; ``field`` says which names complete it. EOFError where nobody answers."""
        ...

    def say(self, text: str) -> None:
        """Show one or more lines."""
        ...


class Terminal:
    """Asks on the terminal of this process."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._completer = Completer(vocabulary, self.say)
        try:
            import readline
        except ImportError:  # a Python built without it: answers are typed in full
            return
        readline.set_completer(self._completer)
        readline.set_completer_delims("")
        readline.parse_and_bind("bind ^I rl_complete" if "libedit" in (readline.__doc__ or "") else "tab: complete")

    def ask(self, question: str, field: str = "") -> str:
        """Return what is typed, without spaces around it."""
        self._completer.field, self._completer.question = field, question
        try:
            return input(question).strip()
        finally:
            self._completer.field = ""

    def say(self, text: str) -> None:
        """Write to standard error."""
        for line in text.splitlines():
            note(line)


class Completer:
    """Completes the last name of a line, as readline asks for it."""

    def __init__(self, vocabulary: Vocabulary, say: Callable[[str], None]) -> None:
        self.field = ""
        self.question = ""
        self._vocabulary = vocabulary
        self._say = say
        self._found: list[str] = []

    def __call__(self, line: str, state: int) -> str | None:
        """Return the ``state``-th completion of a line, none where there are no more."""
        if state == 0:
            self._found = self._complete(line)
        return self._found[state] if state < len(self._found) else None

    def _complete(self, line: str) -> list[str]:
        head, last = split_last(self.field, line)
        found = suggestions(self.field, last, self._vocabulary)
        names = [written(concept) for concept in found]
        begun = [name for name in names if name.startswith(last)]
        if begun or len(names) == 1:
            return [head + name for name in begun or names]
        if names:  # they have no beginning in common with what is typed, so it is left standing
            self._say("\n" + listing(found))
            print(f"{self.question}{line}", end="", flush=True)  # readline does not know that its line moved up
        return []


def suggestions(field: str, words: str, vocabulary: Vocabulary) -> list[Concept]:
    """Return the concepts that may be meant in a field."""
    return [concept for kind in kinds_of(field) for concept in complete(kind, words, vocabulary)]


def listing(concepts: list[Concept]) -> str:
    """Return concepts with their labels, one a line, the first ones where there are many."""
    lines = [f"  {written(concept)}: {concept.label}" for concept in concepts[:_MOST]]
    if len(concepts) > _MOST:
        lines.append(f"  and {len(concepts) - _MOST} more; type a part of the name")
    return "\n".join(lines)


def split_last(field: str, line: str) -> tuple[str, str]:
    """Return a line as what stands before its last name, and that name."""
    sign = "->" if field == "relation" else ";" if field in SEVERAL else ""
    place = line.rfind(sign) + len(sign) if sign and sign in line else 0
    last = line[place:].lstrip()
    return line[: len(line) - len(last)], last
