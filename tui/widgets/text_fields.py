"""Fields to type in: text that is pasted comes in as plain characters, and a file name can be completed."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.widgets import Input, TextArea

from kb.text import clean_text, has_unsafe
from tui.keys import bindings

if TYPE_CHECKING:
    from textual import events
    from textual.binding import BindingType

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class PlainInput(Input):
    """One line of text without control characters."""

    def on_paste(self, event: events.Paste) -> None:
        """Take lines together, and what the terminal could obey away."""
        event.text = clean_text(event.text)


class PasteArea(TextArea):
    """Many lines, without control characters."""

    def on_paste(self, event: events.Paste) -> None:
        """Take away what the terminal could obey."""
        event.text = _CONTROL.sub("", event.text)


class PathInput(PlainInput):
    """The name of a file, completed with Tab."""

    BINDINGS: ClassVar[list[BindingType]] = list(bindings("path"))

    def action_complete(self) -> None:
        """Complete the name as far as it is clear; where there is nothing to complete, go on."""
        longer = completed(self.value)
        if longer == self.value:
            self.screen.focus_next()
        else:
            self.value = longer
            self.cursor_position = len(longer)


def completed(beginning: str) -> str:
    """Return the longest beginning that all fitting names in its folder share; a folder gets its slash."""
    path = Path(beginning).expanduser()
    folder, start = (path, "") if beginning.endswith("/") or not beginning else (path.parent, path.name)
    try:
        with os.scandir(folder) as entries:
            names = [
                entry.name + "/" * entry.is_dir()
                for entry in entries
                if entry.name.startswith(start) and (start or not entry.name.startswith(".")) and _fits(entry)
            ]
    except (OSError, ValueError):
        return beginning
    common = min(names, default="")
    while not all(name.startswith(common) for name in names):
        common = common[:-1]
    return beginning[: len(beginning) - len(start)] + common if len(common) > len(start) else beginning


def _fits(entry: os.DirEntry[str]) -> bool:
    return not has_unsafe(entry.name) and (entry.is_dir() or entry.name.lower().endswith((".bib", ".bibtex", ".txt")))
