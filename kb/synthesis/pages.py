"""The syntheses in docs/syntheses and two pictures in docs/pictures, each written by a command of its own.

Write them anew with ``python -m kb.synthesis.pages``.
"""

from __future__ import annotations

import contextlib
import io
import shlex
import sys
import tempfile
import tomllib
from pathlib import Path

_DOCS = Path(__file__).resolve().parents[2] / "docs"
_HEAD = """<!-- Written by `make docs`. Do not edit: change the collection or the template, and write it again. -->

```
mipex-kb synthesis {words}
```

"""


def commands() -> dict[str, str]:
    """Return what follows ``mipex-kb synthesis`` for each page, by the name of its file without ending."""
    return _data("pages")


def pictures() -> dict[str, str]:
    """Return what follows ``mipex-kb synthesis`` for each picture, by the name of its file without ending."""
    return _data("pictures")


def _data(section: str) -> dict[str, str]:
    found: dict[str, str] = tomllib.loads(Path(__file__).with_name("pages.toml").read_text("utf-8"))[section]
    return found


def page_text(words: str) -> str:
    """Return a page: the command and what it gives as Markdown.

    Raises:
        RuntimeError: the command fails.
    """
    return _HEAD.format(words=words) + _run(words, "--format", "md")


def picture_text(words: str) -> str:
    """Return a picture as SVG.

    Raises:
        RuntimeError: the command fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture.svg"
        _run(words, "-o", str(path))
        return path.read_text("utf-8")


def _run(words: str, *more: str) -> str:
    from kb.cli import main

    said, complaint = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complaint):
        code = main(["synthesis", *shlex.split(words), *more])
        said.flush()
    if code:
        raise RuntimeError(f"mipex-kb synthesis {words}: {complaint.getvalue().strip()}")
    content: str = said.buffer.getvalue().decode()
    return content


def main() -> int:
    """Write all pages and pictures."""
    for folder, ending, found, make in (
        ("syntheses", "md", commands(), page_text), ("pictures", "svg", pictures(), picture_text),
    ):  # fmt: skip
        (_DOCS / folder).mkdir(parents=True, exist_ok=True)
        for name, words in found.items():
            (_DOCS / folder / f"{name}.{ending}").write_text(make(words), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
