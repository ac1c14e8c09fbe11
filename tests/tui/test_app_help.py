"""The page of help: it opens, scrolls, and leaves everything below it as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.facets import Choice
from tests.tui.driving import choice, focused, has_left, press
from tui.screens.help import HelpScreen
from tui.widgets.policy_tree import PolicyTree

if TYPE_CHECKING:
    from kb.collection import Collection
    from tests.tui.conftest import Lines, Opener


async def test_help_closes_and_leaves_everything_as_it_was(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "p", "down")
        for key in ("escape", "q", "question_mark", "f1"):
            await press(pilot, "question_mark")
            assert isinstance(pilot.app.screen, HelpScreen)
            assert "MIPEX evidence: keys" in "\n".join(lines(pilot.app))
            await press(pilot, key)
            assert choice(pilot) == Choice().only("policy", "overall")
            assert focused(pilot) is PolicyTree
            assert not has_left(pilot.app)


async def test_help_scrolls_to_its_end_on_a_small_screen(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "question_mark", "end")
        assert "Esc closes this page." in "\n".join(lines(pilot.app))


async def test_keys_of_the_evidence_sleep_under_the_help(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "question_mark", "c", "slash", "p", "d", "y")
        assert isinstance(pilot.app.screen, HelpScreen)
        assert pilot.app.clipboard == ""
        await press(pilot, "escape")
        assert choice(pilot) == Choice()
