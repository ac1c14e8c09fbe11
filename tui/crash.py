"""When something goes wrong that nobody expected: what happened goes into a file, and the user learns which."""

from __future__ import annotations

import traceback
from datetime import datetime
from typing import TYPE_CHECKING

from kb.errors import UserFolderError
from kb.user_folder import user_folder, write_text

if TYPE_CHECKING:
    from pathlib import Path


def log_crash(error: BaseException) -> Path | None:
    """Write what happened to a file of the user's folder and return its place; none where it cannot be written."""
    name = f"crash-{datetime.now().strftime('%Y%m%d-%H%M%S')}.log"
    try:
        write_text(name, "".join(traceback.format_exception(error)))
    except UserFolderError:
        return None
    return user_folder() / name


def crash_message(path: Path | None) -> str:
    """Return what the user is told."""
    where = f"What happened is written in {path}." if path else "What happened could not be written to a file."
    return f"The program stopped because of an error that it did not expect. {where} Baskets and studies are kept."
