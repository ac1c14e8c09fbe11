"""What the program remembers between runs, and that nothing remembered can keep it from opening."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.errors import UserFolderError
from kb.facets import POLICY, Choice
from kb.user_folder import read_json, user_folder, write_json, write_text
from tests.tui.driving import LARGE, choice, enter, finish, press, screen_of
from tui.places import FIRST, places
from tui.screens.work import WorkScreen
from tui.state import State, read_state, write_state
from tui.themes import next_theme, themes

if TYPE_CHECKING:
    from kb.collection import Collection
    from kb.store import Reader
    from tests.tui.conftest import Lines, Opener

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


def test_nothing_is_remembered_at_first() -> None:
    assert read_state() == State()
    assert not user_folder().exists()


def test_what_is_remembered_comes_back() -> None:
    state = State("map", "light", {"map": {"down": "policy", "ü": [1, None]}})
    write_state(state)
    assert read_state() == state


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(found=JSON | st.fixed_dictionaries({}, optional={"place": JSON, "theme": JSON, "screens": JSON}))
def test_rubbish_is_passed_over(found: object) -> None:
    write_json("state.json", found)
    state = read_state()
    assert isinstance(state.place, str)
    assert isinstance(state.theme, str)
    assert all(isinstance(memory, dict) for memory in state.screens.values())


def test_a_damaged_file_is_set_aside() -> None:
    write_text("state.json", "{")
    assert read_state() == State()
    assert [path.name for path in user_folder().iterdir()] == ["state.json.damaged1"]
    write_text("state.json", "[")
    assert read_state() == State()
    assert sorted(path.name for path in user_folder().iterdir()) == ["state.json.damaged1", "state.json.damaged2"]


def test_a_folder_that_cannot_be_written_is_one_sentence() -> None:
    user_folder().parent.mkdir(parents=True, exist_ok=True)
    user_folder().write_text("no folder")
    with pytest.raises(UserFolderError, match="MIPEX_KB_HOME"):
        write_state(State())
    assert read_state() == State()


async def test_screen_choice_and_colours_survive(toy: Collection, toy_reader: Reader, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await enter(pilot, "t", "p", "down", "enter", "q")
    assert read_json("state.json")["theme"] == themes()[1].name
    async with opened(toy) as pilot:
        assert pilot.app.theme == themes()[1].name
        assert choice(pilot) == Choice().only(POLICY, "overall")
        assert [row.policy for row in screen_of(pilot).session.select(choice(pilot))] == ["overall"]
        await enter(pilot, "6", "tab", "escape", "6", "ctrl+g", "1", "6")
        pilot.app.leave()  # type: ignore[attr-defined]
    async with opened(toy) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, WorkScreen)
        assert screen.PLACE == "add"
        await press(pilot, "ctrl+g", "1")
        assert choice(pilot) == Choice().only(POLICY, "overall")


async def test_every_screen_opens_first_as_it_looks_later(
    toy: Collection, toy_reader: Reader, opened: Opener, lines: Lines
) -> None:
    first: dict[str, list[str]] = {}
    later: dict[str, list[str]] = {}
    for place in places():
        async with opened(toy, LARGE, place.name) as pilot:
            await finish(pilot)
            first[place.name] = lines(pilot.app)
    async with opened(toy, LARGE) as pilot:
        for place in places():
            pilot.app.go(place.name)  # type: ignore[attr-defined]
            await finish(pilot)
            later[place.name] = lines(pilot.app)
    assert first == later


@pytest.mark.parametrize("place", [place.name for place in places()])
async def test_every_screen_opens_first_whatever_was_kept_of_it(
    toy: Collection, toy_reader: Reader, opened: Opener, place: str
) -> None:
    memory: object = {"choice": 7, "order": [1], "columns": "x", "search": None, "text": [], "kind": {}}
    write_json("state.json", {"place": place, "theme": "gone", "screens": {place: memory}})
    async with opened(toy) as pilot:
        assert pilot.app.theme == themes()[0].name
        screen = pilot.app.screen
        assert isinstance(screen, WorkScreen)
        assert place == screen.PLACE
        screen.recall(json.loads(json.dumps(screen.memory())))


async def test_a_place_that_is_gone_is_the_first(toy: Collection, toy_reader: Reader, opened: Opener) -> None:
    write_json("state.json", {"place": "gone"})
    async with opened(toy) as pilot:
        assert screen_of(pilot).PLACE == FIRST


async def test_leaving_works_where_nothing_can_be_remembered(
    toy: Collection, toy_reader: Reader, opened: Opener
) -> None:
    user_folder().parent.mkdir(parents=True, exist_ok=True)
    user_folder().write_text("no folder")
    async with opened(toy) as pilot:
        await press(pilot, "b")
        assert "MIPEX_KB_HOME" in str([note.message for note in pilot.app._notifications][-1])
        await press(pilot, "q")
        assert "MIPEX_KB_HOME" in str(pilot.app.return_value)


def test_the_theme_after_the_last_is_the_first() -> None:
    names = [theme.name for theme in themes()]
    assert [next_theme(name) for name in names] == [*names[1:], names[0]]
    assert next_theme("gone") == names[0]
    assert {theme.dark for theme in themes()} == {True, False}
