"""A first-time user finds evidence, takes it away and gets the query: fifteen keys in a real terminal (tmux).

``pytest tests/tui/test_first_use.py --snapshot-update`` writes the screens to docs/first-use.md.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import pytest

from kb.bibtex import read
from kb.session import make_session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kb.collection import Collection
    from kb.store import Reader

PAGE = Path(__file__).resolve().parents[2] / "docs" / "first-use.md"


#: The folder that the page names: as long as the one in which the test works, so that lines break as they did.
SHOWN = "/research/mipex"


@pytest.fixture
def work() -> Iterator[Path]:
    """Return an empty folder with a short name, which the screens show whole."""
    with TemporaryDirectory(prefix="wk") as name:
        yield Path(name)


class Step(NamedTuple):
    """What the user thinks, the keys pressed, and what the screen has to show then."""

    thought: str
    keys: tuple[str, ...]
    shows: str


STEPS = (
    Step(
        "The footer says: p Policies. Access to nationality is near the end of the list.",
        ("p", "End", "Up", "Up", "Up"), "policy Access to nationality",
    ),
    Step(
        "The footer says, beside the filters: F Find. Two letters of political participation are enough.",
        ("F", "p", "o", "Enter"), "Political and ci",
    ),
    Step("The cursor is on political and civic participation; Space ticks it.", ("Space",), "outcome Political and"),
    Step("The footer says: e Export. A table is ticked already; b ticks the references.", ("e", "b"), "[x] b BibTeX"),
    Step("The footer says: Enter Write.", ("Enter",), "Written: "),
    Step("Esc closes. The footer says: s SPARQL.", ("Escape", "s"), "SELECT ?finding"),
)  # fmt: skip


class Terminal:
    """A terminal of 80x24 in tmux, in a session of its own."""

    def __init__(self, folder: Path) -> None:
        self._tmux = ["tmux", "-S", str(folder / "tmux.sock")]
        program = f"{sys.executable} -c 'from kb.cli import entry; entry()'"
        self._run("new-session", "-d", "-x", "80", "-y", "24", "-c", str(folder), program)

    def _run(self, *words: str) -> str:
        return subprocess.run([*self._tmux, *words], capture_output=True, text=True, check=True).stdout

    def press(self, key: str) -> None:
        """Press one key."""
        self._run("send-keys", key)
        time.sleep(0.15)

    def until(self, condition: Callable[[str], bool]) -> str:
        """Return the screen once something is so on it; as it is after a minute."""
        end = time.monotonic() + 60
        while not condition(screen := self._run("capture-pane", "-p")) and time.monotonic() < end:
            time.sleep(0.1)
        return screen

    def close(self) -> None:
        """End the program and its terminal."""
        subprocess.run([*self._tmux, "kill-server"], check=False)


@pytest.mark.needs("tmux")
def test_a_first_time_user_needs_fifteen_keys(
    whole: Collection, whole_reader: Reader, work: Path, request: pytest.FixtureRequest
) -> None:
    make_session(whole).close()
    assert sum(len(step.keys) for step in STEPS) <= 15
    pages = []
    terminal = Terminal(work)
    try:
        terminal.until(lambda screen: "findings" in screen)
        for step in STEPS:
            for key in step.keys:
                terminal.press(key)
            screen = terminal.until(lambda screen, step=step: step.shows in screen)  # type: ignore[misc]
            assert step.shows in screen
            pages.append((step, screen))
    finally:
        terminal.close()
    (table,) = work.glob("*.csv")
    (references,) = work.glob("*.bib")
    rows = [line for line in table.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert "SELECT ?finding" in table.read_text("utf-8")
    keys = {entry.key for entry in read(references.read_text("utf-8"), "x.bib").entries}
    assert len(rows) > 2
    assert keys
    assert all(any(line.count(key) for line in rows) for key in keys)
    if request.config.getoption("--snapshot-update"):
        PAGE.write_text(page(pages).replace(str(work), SHOWN), "utf-8")


def test_the_page_shows_these_keys() -> None:
    text = PAGE.read_text("utf-8")
    for step in STEPS:
        assert "/tmp" not in text
        assert f"{step.thought}\n\n    {' '.join(step.keys)}\n" in text


def page(pages: list[tuple[Step, str]]) -> str:
    """Return the page: each step with its keys and the screen after it."""
    number = sum(len(step.keys) for step, _ in pages)
    parts = [
        "# First use\n\nWhat evidence is there on naturalisation policy and political participation? "
        "Somebody who reads nothing but the\nscreen finds it, exports it as CSV and BibTeX, and gets the SPARQL, "
        f"with {number} keys in a terminal of 80x24.\nRecorded by `tests/tui/test_first_use.py`.\n"
    ]
    for step, screen in pages:
        lines = "\n".join(line.rstrip() for line in screen.splitlines())
        parts.append(f"{step.thought}\n\n    {' '.join(step.keys)}\n\n```\n{lines}\n```\n")
    return "\n".join(parts)
