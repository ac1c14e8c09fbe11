"""Where output goes: data to standard output or a file, narration to standard error, nothing odd to a terminal."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from kb.export import write_file

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def to_terminal() -> bool:
    """Say whether standard output is a terminal."""
    return sys.stdout.isatty()


def emit(content: str | bytes, path: str = "", *, force: bool = False) -> None:
    """Write data to a file, or to standard output where ``path`` is empty; a terminal never sees control characters.

    Raises:
        ExportError: the file exists and ``force`` is off, or it cannot be written.
    """
    data = content.encode() if isinstance(content, str) else content
    if path:
        write_file(Path(path), data, force=force)
        note(f"Written: {path}")
        return
    if to_terminal():
        data = _CONTROL.sub("\ufffd", data.decode("utf-8", "replace").replace("\r\n", "\n")).encode()
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def note(text: str) -> None:
    """Write one line of narration to standard error."""
    print(_CONTROL.sub("\ufffd", text), file=sys.stderr, flush=True)


class Progress:
    """A line on standard error that counts, for example, the files of a build; on a terminal only, after a moment."""

    def __init__(self, line: str = "Reading the collection: {} of {} files ") -> None:
        import time

        self._line = line

        self._clock = time.monotonic
        self._start = self._clock()
        self._shown = False
        self._visible = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    def __call__(self, done: int, total: int, name: str) -> None:
        """Show that ``done`` of ``total`` files are read."""
        if self._visible and (self._shown or self._clock() - self._start > 0.5):
            self._shown = True
            sys.stderr.write("\r" + self._line.format(done, total))
            sys.stderr.flush()

    def finish(self) -> None:
        """Clear the line."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
