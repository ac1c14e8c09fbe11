"""The application as people use it: every key, the mouse, hostile data, the first start, and what cannot be read."""

from __future__ import annotations

import re
import shutil
import threading
from typing import TYPE_CHECKING, Any

import pytest
from textual.events import Key as KeyEvent
from textual.widgets import Input, Static

import kb.build
from kb.text import has_unsafe
from tests.tui.conftest import still
from tui.app import EvidenceApp
from tui.keys import Key, all_keys
from tui.screens.evidence import EvidenceScreen
from tui.screens.help import HelpScreen
from tui.screens.loading import LoadingScreen
from tui.session import Choice
from tui.widgets.detail import Detail
from tui.widgets.policy_tree import PolicyTree
from tui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from textual.app import App
    from textual.pilot import Pilot

    from kb.build import BuildReport
    from kb.collection import Collection
    from tests.tui.conftest import Lines, Opener, Wheel

    Progress = Callable[[int, int, str], None]

SMALL, LARGE = (80, 24), (120, 40)
SIZES = [pytest.param(SMALL, id="80x24"), pytest.param(LARGE, id="120x40")]
CHARACTERS = {"slash": "/", "question_mark": "?", "space": " "}
CORE = 5  # findings of the toy collection in the core circle


def screen_of(pilot: Pilot[str]) -> EvidenceScreen:
    """Return the screen with the evidence, which must be the one in front."""
    screen = pilot.app.screen
    assert isinstance(screen, EvidenceScreen)
    return screen


def choice(pilot: Pilot[str]) -> Choice:
    """Return what is chosen."""
    return screen_of(pilot).choice


def table(pilot: Pilot[str]) -> RowTable:
    """Return the table of findings."""
    return screen_of(pilot).query_one(RowTable)


def focused(pilot: Pilot[str]) -> type | None:
    """Return what kind of widget has the focus."""
    return type(pilot.app.focused) if pilot.app.focused else None


def detail_text(pilot: Pilot[str]) -> str:
    """Return the text of the finding below, whole."""
    return str(screen_of(pilot).query_one("#detail-text", Static).content)


def has_left(app: App[Any]) -> bool:
    """Say whether the application was told to end."""
    return app.return_code is not None


async def press(pilot: Pilot[str], *keys: str) -> None:
    """Press keys and wait until the screen stands still after each; the pilot's own way waits four times as long."""
    for key in keys:
        pilot.app.post_message(KeyEvent(key, CHARACTERS.get(key, key if len(key) == 1 else None)))
        await still(pilot)


async def look_for(pilot: Pilot[str], words: str) -> None:
    """Search for words, all letters at once, and go back to the findings."""
    screen_of(pilot).query_one("#search", Input).value = words
    await still(pilot)


# --- every key of the list ---------------------------------------------------------------------------------------


async def proves_search(pilot: Pilot[str], key: str) -> None:
    await press(pilot, key)
    assert focused(pilot) is Input
    await press(pilot, *"muslims")
    assert choice(pilot).search == "muslims"
    assert [row.finding for row in table(pilot).rows] == ["beta2002moderator-1"]


async def proves_back(pilot: Pilot[str], key: str) -> None:
    await press(pilot, "p", "down", "slash", "t", key)
    assert focused(pilot) is RowTable
    assert choice(pilot) == Choice(policy="overall", search="t")
    await press(pilot, key)
    assert choice(pilot) == Choice(policy="overall")
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


PROOFS: dict[str, Callable[[Pilot[str], str], Awaitable[None]]] = {
    "search": proves_search,
    "back": proves_back,
    "policies": proves_policies,
    "findings": proves_findings,
    "detail": proves_detail,
    "circle": proves_circle,
    "copy": proves_copy,
    "help": proves_help,
    "quit": proves_quit,
    "move(1)": moves("down", to=2),
    "move(-1)": moves("end", to=CORE - 2),
    "page(1)": moves(to=CORE - 1),
    "page(-1)": moves("end", to=0),
    "edge(0)": moves("down", "down", to=0),
    "edge(1)": moves(to=CORE - 1),
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


@pytest.mark.parametrize("key", all_keys(), ids=lambda key: key.action)
async def test_every_key_does_what_the_help_says(toy: Collection, opened: Opener, key: Key) -> None:
    async with opened(toy, SMALL) as pilot:
        for name in key.keys.split(","):
            await as_at_first(pilot)
            await proof(key.action)(pilot, name)


async def test_every_key_does_so_on_a_large_screen(toy: Collection, opened: Opener) -> None:
    async with opened(toy, LARGE) as pilot:
        for key in sorted(all_keys(), key=lambda key: key.action.endswith("quit")):
            await as_at_first(pilot)
            await proof(key.action)(pilot, key.keys.partition(",")[0])


# --- what the screen shows ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_the_first_screen_shows_policies_findings_and_one_finding_whole(
    toy: Collection, opened: Opener, lines: Lines, size: tuple[int, int]
) -> None:
    async with opened(toy, size) as pilot:
        text = "\n".join(lines(pilot.app))
        assert "5 All policies" in text
        assert "2 Anti-discrimination" in text
        assert "All policies: 5 findings, 2 studies" in text
        assert "▼ negative" in text
        assert "A higher overall score goes with less" in text
        assert "q Quit" in lines(pilot.app)[-1]
        assert focused(pilot) is RowTable
        assert len(lines(pilot.app)) == size[1]


