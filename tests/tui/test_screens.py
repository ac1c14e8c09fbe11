"""Every numbered screen at three sizes, light and dark, with an ordinary, an empty, a huge and a hostile collection.

What is drawn is compared with the files in ``screens/``; ``pytest --snapshot-update`` writes them anew, to be read in
the diff.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input, TextArea

from kb.build import ensure
from kb.collection import Collection
from kb.tables import make_tables
from tests.tui.conftest import still
from tests.tui.drawing import Multiplied, drawn, opened_already, sections
from tests.tui.driving import finish
from tui.app import EvidenceApp
from tui.places import places
from tui.themes import themes
from tui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from kb.store import Reader

FOLDER = Path(__file__).with_name("screens")
SIZES = ((80, 24), (120, 40), (200, 60))
THEMES = ("dark", "light")
DIRECTION_COLOURS = ("primary", "warning", "secondary")
KINDS = ("ordinary", "empty", "huge", "hostile")


@pytest.fixture
def app(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> EvidenceApp:
    """Return the application on a collection of a kind."""
    if kind == "huge":
        whole: Collection = request.getfixturevalue("whole")
        reader: Reader = request.getfixturevalue("whole_reader")
        session = Multiplied(whole, reader)
        assert len(session.findings()) > 10_000
        return EvidenceApp(whole, opened_already(session))
    if kind == "empty":
        (tmp_path / "studies").mkdir()
        empty = Collection((tmp_path / "studies",), request.getfixturevalue("toy").ontology)
        with ensure(empty)[0] as opened:
            make_tables(opened)
        return EvidenceApp(empty)
    name = {"ordinary": "toy", "hostile": "hostile"}[kind]
    request.getfixturevalue(f"{name}_reader")
    return EvidenceApp(request.getfixturevalue(name))


@pytest.mark.parametrize("kind", KINDS)
async def test_every_screen_is_drawn_as_before(app: EvidenceApp, kind: str, request: pytest.FixtureRequest) -> None:
    different = []
    async with app.run_test(size=SIZES[0]) as pilot:
        await finish(pilot)
        for place in places():
            app.go(place.name)
            await finish(pilot)
            for widget in app.screen.query(Input):
                widget.cursor_blink = False
            for area in app.screen.query(TextArea):
                area.cursor_blink = False
            seen = {}
            for size in SIZES:
                await pilot.resize_terminal(*size)
                await finish(pilot)
                for table in app.screen.query(RowTable):
                    table.scroll_home(animate=False)
                for theme in THEMES:
                    app.theme = theme
                    await still(pilot)
                    seen[f"{size[0]}x{size[1]} {theme}"] = drawn(app)
            path = FOLDER / f"{kind}-{place.name}.txt"
            if request.config.getoption("--snapshot-update"):
                path.write_text("".join(f"=== {heading}\n{body}" for heading, body in seen.items()), "utf-8")
            before = dict(sections(path.read_text("utf-8"))) if path.exists() else {}
            different += [f"{path.name}, {heading}" for heading in seen if seen[heading] != before.get(heading)]
    assert different == []


def test_no_screen_keeps_colours_of_another_theme() -> None:
    known = {theme.name: [getattr(theme, name) for name in DIRECTION_COLOURS] for theme in themes()}
    for path in FOLDER.iterdir():
        for heading, body in sections(path.read_text("utf-8")):
            drawn_in = re.findall("#[0-9a-f]{6}", body.partition("--- styles")[2].partition("--- runs")[0])
            here = heading.split()[-1]
            others = [colour for name in THEMES if name != here for colour in known[name]]
            assert [(path.name, colour) for colour in others if any(is_like(colour, seen) for seen in drawn_in)] == []


def is_like(one: str, other: str) -> bool:
    """Say whether two colours are the same; Textual rounds some of them."""
    first, second = (bytes.fromhex(colour[1:]) for colour in (one, other))
    return all(abs(a - b) <= 1 for a, b in zip(first, second, strict=True))


def test_no_screen_is_kept_that_is_not_compared() -> None:
    names = {f"{kind}-{place.name}.txt" for kind in KINDS for place in places()}
    assert {path.name for path in FOLDER.iterdir()} == names
