"""What README and docs show of the interface, written from what it is: ``python -m tui.documents`` (``make docs``)."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tui.keys import markdown_table

ROOT = Path(__file__).resolve().parents[1]
#: The keys that README shows; all of them are in docs/keys.md.
MAIN_SCOPES = ("work", "screen", "table")
_BLOCK = re.compile(r"(<!-- keys: [^\n]*-->\n)(?:\|[^\n]*\n)*")
_HEAD = """# Keys of the terminal program

Written by `make docs` from `tui/keys.toml`, the list that also gives the footer, the help and the command palette.

"""


def keys_page() -> str:
    """Return the page of all keys."""
    return _HEAD + markdown_table()


def with_keys(readme: str) -> str:
    """Return README with the main keys as they are now."""
    return _BLOCK.sub(lambda match: match.group(1) + markdown_table(*MAIN_SCOPES), readme)


def main() -> int:
    """Write the keys into README and docs, and the pictures."""
    from tui.pictures import write_pictures

    readme = ROOT / "README.md"
    readme.write_text(with_keys(readme.read_text("utf-8")), "utf-8")
    (ROOT / "docs" / "keys.md").write_text(keys_page(), "utf-8")
    write_pictures(ROOT / "docs" / "pictures")
    return 0


if __name__ == "__main__":
    sys.exit(main())
