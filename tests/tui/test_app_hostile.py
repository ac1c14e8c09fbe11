"""Hostile data: a record and an ontology that try everything are shown, and never obeyed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from kb.text import has_unsafe
from tests.tui.conftest import still
from tests.tui.driving import LARGE, SIZES, detail_text, finish, has_left, look_for, press, screen_of, table
from tui.screens.evidence import EvidenceScreen
from tui.widgets.detail import Detail

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from textual.app import App
    from textual.pilot import Pilot

    from kb.collection import Collection
    from tests.tui.conftest import Lines, Opener


def safe(app: App[Any]) -> bool:
    """Say whether nothing on the screen could be obeyed by the terminal or by Textual."""
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            if has_unsafe(segment.text) or (segment.style and (segment.style.link or "@click" in segment.style.meta)):
                return False
    return True


async def pages(pilot: Pilot[str], lines: Lines) -> AsyncIterator[list[str]]:
    """Yield the lines of the screen, scrolling the finding below from its start to its end."""
    detail = screen_of(pilot).query_one(Detail)
    place = 0
    while True:
        detail.scroll_to(y=place, animate=False)
        await still(pilot)
        yield lines(pilot.app)
        if place >= detail.max_scroll_y:
            return
        place += detail.size.height


@pytest.mark.parametrize("size", SIZES)
async def test_a_hostile_collection_is_shown_and_never_obeyed(
    hostile: Collection, opened: Opener, lines: Lines, size: tuple[int, int]
) -> None:
    async with opened(hostile, size) as pilot:
        assert safe(pilot.app)
        assert [row.study for row in table(pilot).rows] == ["hostile2007record"]
        assert "[/x] Mallory" in "\n".join(lines(pilot.app))
        assert "[@click=app.quit]press[/]" in "\n".join(lines(pilot.app))
        await press(pilot, "down", "end", "d", "end")
        assert safe(pilot.app)
        assert "[bold]markup[/bold]" in detail_text(pilot)
        await look_for(pilot, "mallory")
        await press(pilot, "p", "down", "enter", "c", "question_mark")
        assert safe(pilot.app)
        await press(pilot, "escape")
        assert safe(pilot.app)
        assert not has_left(pilot.app)


async def test_hostile_text_is_safe_to_read_and_to_click_from_its_start_to_its_end(
    hostile: Collection, opened: Opener, lines: Lines
) -> None:
    async with opened(hostile, LARGE) as pilot:
        await press(pilot, "d")
        clicked = set()
        text = ""
        async for page in pages(pilot, lines):
            assert safe(pilot.app)
            text += "\n".join(page)
            for y, line in enumerate(page):
                for found in re.finditer(r"click=app|press\[|Title\[|Corp\[|HYPERLINK|Mallory|https:", line):
                    if (found[0], y) not in clicked:
                        await pilot.click(offset=(found.start() + 1, y))
                        clicked.add((found[0], y))
                        assert not has_left(pilot.app)
                        assert isinstance(pilot.app.screen, EvidenceScreen)
        for letters in ("[bold]markup[/bold]", "[@click=app.quit]Title[/]", "@SUM(A1:A9)", "+SUM(1,1) | pipe"):
            assert letters in text, letters
        assert {found for found, _ in clicked} == {
            "click=app",
            "press[",
            "Title[",
            "Corp[",
            "HYPERLINK",
            "Mallory",
            "https:",
        }


async def test_a_hostile_citation_is_copied_without_control_characters(hostile: Collection, opened: Opener) -> None:
    async with opened(hostile) as pilot:
        await press(pilot, "y", "end")
        await finish(pilot)
        await press(pilot, "enter")
        assert "[bold]markup[/bold]" in pilot.app.clipboard
        assert not has_unsafe(pilot.app.clipboard)
        assert safe(pilot.app)


async def test_hostile_labels_of_an_ontology_are_shown_and_never_obeyed(
    copy_of_toy: Collection, opened: Opener, lines: Lines
) -> None:
    evil = r"[bold]Evil[/] [/x] \u001B[31m\u202E\u009B"
    for name, label in (("policies.ttl", "Anti-discrimination"), ("outcomes.ttl", "Perceived threat")):
        path = copy_of_toy.ontology / name
        text = path.read_text("utf-8")
        changed = text.replace(f'skos:prefLabel "{label}"@en', f'skos:prefLabel "{evil}"@en')
        assert changed != text
        path.write_text(changed, "utf-8")
    async with opened(copy_of_toy, LARGE) as pilot:
        assert safe(pilot.app)
        assert "2 [bold]Evil[/] [/x]" in "\n".join(lines(pilot.app))
        await look_for(pilot, "muslims")
        await press(pilot, "p", "end", "f")
        assert safe(pilot.app)
        assert "[bold]Evil[/] [/x]" in "\n".join(lines(pilot.app))
