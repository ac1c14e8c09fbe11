"""What adding and coding share: the collection, its words, who codes, and where the last change went."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from textual.message import Message

from kb.errors import IntakeError
from kb.intake.transaction import last, undo, writing
from kb.text import counted

if TYPE_CHECKING:
    from pathlib import Path

    from kb.collection import Collection
    from kb.vocabulary import Vocabulary


class CollectionChanged(Message):
    """Files of the collection were written; what was read of them is out of date."""


class Desk:
    """One place of work. ``coder`` is who codes, once it was said; ``folder`` is where the last change was written."""

    def __init__(self, collection: Collection, elsewhere: str = "") -> None:
        """``elsewhere`` says in a sentence that what is shown is not in these files, and how it changes."""
        self._collection = collection
        self.elsewhere = elsewhere
        self.coder = os.environ.get("MIPEX_KB_CODER", "")
        self.folder: Path = collection.studies[0]
        self.words: Vocabulary | None = None

    @property
    def collection(self) -> Collection:
        """The files that are changed here.

        Raises:
            IntakeError: what is shown is not in files.
        """
        if self.elsewhere:
            raise IntakeError(self.elsewhere)
        return self._collection

    def vocabulary(self) -> Vocabulary:
        """Return the concepts of the ontology, read once."""
        if self.words is None:
            from kb.intake.coding import vocabulary_of

            self.words = vocabulary_of(self.collection)
        return self.words

    def newest(self) -> str:
        """Return what would be taken back, in words.

        Raises:
            IntakeError: there is nothing to take back.
        """
        if self.elsewhere:
            raise IntakeError(self.elsewhere)
        found = last(self.folder)
        if found is None:
            raise IntakeError(f"There is nothing to undo in {self.folder}.")
        what, changes = found
        names = ", ".join(change.name for change in changes[:3])
        more = f" and {len(changes) - 3} more" if len(changes) > 3 else ""
        return f"{what} ({counted(len(changes), 'file')}: {names}{more})"

    def undo(self, expected: str) -> str:
        """Take the newest change back and say so; ``expected`` is what was asked for.

        Raises:
            IntakeError: it is another one by now, files were changed since, or they cannot be written.
        """
        with writing(self.folder):
            if self.newest() != expected:
                raise IntakeError("Something else was written in the meantime. Nothing was undone; look again.")
            done = undo(self.folder)
        return f"Taken back: {done.what}. {counted(len(done.files), 'file')} as before."
