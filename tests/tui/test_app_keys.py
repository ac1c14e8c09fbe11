"""Every key of the list does in the running application what the help says, on a small screen and on a large one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from kb.baskets import Baskets
from kb.facets import Choice
from tests.tui.conftest import still
from tests.tui.driving import CORE, LARGE, SMALL, choice, detail_text, enter, focused, has_left, press, screen_of, table
from tui.keys import Key, all_keys
from tui.places import places
from tui.plain import signed
from tui.screens.add import AddScreen
from tui.screens.code import CodeScreen
from tui.screens.evidence import EvidenceScreen
from tui.screens.help import HelpScreen
from tui.screens.work import WorkScreen
from tui.themes import themes
from tui.widgets.detail import Detail
from tui.widgets.policy_tree import PolicyTree
from tui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.pilot import Pilot

    from kb.collection import Collection
    from tests.tui.conftest import Opener


async def proves_search(pilot: Pilot[str], key: str) -> None:
    await press(pilot, key)
    assert focused(pilot) is Input
    await press(pilot, *"muslims")
    assert choice(pilot).search == "muslims"
    assert [row.finding for row in table(pilot).rows] == ["beta2002moderator-1"]


async def proves_back(pilot: Pilot[str], key: str) -> None:
    await press(pilot, "p", "down", "slash", "t", key)
    assert focused(pilot) is RowTable
    assert choice(pilot) == Choice(search="t").only("policy", "overall")
    await press(pilot, key)
    assert choice(pilot) == Choice().only("policy", "overall")
    await press(pilot, key)
    assert choice(pilot) == Choice()
    await press(pilot, key)
    assert choice(pilot) == Choice()
    assert focused(pilot) is RowTable


async def proves_policies(pilot: Pilot[str], key: str) -> None:
    await press(pilot, key)
    assert focused(pilot) is PolicyTree


async def proves_findings(pilot: Pilot[str], key: str) -> None:
    await press(pilot, "p", key)
    assert focused(pilot) is RowTable


async def proves_detail(pilot: Pilot[str], key: str) -> None:
    await press(pilot, key)
    assert focused(pilot) is Detail
    await press(pilot, "end")
    detail = screen_of(pilot).query_one(Detail)
    assert round(detail.scroll_y) == detail.max_scroll_y
    assert table(pilot).cursor == 0


async def proves_circle(pilot: Pilot[str], key: str) -> None:
    seen = []
    for _ in range(5):
        seen.append((choice(pilot).circle, len(table(pilot).rows)))
        await press(pilot, key)
    assert seen == [("core", CORE), ("comparable", 1), ("reform", 1), ("status", 0), ("all", 7)]
    assert choice(pilot).circle == "core"


async def proves_copy(pilot: Pilot[str], key: str) -> None:
    await press(pilot, key)
    assert pilot.app.clipboard == (
        "Alpha, Anna; Müller, Jörg; O'Neil, Pat (2001). Made-up study of equal treatment and trust. "
        "Journal of Made-up Results 12(3), 1–20. https://doi.org/10.5555/toy.2001.1"
    )
    assert [note.message for note in pilot.app._notifications][-1:] == [
        "The citation was sent to the terminal's clipboard."
    ]


async def proves_help(pilot: Pilot[str], key: str) -> None:
    await press(pilot, key)
    assert isinstance(pilot.app.screen, HelpScreen)
    await press(pilot, key)
    assert isinstance(pilot.app.screen, EvidenceScreen)


async def proves_quit(pilot: Pilot[str], key: str) -> None:
    await press(pilot, key)
    assert has_left(pilot.app)
    assert pilot.app.return_code == 0
    assert pilot.app.return_value is None


def moves(*before: str, to: int) -> Callable[[Pilot[str], str], Awaitable[None]]:
    """Return the proof that a key moves the cursor to a finding."""

    async def proves_movement(pilot: Pilot[str], key: str) -> None:
        await press(pilot, *before, key)
        row = table(pilot).row
        assert table(pilot).cursor == to
        assert row is not None
        assert row == table(pilot).rows[to]
        assert detail_text(pilot).startswith(row.statement)

    return proves_movement


async def proves_code(pilot: Pilot[str], key: str) -> None:
    row = table(pilot).row
    assert row is not None
    await enter(pilot, key)
    screen = pilot.app.screen
    assert isinstance(screen, CodeScreen)
    assert screen.form is not None
    assert screen.form.citekey == row.study
    await press(pilot, "escape")
    assert isinstance(pilot.app.screen, EvidenceScreen)


async def proves_undo(pilot: Pilot[str], key: str) -> None:
    await press(pilot, key)
    assert [note.message for note in pilot.app._notifications][-1].startswith("There is nothing to undo in ")


async def proves_sort(pilot: Pilot[str], key: str) -> None:
    await press(pilot, key)
    directions = [row.direction for row in table(pilot).rows]
    assert table(pilot).order == ("Direction", False)
    assert len(set(directions)) > 1
    signs = [signed(direction) for direction in directions]
    assert signs == sorted(signs)
    table(pilot).sort("")


async def proves_reverse(pilot: Pilot[str], key: str) -> None:
    before = [row.finding for row in table(pilot).rows]
    await press(pilot, key)
    assert [row.finding for row in table(pilot).rows] == before[::-1]
    await press(pilot, key)
    assert [row.finding for row in table(pilot).rows] == before


def leads_to(place: str) -> Callable[[Pilot[str], str], Awaitable[None]]:
    """Return the proof that a key leads to a numbered screen."""

    async def proves_going(pilot: Pilot[str], key: str) -> None:
        await enter(pilot, key)
        screen = pilot.app.screen
        assert isinstance(screen, WorkScreen)
        assert place == screen.PLACE
        pilot.app.go("evidence")  # type: ignore[attr-defined]
        await still(pilot)

    return proves_going


async def proves_basket(pilot: Pilot[str], key: str) -> None:
    row = table(pilot).row
    assert row is not None
    await press(pilot, key)
    assert Baskets().marked() == {row.finding}
    await press(pilot, key)
    assert Baskets().marked() == set()


async def proves_theme(pilot: Pilot[str], key: str) -> None:
    for name in [theme.name for theme in (*themes()[1:], themes()[0])]:
        await press(pilot, key)
        assert pilot.app.theme == name


async def proves_jump(pilot: Pilot[str], key: str) -> None:
    await press(pilot, key, "b")
    assert focused(pilot) is PolicyTree
    await press(pilot, key, "escape")
    assert focused(pilot) is PolicyTree
    await press(pilot, key, "6")
    assert isinstance(pilot.app.screen, AddScreen)
    await press(pilot, key, "1")
    assert isinstance(pilot.app.screen, EvidenceScreen)


PROOFS: dict[str, Callable[[Pilot[str], str], Awaitable[None]]] = {
    "search": proves_search,
    "back": proves_back,
    "policies": proves_policies,
    "findings": proves_findings,
    "detail": proves_detail,
    "circle": proves_circle,
    "copy": proves_copy,
    "code": proves_code,
    "undo": proves_undo,
    "help": proves_help,
    "quit": proves_quit,
    "move(1)": moves("down", to=2),
    "move(-1)": moves("end", to=CORE - 2),
    "page(1)": moves(to=CORE - 1),
    "page(-1)": moves("end", to=0),
    "edge(0)": moves("down", "down", to=0),
    "edge(1)": moves(to=CORE - 1),
    "sort(1)": proves_sort,
    "sort(0)": proves_reverse,
    "basket": proves_basket,
    "next_theme": proves_theme,
    "jump": proves_jump,
    **{f"go('{place.name}')": leads_to(place.name) for place in places()},
}


def proof(action: str) -> Callable[[Pilot[str], str], Awaitable[None]]:
    """Return the proof of an action, whichever object it is sent to."""
    return PROOFS[action.removeprefix("screen.").removeprefix("app.")]


async def as_at_first(pilot: Pilot[str]) -> None:
    """Bring the screen back to how it opens."""
    screen = screen_of(pilot)
    screen.query_one("#search", Input).value = ""
    screen.choose(Choice())
    tree = screen.query_one(PolicyTree)
    tree.move_cursor(tree.root)
    table(pilot).cursor = 0
    table(pilot).focus()
    await still(pilot)


KEYS = [key for key in all_keys() if key.scope in ("screen", "work", "table")]


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.action)
async def test_every_key_does_what_the_help_says(toy: Collection, opened: Opener, key: Key) -> None:
    async with opened(toy, SMALL) as pilot:
        for name in key.keys.split(","):
            await as_at_first(pilot)
            await proof(key.action)(pilot, name)


async def test_every_key_does_so_on_a_large_screen(toy: Collection, opened: Opener) -> None:
    async with opened(toy, LARGE) as pilot:
        for key in sorted(KEYS, key=lambda key: key.action.endswith("quit")):
            await as_at_first(pilot)
            await proof(key.action)(pilot, key.keys.partition(",")[0])
