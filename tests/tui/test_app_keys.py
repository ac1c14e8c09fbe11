"""Every key of the list does in the running application what the help says, on a small screen and on a large one."""

from __future__ import annotations

from string import ascii_lowercase
from typing import TYPE_CHECKING

from textual.widgets import Input, Static

from kb.baskets import Baskets
from kb.facets import EVERYTHING, Choice
from kb.terminal import SIGNS
from tests.tui.conftest import still
from tests.tui.driving import (
    CORE,
    LARGE,
    SMALL,
    choice,
    detail_text,
    enter,
    failing,
    finish,
    focused,
    has_left,
    press,
    screen_of,
    table,
    until,
)  # fmt: skip
from tui.keys import Key, all_keys
from tui.places import places
from tui.screens.add import AddScreen
from tui.screens.baskets import BasketsScreen
from tui.screens.cite import CiteScreen
from tui.screens.code import CodeScreen
from tui.screens.columns import ColumnsScreen
from tui.screens.evidence import EvidenceScreen
from tui.screens.export import ExportScreen
from tui.screens.finding import FindingScreen
from tui.screens.help import HelpScreen
from tui.screens.jump import _targets as targets
from tui.screens.query_behind import QueryBehindScreen
from tui.screens.work import WorkScreen
from tui.themes import themes
from tui.widgets.detail import Detail
from tui.widgets.facet_list import FacetList
from tui.widgets.policy_tree import PolicyTree
from tui.widgets.row_table import RowTable

ALL = 7  # findings of the toy collection

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from textual.pilot import Pilot
    from textual.screen import Screen

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


async def proves_filters(pilot: Pilot[str], key: str) -> None:
    await press(pilot, key)
    assert focused(pilot) is FacetList
    await press(pilot, "home", "down", "space")
    assert choice(pilot) == EVERYTHING
    assert len(table(pilot).rows) == ALL


async def proves_find_filter(pilot: Pilot[str], key: str) -> None:
    await press(pilot, key)
    assert focused(pilot) is Input
    await press(pilot, *"negat", "enter", "space")
    assert focused(pilot) is FacetList
    assert choice(pilot) == Choice().only("direction", "negative")
    await press(pilot, "escape")
    assert focused(pilot) is FacetList
    line = screen_of(pilot).query_one(FacetList).line
    assert line is not None
    assert line.name == ("direction", "negative")
    await press(pilot, "escape")
    assert focused(pilot) is RowTable


async def proves_before(pilot: Pilot[str], key: str) -> None:
    await press(pilot, "c", "c", key)
    assert choice(pilot).circle == "comparable"
    await press(pilot, key)
    assert choice(pilot) == Choice()
    await press(pilot, "slash", *"trust", "enter", key)
    assert choice(pilot) == Choice()
    assert screen_of(pilot).query_one("#search", Input).value == ""
    await press(pilot, "p", "down", "down", "escape", key)
    assert choice(pilot) == Choice()


async def proves_forth(pilot: Pilot[str], key: str) -> None:
    await press(pilot, "c", "slash", *"trust", "enter", "backspace", "backspace", key)
    assert choice(pilot).circle == "comparable"
    await press(pilot, key)
    assert choice(pilot).search == "trust"
    assert screen_of(pilot).query_one("#search", Input).value == "trust"
    await press(pilot, key)
    assert [note.message for note in pilot.app._notifications][-1:] == ["There is no choice after this one."]


async def proves_start_over(pilot: Pilot[str], key: str) -> None:
    await press(pilot, "p", "down", "slash", *"less", "enter", "c", key)
    assert choice(pilot) == Choice()
    assert len(table(pilot).rows) == CORE


async def proves_whole(pilot: Pilot[str], key: str) -> None:
    table_before = table(pilot)
    await press(pilot, "down", key)
    assert isinstance(pilot.app.screen, FindingScreen)
    row = table_before.rows[1]
    assert str(pilot.app.screen.query_one("#detail-text", Static).content).startswith(row.statement)
    await press(pilot, key)
    assert isinstance(pilot.app.screen, EvidenceScreen)


async def proves_study(pilot: Pilot[str], key: str) -> None:
    row = table(pilot).row
    assert row is not None
    await press(pilot, key)
    assert choice(pilot) == EVERYTHING._replace(studies=(row.study,))
    assert {found.study for found in table(pilot).rows} == {row.study}
    await press(pilot, key)
    assert choice(pilot) == Choice()


async def proves_columns(pilot: Pilot[str], key: str) -> None:
    await press(pilot, key)
    assert isinstance(pilot.app.screen, ColumnsScreen)
    await press(pilot, key)
    assert isinstance(pilot.app.screen, EvidenceScreen)


async def proves_cite(pilot: Pilot[str], key: str) -> None:
    await press(pilot, key)
    assert isinstance(pilot.app.screen, CiteScreen)
    await press(pilot, "end")
    await finish(pilot)
    await press(pilot, "enter")
    assert "Made-up study of equal treatment and trust" in pilot.app.clipboard
    assert isinstance(pilot.app.screen, EvidenceScreen)


