"""Where long exports go: piece by piece to a file or to standard output, packed where the file is called so."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kb.export import new_file
from kb.output import emit, note, to_terminal
from kb.publishing.places import opened

if TYPE_CHECKING:
    from collections.abc import Callable


def write_out(write: Callable[[IO[bytes]], None], path: str = "", *, force: bool = False) -> None:
    """Let ``write`` write to a new file, or to standard output where ``path`` is empty.

    Raises:
        ExportError: the file exists and ``force`` is off, or it cannot be written.
    """
    if path:
        with new_file(Path(path), force=force) as pending, opened(pending, packed=path.endswith(".gz")) as out:
            write(out)
        note(f"Written: {path}")
    elif to_terminal():
        whole = io.BytesIO()
        write(whole)
        emit(whole.getvalue())
    else:
        sys.stdout.flush()
        write(sys.stdout.buffer)
        sys.stdout.buffer.flush()
