"""A field for the name of a file to write: Tab completes the folders in it."""

from __future__ import annotations

import os
from pathlib import Path

from kb.text import has_unsafe
from tui.widgets.text_fields import PathInput


class FolderInput(PathInput):
    """The name of a file that may not be there yet."""

    def action_complete(self) -> None:
        """Complete the folder before the cursor as far as it is clear; where there is nothing to complete, go on."""
        before, after = self.value[: self.cursor_position], self.value[self.cursor_position :]
        longer = completed_folder(before)
        if longer == before:
            self.screen.focus_next()
        else:
            self.value = longer + after.removeprefix("/")
            self.cursor_position = len(longer)


def completed_folder(beginning: str) -> str:
    """Return the longest beginning that all fitting folders share; one that is whole gets its slash."""
    path = Path(beginning).expanduser()
    folder, start = (path, "") if beginning.endswith("/") or not beginning else (path.parent, path.name)
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.name.startswith(start) and entry.is_dir()]
    except (OSError, ValueError):
        return beginning
    names = [f"{name}/" for name in names if not has_unsafe(name) and (start or not name.startswith("."))]
    common = min(names, default="")
    while not all(name.startswith(common) for name in names):
        common = common[:-1]
    return beginning[: len(beginning) - len(start)] + common if len(common) > len(start) else beginning