async def proves_open(pilot: Pilot[str], key: str) -> None:
    await press(pilot, key)
    said = [note.message for note in pilot.app._notifications][-1]
    assert said.startswith("No browser can be opened from here: https://doi.org/10.5555/toy.2001.1 was sent")
    assert pilot.app.clipboard == "https://doi.org/10.5555/toy.2001.1"


async def proves_detail(pilot: Pilot[str], key: str) -> None:
    await press(pilot, key)
    assert focused(pilot) is Detail
    await press(pilot, "end")
    detail = screen_of(pilot).query_one(Detail)
    assert round(detail.scroll_y) == detail.max_scroll_y
    assert table(pilot).cursor == 0
    await press(pilot, key)
    assert focused(pilot) is RowTable


async def proves_circle(pilot: Pilot[str], key: str) -> None:
    seen = []
    for _ in range(5):
        seen.append((choice(pilot).circle, len(table(pilot).rows)))
        await press(pilot, key)
    assert seen == [("core", CORE), ("comparable", 1), ("reform", 1), ("status", 0), ("all", 7)]
    assert choice(pilot).circle == "core"


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
    places = [list(SIGNS).index(direction) for direction in directions]
    assert places == sorted(places)
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
        await press(pilot, key)
        await until(pilot, lambda: getattr(pilot.app.screen, "PLACE", "") == place)
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


def opens(screen: type[Screen[None]]) -> Callable[[Pilot[str], str], Awaitable[None]]:
    """Return the proof that a key opens a screen over this one, which Esc closes."""

    async def proves_opening(pilot: Pilot[str], key: str) -> None:
        await enter(pilot, key)
        assert isinstance(pilot.app.screen, screen)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, EvidenceScreen)

    return proves_opening


async def proves_theme(pilot: Pilot[str], key: str) -> None:
    for name in [theme.name for theme in (*themes()[1:], themes()[0])]:
        await press(pilot, key)
        assert pilot.app.theme == name


async def proves_jump(pilot: Pilot[str], key: str) -> None:
    letter = ascii_lowercase[targets(pilot.app.screen).index(screen_of(pilot).query_one(PolicyTree))]
    await press(pilot, key, letter)
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
    "filters": proves_filters,
    "find_filter": proves_find_filter,
    "before": proves_before,
    "forth": proves_forth,
    "start_over": proves_start_over,
    "whole": proves_whole,
    "study": proves_study,
    "columns": proves_columns,
    "cite": proves_cite,
    "open": proves_open,
    "detail": proves_detail,
    "circle": proves_circle,
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
    "baskets": opens(BasketsScreen),
    "export": opens(ExportScreen),
    "query": opens(QueryBehindScreen),
    "next_theme": proves_theme,
    "jump": proves_jump,
    **{f"go('{place.name}')": leads_to(place.name) for place in places()},
}


def proof(action: str) -> Callable[[Pilot[str], str], Awaitable[None]]:
    """Return the proof of an action, whichever object it is sent to."""
    return PROOFS[action.removeprefix("screen.").removeprefix("app.")]


async def as_at_first(pilot: Pilot[str]) -> None:
    """Bring the screen back to how it opens."""
    while not isinstance(pilot.app.screen, EvidenceScreen):
        pilot.app.go("evidence")  # type: ignore[attr-defined]
        if not isinstance(pilot.app.screen, EvidenceScreen):
            pilot.app.pop_screen()
    screen = screen_of(pilot)
    screen.query_one("#search", Input).value = ""
    screen.choose(Choice())
    tree = screen.query_one(PolicyTree)
    tree.move_cursor(tree.root)
    table(pilot).cursor = 0
    table(pilot).focus()
    await still(pilot)


KEYS = sorted(
    (key for key in all_keys() if key.scope in ("screen", "work", "table")),
    key=lambda key: key.action.endswith("quit"),
)


async def failures(pilot: Pilot[str], cases: Iterable[tuple[Key, str]]) -> list[str]:
    """Try keys one after the other, and return which of them do something else than the help says."""
    failed: list[str] = []
    for key, name in cases:
        await as_at_first(pilot)
        with failing(failed, f"{name} {key.action}"):
            await proof(key.action)(pilot, name)
    return failed


async def test_every_key_does_what_the_help_says(toy: Collection, opened: Opener) -> None:
    async with opened(toy, SMALL) as pilot:
        assert await failures(pilot, ((key, name) for key in KEYS for name in key.keys.split(","))) == []


async def test_every_key_does_so_on_a_large_screen(toy: Collection, opened: Opener) -> None:
    async with opened(toy, LARGE) as pilot:
        assert await failures(pilot, ((key, key.keys.partition(",")[0]) for key in KEYS)) == []
