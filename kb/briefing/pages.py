"""The briefings in docs/briefings, written by the command that each of them names: ``python -m kb.briefing.pages``."""

from __future__ import annotations

import contextlib
import io
import shlex
import sys
import tomllib
from pathlib import Path

_FOLDER = Path(__file__).resolve().parents[2] / "docs" / "briefings"
_HEAD = """<!-- Written by `make docs`. Do not edit: change the collection or the template, and write it again. -->

```
mipex-kb brief {words}
```

"""


def commands() -> dict[str, str]:
    """Return what follows ``mipex-kb brief`` for each page, by the name of its file without ending."""
    found: dict[str, str] = tomllib.loads(Path(__file__).with_name("pages.toml").read_text("utf-8"))["pages"]
    return found


def page_text(words: str) -> str:
    """Return a page: the command and what it gives as Markdown.

    Raises:
        RuntimeError: the command fails.
    """
    from kb.cli import main

    said, complaint = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complaint):
        code = main(["brief", *shlex.split(words), "--format", "md"])
        said.flush()
    if code:
        raise RuntimeError(f"mipex-kb brief {words}: {complaint.getvalue().strip()}")
    return _HEAD.format(words=words) + said.buffer.getvalue().decode()


def main() -> int:
    """Write all pages."""
    _FOLDER.mkdir(parents=True, exist_ok=True)
    for name, words in commands().items():
        (_FOLDER / f"{name}.md").write_text(page_text(words), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