async def test_the_footer_has_room_for_its_keys(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy) as pilot:
        footer = lines(pilot.app)[-1]
        places = [footer.index(f"{key.shown} {key.label}") for key in all_keys() if key.footer]
        assert places == sorted(places)
        assert [key.label for key in all_keys() if not key.footer and f" {key.label} " in footer] == []


async def test_detail_tells_all_that_is_known(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        rows = table(pilot).rows
        table(pilot).cursor = next(n for n, row in enumerate(rows) if row.finding == "alpha2001trust-1")
        await still(pilot)
        text = " ".join(detail_text(pilot).split())
        for part in (
            "A higher anti-discrimination score goes with more trust",
            "direction ▲ positive",
            "appraisal favourable, derived",
            "policy Anti-discrimination",
            "outcome Generalised trust [",
            "population immigrants",
            "role direct",
            "numbers estimate 0.25, SE 0.10, p <0.05, n 12,345",
            "measure mipex:2007",
            "read in fulltext, Table 1",
            "source https://example.org/alpha",
            "made-up model",
            "2026-11-25",
            "Journal of Made-up Results 12(3)",
            "https://doi.org/10.5555/toy.2001.1",
            "countries AT; BE; DE",
            "period 2004/2006",
            "Other findings of this study: 2",
            "▼ negative Overall MIPEX score | Perceived threat",
        ):
            assert part in text, part


async def test_detail_says_that_an_appraisal_was_coded_by_hand(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await look_for(pilot, "muslims")
        text = " ".join(detail_text(pilot).split())
        assert "appraisal favourable, coded by hand" in text
        assert "role moderator: perceived-discrimination -> generalised-trust" in text


async def test_the_terminal_may_become_small_and_large_again(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy, LARGE) as pilot:
        for size in ((40, 10), (20, 5), LARGE):
            await pilot.resize_terminal(*size)
            await still(pilot)
            await press(pilot, "down")
            assert len(lines(pilot.app)) == size[1]
        assert table(pilot).cursor == 3
        assert "q Quit" in lines(pilot.app)[-1]


# --- search ------------------------------------------------------------------------------------------------------


async def test_search_narrows_with_every_letter(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "slash")
        numbers = []
        for letter in "threat":
            await press(pilot, letter)
            numbers.append(len(table(pilot).rows))
        assert numbers == sorted(numbers, reverse=True)
        assert numbers[-1] == 1
        await press(pilot, *["backspace"] * 6)
        assert len(table(pilot).rows) == CORE


async def test_letters_of_other_keys_are_letters_in_the_search(toy: Collection, opened: Opener) -> None:
    words = "pfdcyqjkgG?/"
    names = {"?": "question_mark", "/": "slash"}
    async with opened(toy) as pilot:
        await press(pilot, "slash", *[names.get(letter, letter) for letter in words])
        assert not has_left(pilot.app)
        assert choice(pilot) == Choice(search=words)
        assert focused(pilot) is Input


async def test_enter_leaves_the_search_for_the_findings(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "slash", *"trust", "enter")
        assert focused(pilot) is RowTable
        assert choice(pilot).search == "trust"


async def test_an_empty_result_says_so_and_stands_every_key(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy) as pilot:
        await look_for(pilot, "xyzzy")
        text = "\n".join(lines(pilot.app))
        assert "All policies: 0 findings, 0 studies" in text
        assert "7 hidden" in " ".join(re.sub(r"^.*▕", "", line).strip() for line in lines(pilot.app)[:6])
        assert "No finding fits" in text
        assert "No finding chosen." in text
        await press(pilot, "down", "up", "pagedown", "pageup", "home", "end", "y", "d", "p", "down", "f")
        assert table(pilot).row is None
        assert pilot.app.clipboard == ""
        await press(pilot, "escape", "escape")
        assert len(table(pilot).rows) == CORE


async def test_what_is_typed_is_never_markup(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "slash")
        screen_of(pilot).query_one("#search", Input).value = "[bold]x[/] [/x] [@click=app.quit]y"
        await still(pilot)
        assert "[bold]x[/] [/x] [@click=app.quit]y" in lines(pilot.app)[0]
        assert "No finding fits" in "\n".join(lines(pilot.app))


# --- policies and the cursor -------------------------------------------------------------------------------------


async def test_moving_over_the_policies_shows_their_findings(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "p", "down")
        assert choice(pilot) == Choice(policy="overall")
        assert [row.finding for row in table(pilot).rows] == ["alpha2001trust-2"]
        assert "Overall MIPEX score: 1 finding, 1 study" in "\n".join(lines(pilot.app))
        await press(pilot, "down")
        assert choice(pilot) == Choice(policy="labour-market-mobility")
        await press(pilot, "up", "up")
        assert choice(pilot) == Choice()


async def test_enter_on_a_policy_shows_it_and_what_lies_below(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "p", "down", "down", "enter")
        assert choice(pilot) == Choice(policy="labour-market-mobility")
        assert [row.policy for row in table(pilot).rows] == ["aa1"]
        await press(pilot, "down", "enter", "down", "enter")
        assert choice(pilot) == Choice(policy="aa1")
        assert [row.finding for row in table(pilot).rows] == ["alpha2001trust-3"]


async def test_policies_without_findings_can_be_chosen(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "p", "down", "down", "down")
        assert choice(pilot) == Choice(policy="family-reunion")
        assert table(pilot).rows == []
        assert "Family reunion: 0 findings" in "\n".join(lines(pilot.app))


async def test_the_numbers_beside_the_policies_follow_search_and_circle(
    toy: Collection, opened: Opener, lines: Lines
) -> None:
    async with opened(toy) as pilot:
        await look_for(pilot, "muslims")
        assert "1 All policies" in lines(pilot.app)[1]
        assert any("1 Anti-discrimination" in line for line in lines(pilot.app))
        await press(pilot, "escape", "c", "c")
        assert any("1 Access to nationality" in line for line in lines(pilot.app))
        assert any("0 Anti-discrimination" in line for line in lines(pilot.app))


async def test_the_cursor_keeps_its_finding_when_the_selection_changes(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        keys = [row.finding for row in table(pilot).rows]
        assert keys[-1] == "beta2002moderator-1"
        await press(pilot, "end")
        await look_for(pilot, "trust")
        assert len(table(pilot).rows) < CORE
        assert table(pilot).row is not None
        assert table(pilot).row.finding == keys[-1]  # type: ignore[union-attr]
        assert detail_text(pilot).startswith("The link of perceived discrimination")
        await press(pilot, "escape")
        assert table(pilot).row.finding == keys[-1]  # type: ignore[union-attr]
        await press(pilot, "c", "c", "c", "c")
        assert choice(pilot).circle == "all"
        assert table(pilot).cursor == 0


async def test_detail_follows_the_cursor_and_starts_at_its_top(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "d", "end")
        assert screen_of(pilot).query_one(Detail).scroll_y > 0
        await press(pilot, "f", "down")
        assert screen_of(pilot).query_one(Detail).scroll_y == 0
        assert detail_text(pilot).startswith("Immediate access to the labour market")


# --- help --------------------------------------------------------------------------------------------------------


async def test_help_closes_and_leaves_everything_as_it_was(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "p", "down")
        for key in ("escape", "q", "question_mark", "f1"):
            await press(pilot, "question_mark")
            assert isinstance(pilot.app.screen, HelpScreen)
            assert "MIPEX evidence: keys" in "\n".join(lines(pilot.app))
            await press(pilot, key)
            assert choice(pilot) == Choice(policy="overall")
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


# --- mouse -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_a_click_on_a_finding_chooses_it(toy: Collection, opened: Opener, size: tuple[int, int]) -> None:
    async with opened(toy, size) as pilot:
        await pilot.click(RowTable, offset=(5, 4))
        await still(pilot)
        row = table(pilot).row
        assert table(pilot).cursor == 3
        assert row is not None
        assert detail_text(pilot).startswith(row.statement)
        assert focused(pilot) is RowTable


@pytest.mark.parametrize("size", SIZES)
async def test_a_click_on_a_policy_chooses_it(toy: Collection, opened: Opener, size: tuple[int, int]) -> None:
    async with opened(toy, size) as pilot:
        await pilot.click(PolicyTree, offset=(12, 1))
        await still(pilot)
        assert choice(pilot) == Choice(policy="overall")
        assert [row.finding for row in table(pilot).rows] == ["alpha2001trust-2"]
        await pilot.click(PolicyTree, offset=(12, 0))
        await still(pilot)
        assert choice(pilot) == Choice()


async def test_a_click_on_the_search_goes_there(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await pilot.click("#search")
        await press(pilot, *"threat")
        assert choice(pilot) == Choice(search="threat")


async def test_the_wheel_scrolls_the_table_below_the_cursor(toy: Collection, opened: Opener, wheel: Wheel) -> None:
    async with opened(toy, (80, 12)) as pilot:
        shown = table(pilot).size.height - 1
        assert shown < CORE
        for _ in range(CORE):
            await wheel(pilot, RowTable)
        assert round(table(pilot).scroll_y) == CORE - shown
        assert table(pilot).cursor == 0
        for _ in range(CORE):
            await wheel(pilot, RowTable, down=False)
        assert round(table(pilot).scroll_y) == 0


async def test_the_wheel_scrolls_the_finding_below(toy: Collection, opened: Opener, wheel: Wheel) -> None:
    async with opened(toy) as pilot:
        await wheel(pilot, Detail)
        assert screen_of(pilot).query_one(Detail).scroll_y > 0
        assert round(table(pilot).scroll_y) == 0


# --- hostile data ------------------------------------------------------------------------------------------------


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
        await press(pilot, "y")
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


# --- the first start ---------------------------------------------------------------------------------------------


class Gate:
    """Stands before the real build, so that a test can look at the screen meanwhile."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.real = kb.build.build

    def __call__(self, collection: Collection, progress: Progress) -> BuildReport:
        """Tell how far it is, wait, and build."""
        progress(3, 12, "made-up.bib")
        assert self.open.wait(30)
        return self.real(collection, progress)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    """Return a gate before the build of the application."""
    gate = Gate()
    monkeypatch.setattr(kb.build, "build", gate)
    return gate


async def at_the_gate(app: EvidenceApp, pilot: Pilot[str], lines: Lines) -> str:
    """Wait until the progress told at the gate is on the screen, and return the screen."""
    for _ in range(200):
        await still(pilot)
        if "25%" in (text := "\n".join(lines(app))):
            return text
    raise AssertionError(text)


async def test_the_first_start_shows_that_it_reads_and_then_the_evidence(
    copy_of_toy: Collection, gate: Gate, lines: Lines
) -> None:
    app = EvidenceApp(copy_of_toy)
    async with app.run_test() as pilot:
        try:
            text = await at_the_gate(app, pilot, lines)
            assert isinstance(app.screen, LoadingScreen)
            assert "Reading the collection" in text
        finally:
            gate.open.set()
        await app.workers.wait_for_complete()
        await still(pilot)
        assert len(table(pilot).rows) == CORE
        assert focused(pilot) is RowTable
        assert "Reading the collection" not in "\n".join(lines(app))
        await press(pilot, "q")
    assert app.return_code == 0


async def test_keys_pressed_too_early_do_no_harm(copy_of_toy: Collection, gate: Gate, lines: Lines) -> None:
    app = EvidenceApp(copy_of_toy)
    async with app.run_test() as pilot:
        try:
            await at_the_gate(app, pilot, lines)
            await press(pilot, "slash", "p", "f", "d", "c", "y", "escape", "escape", "down", "end")
            assert isinstance(app.screen, LoadingScreen)
        finally:
            gate.open.set()
        await app.workers.wait_for_complete()
        await still(pilot)
        assert choice(pilot) == Choice()
        assert app.clipboard == ""


async def test_help_opened_while_reading_does_not_hide_the_evidence_for_good(
    copy_of_toy: Collection, gate: Gate, lines: Lines
) -> None:
    app = EvidenceApp(copy_of_toy)
    async with app.run_test() as pilot:
        try:
            await at_the_gate(app, pilot, lines)
            await press(pilot, "question_mark")
            assert isinstance(app.screen, HelpScreen)
        finally:
            gate.open.set()
        await app.workers.wait_for_complete()
        await still(pilot)
        if isinstance(app.screen, HelpScreen):
            await press(pilot, "escape")
        assert len(table(pilot).rows) == CORE
        await press(pilot, "q")
        assert has_left(app)


async def test_leaving_while_the_collection_is_read_is_quiet(copy_of_toy: Collection, gate: Gate, lines: Lines) -> None:
    app = EvidenceApp(copy_of_toy)
    async with app.run_test() as pilot:
        try:
            await at_the_gate(app, pilot, lines)
            await press(pilot, "q")
            assert has_left(app)
        finally:
            gate.open.set()
    assert app.return_code == 0
    assert app.return_value is None


async def test_progress_of_a_quick_build_may_come_before_the_screen_is_laid_out(
    copy_of_toy: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = kb.build.build

    def quick(collection: Collection, progress: Progress) -> BuildReport:
        for number in range(50):
            progress(number, 50, "made-up.bib")
        return real(collection, progress)

    monkeypatch.setattr(kb.build, "build", quick)
    app = EvidenceApp(copy_of_toy)
    async with app.run_test() as pilot:
        await app.workers.wait_for_complete()
        await still(pilot)
        assert len(table(pilot).rows) == CORE


async def test_a_changed_file_is_read_again_at_the_next_start(copy_of_toy: Collection, opened: Opener) -> None:
    async with opened(copy_of_toy) as pilot:
        assert len(table(pilot).rows) == CORE
    (copy_of_toy.studies[0] / "alpha2001trust.bib").unlink()
    async with opened(copy_of_toy) as pilot:
        assert [row.study for row in table(pilot).rows] == ["beta2002moderator"] * 2


async def test_an_empty_collection_opens(copy_of_toy: Collection, opened: Opener, lines: Lines) -> None:
    for path in copy_of_toy.studies[0].iterdir():
        path.unlink()
    async with opened(copy_of_toy) as pilot:
        await press(pilot, "down", "y", "p", "down", "c", "question_mark", "escape")
        assert table(pilot).rows == []
        assert "0 All policies" in "\n".join(lines(pilot.app))


# --- what cannot be read -----------------------------------------------------------------------------------------


def cut_short(collection: Collection) -> Collection:
    path = collection.ontology / "policies.ttl"
    path.write_text(path.read_text("utf-8") + "\n<broken> a [bold]\x1b[31m", "utf-8")
    return collection


def not_utf8(collection: Collection) -> Collection:
    path = collection.ontology / "policies.ttl"
    path.write_bytes(path.read_bytes() + b'\n<x:a> <x:b> "\xff\xfe" .\n')
    return collection


def no_number_where_one_must_be(collection: Collection) -> Collection:
    path = collection.ontology / "policies.ttl"
    text = path.read_text("utf-8")
    changed = re.sub(r"ev:sortOrder \d+", 'ev:sortOrder "first"', text, count=1)
    assert changed != text
    path.write_text(changed, "utf-8")
    return collection


def studies_gone(collection: Collection) -> Collection:
    return collection._replace(studies=(collection.studies[0] / "gone",))


def ontology_gone(collection: Collection) -> Collection:
    return collection._replace(ontology=collection.ontology / "gone")


def studies_gone_since_they_were_built(collection: Collection) -> Collection:
    kb.build.build(collection)
    shutil.rmtree(collection.studies[0])
    return collection


def ontology_gone_since_it_was_built(collection: Collection) -> Collection:
    kb.build.build(collection)
    shutil.rmtree(collection.ontology)
    return collection


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (cut_short, "policies.ttl"),
        (not_utf8, "policies.ttl"),
        (no_number_where_one_must_be, "first"),
        (studies_gone, "gone"),
        (ontology_gone, "gone"),
        (studies_gone_since_they_were_built, "studies"),
        (ontology_gone_since_it_was_built, "ontology"),
    ],
)
async def test_a_collection_that_cannot_be_read_ends_with_a_message(
    copy_of_toy: Collection, spoil: Callable[[Collection], Collection], named: str
) -> None:
    app = EvidenceApp(spoil(copy_of_toy))
    async with app.run_test() as pilot:
        for _ in range(500):
            if has_left(app):
                break
            await still(pilot)
        assert has_left(app)
    assert app.return_value is not None
    assert named in app.return_value
    assert app.return_value.endswith(".")
    assert app._exception is None


async def test_a_store_that_cannot_be_opened_ends_with_a_message(copy_of_toy: Collection) -> None:
    kb.build.build(copy_of_toy)
    (store,) = copy_of_toy.cache().glob("generation-*/store")
    shutil.rmtree(store)
    app = EvidenceApp(copy_of_toy)
    async with app.run_test() as pilot:
        await still(pilot)
        assert has_left(app)
    assert app.return_value is not None
    assert "mipex-kb build --clean" in app.return_value
