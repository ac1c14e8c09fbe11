"""The screen of networks: choosing, searching, looking at the picture, and going to the findings behind."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from textual.widgets import Input, Static

from kb.errors import UsageError
from kb.network.views import CONCEPTS, KINDS
from tests.tui.driving import LARGE, SIZES, SMALL, press, until
from tui.keys import all_keys
from tui.screens.evidence import EvidenceScreen
from tui.screens.network import NetworkScreen
from tui.widgets.choice_bar import ChoiceBar
from tui.widgets.network_picture import LEGEND, SIGNS, NetworkPicture, short_label
from tui.widgets.node_detail import NodeDetail
from tui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from kb.collection import Collection
    from tests.tui.conftest import Lines, Opener
    from tui.network_rows import Entry

WIDE = (160, 50)


def screen(pilot: Pilot[str]) -> NetworkScreen:
    found = pilot.app.screen
    assert isinstance(found, NetworkScreen)
    return found


def rows(pilot: Pilot[str]) -> list[Entry]:
    return screen(pilot).table.rows


def keys(pilot: Pilot[str]) -> list[str]:
    return [entry.key for entry in rows(pilot)]


def text_of(pilot: Pilot[str], selector: str) -> str:
    return str(screen(pilot).query_one(selector, Static).content)


def is_ready(pilot: Pilot[str]) -> bool:
    found = screen(pilot)
    return found._network is not None and found._network.kind == found.kind


async def network(pilot: Pilot[str], *more: str) -> None:
    """Wait for the first network, then press keys and wait for what they lead to."""
    await until(pilot, lambda: is_ready(pilot))
    assert is_ready(pilot)
    for key in more:
        await press(pilot, key)
        await until(pilot, lambda: is_ready(pilot))


@pytest.mark.parametrize("size", SIZES)
async def test_it_opens_with_shared_data_and_says_what_it_shows(
    toy: Collection, opened: Opener, lines: Lines, size: tuple[int, int]
) -> None:
    async with opened(toy, size, "network") as pilot:
        await network(pilot)
        assert keys(pilot) == ["alpha2001trust", "beta2002moderator", "epsilon2005review"]
        shown = lines(pilot.app)
        assert shown[0].startswith(" 1 Evidence") or "[5 Network]" in shown[0]
        assert shown[1].startswith("[Data] Authors  Topics  Policies  Outcomes  Questions ")
        assert shown[1].rstrip().endswith(" circle core")
        summary = " ".join("".join(shown[2:6]).split())
        assert summary.startswith("Studies that share data: 3 nodes, 1 tie,")
        assert "1 cluster. 1 evidence base, 1 study of unknown data. Ranks" in summary
        assert "Ranks describe the 3 chosen studies of this collection, not the field." in summary
        assert all(len(line.rstrip()) <= size[0] for line in shown)


async def test_the_detail_says_by_what_a_study_is_tied(toy: Collection, opened: Opener) -> None:
    async with opened(toy, SMALL, "network") as pilot:
        await network(pilot)
        detail = text_of(pilot, "#node-text")
        assert "study; cluster 1 of 2, component 1; 1 link, strength 1, bridging 0" in detail
        assert "by European Social Survey (3" in detail
        await press(pilot, "end")
        assert "no ties; 0 links" in text_of(pilot, "#node-text")


async def follow(pilot: Pilot[str], key: str) -> None:
    """Press a key and wait for the network that it leads to."""
    await press(pilot, key)
    await until(pilot, lambda: is_ready(pilot))


async def test_each_kind_is_reached_by_key_and_by_mouse(toy: Collection, opened: Opener) -> None:
    async with opened(toy, SMALL, "network") as pilot:
        await network(pilot)
        for kind in KINDS:
            assert screen(pilot).kind == kind
            assert rows(pilot), kind
            by_key = keys(pilot)
            await follow(pilot, "N")
            assert screen(pilot).kind != kind
            texts = dict(screen(pilot).query_one(ChoiceBar)._texts())
            before = list(KINDS)[: list(KINDS).index(kind)]
            await pilot.click(ChoiceBar, offset=(sum(len(texts[name]) for name in before) + 2, 0))
            await until(pilot, lambda kind=kind: screen(pilot).kind == kind and is_ready(pilot))  # type: ignore[misc]
            assert keys(pilot) == by_key, kind
            assert screen(pilot).query_one(ChoiceBar).chosen == kind
            await follow(pilot, "n")
        assert screen(pilot).kind == next(iter(KINDS))


async def test_circles_follow_one_another(toy: Collection, opened: Opener) -> None:
    async with opened(toy, SMALL, "network") as pilot:
        await network(pilot)
        seen = {screen(pilot).circle: set(keys(pilot))}
        for _ in range(4):
            await press(pilot, "c")
            await until(pilot, lambda: is_ready(pilot))
            seen[screen(pilot).circle] = set(keys(pilot))
        assert list(seen) == ["core", "comparable", "reform", "status", ""]
        assert set().union(*seen.values()) == seen[""]
        assert len(seen[""]) == 5
        await press(pilot, "c")
        assert screen(pilot).circle == "core"
        assert set(keys(pilot)) == seen["core"]


async def test_words_are_searched_in_names(toy: Collection, opened: Opener) -> None:
    async with opened(toy, SMALL, "network") as pilot:
        await network(pilot, "n")
        everybody = keys(pilot)
        await press(pilot, "slash", *"zzz")
        assert rows(pilot) == []
        assert "Nothing chosen." in text_of(pilot, "#node-text")
        await press(pilot, "backspace", "backspace", "backspace", *everybody[-1].partition(",")[0].lower(), "enter")
        assert everybody[-1] in keys(pilot)
        assert screen(pilot).table.has_focus
        await press(pilot, "escape")
        assert keys(pilot) == everybody


async def test_columns_sort_by_what_they_count(whole: Collection, opened: Opener) -> None:
    async with opened(whole, LARGE, "network") as pilot:
        await network(pilot, "n", "n")
        table = screen(pilot).table
        assert [entry.nodes[0].links for entry in table.rows] == sorted(
            (entry.nodes[0].links for entry in table.rows), reverse=True
        )
        table.sort("Bridging")
        assert table.rows[0].nodes[0].bridging == max(entry.nodes[0].bridging for entry in table.rows)
        table.sort("Cluster")
        numbers = [entry.nodes[0].cluster for entry in table.rows if entry.nodes[0].cluster]
        assert numbers == sorted(numbers)
        table.sort("Name")
        assert keys(pilot) != []


async def test_clusters_are_listed_and_lead_to_their_findings(whole: Collection, opened: Opener) -> None:
    async with opened(whole, SMALL, "network") as pilot:
        await network(pilot, "m")
        entry = rows(pilot)[0]
        assert entry.key == "1"
        assert len(entry.nodes) == max(len(row.nodes) for row in rows(pilot))
        assert screen(pilot).chosen() == entry.studies
        assert text_of(pilot, "#node-text").startswith(f"Cluster 1: {len(entry.nodes)} nodes")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, EvidenceScreen))
        evidence = pilot.app.screen
        assert isinstance(evidence, EvidenceScreen)
        found = {row.study for row in evidence.query_one(RowTable).rows}
        assert found
        assert found <= set(entry.studies)


async def test_a_row_leads_to_the_findings_behind_it(whole: Collection, opened: Opener) -> None:
    async with opened(whole, SMALL, "network") as pilot:
        await network(pilot)
        for kind in KINDS:
            assert screen(pilot).kind == kind
            entry = rows(pilot)[0]
            await press(pilot, "enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, EvidenceScreen))
            evidence = pilot.app.screen
            assert isinstance(evidence, EvidenceScreen), kind
            shown = evidence.query_one(RowTable).rows
            assert {row.study for row in shown} == set(entry.studies) & {row.study for row in shown} != set(), kind
            if kind in CONCEPTS:
                ends = [{f"policy:{row.policy}", f"outcome:{row.outcome}"} for row in shown]
                assert all(entry.key in pair for pair in ends), kind
                assert {row.study for row in shown} == set(entry.studies), kind
            await press(pilot, "5")
            await follow(pilot, "n")


async def test_a_study_without_findings_is_said_to_have_none(whole: Collection, opened: Opener) -> None:
    async with opened(whole, SMALL, "network") as pilot:
        await network(pilot)
        coded = {row.study for row in screen(pilot).session.findings()}
        number = next(number for number, entry in enumerate(rows(pilot)) if entry.key not in coded)
        screen(pilot).table.cursor = number
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, NetworkScreen)
        assert [note.message for note in pilot.app._notifications] == ["No finding of it is coded yet."]


async def test_small_screens_show_list_or_picture_and_wide_ones_both(
    toy: Collection, opened: Opener, lines: Lines
) -> None:
    async with opened(toy, SMALL, "network") as pilot:
        await network(pilot)
        assert not screen(pilot).query_one(NetworkPicture).display
        await press(pilot, "v")
        assert screen(pilot).query_one(NetworkPicture).display
        assert not screen(pilot).query_one("#network-list").display
        assert isinstance(pilot.app.focused, NetworkPicture)
        assert any(LEGEND in line for line in lines(pilot.app))
        await press(pilot, "escape")
        assert screen(pilot).table.has_focus
        assert screen(pilot).query_one("#network-list").display
    async with opened(toy, WIDE, "network") as pilot:
        await network(pilot)
        assert screen(pilot).query_one(NetworkPicture).display
        assert screen(pilot).query_one("#network-list").display
        await press(pilot, "v")
        assert not screen(pilot).query_one("#network-list").display
        assert screen(pilot).query_one(NetworkPicture).size.width == WIDE[0] - 1


async def test_the_picture_tells_the_chosen_and_the_tied_by_signs(
    whole: Collection, opened: Opener, lines: Lines
) -> None:
    async with opened(whole, WIDE, "network") as pilot:
        await network(pilot, "n", "n")
        entry = screen(pilot).table.row
        assert entry
        picture = screen(pilot).query_one(NetworkPicture)
        assert picture.chosen == (entry.key,)
        region = picture.content_region
        drawn = "".join(line[region.x : region.right] for line in lines(pilot.app)[region.y : region.bottom - 1])
        assert drawn.count(SIGNS["chosen"]) == 1
        assert 0.5 * entry.nodes[0].links < drawn.count(SIGNS["near"]) <= entry.nodes[0].links
        assert drawn.count(SIGNS["node"]) > 20
        assert short_label(entry.nodes[0].label, 28) in drawn
        assert any("\u2800" < letter <= "\u28ff" for letter in drawn)
        await press(pilot, "m")
        assert len(picture.chosen) == len(rows(pilot)[0].nodes)


async def test_arrows_and_the_mouse_pick_nodes_of_the_picture(whole: Collection, opened: Opener) -> None:
    async with opened(whole, SMALL, "network") as pilot:
        await network(pilot, "n", "n", "v")
        picture = screen(pilot).query_one(NetworkPicture)
        cells = picture._cells()
        for key, axis, sign in (("right", 0, 1), ("left", 0, -1), ("down", 1, 1), ("up", 1, -1)):
            before = picture.chosen[0]
            await press(pilot, key)
            if picture.chosen[0] != before:
                assert (cells[picture.chosen[0]][axis] - cells[before][axis]) * sign > 0
        assert picture.chosen[0] != keys(pilot)[0]
        assert screen(pilot).table.row
        wanted = min(cells, key=lambda key: (cells[key][1], cells[key]))
        await pilot.click(NetworkPicture, offset=cells[wanted])
        await until(pilot, lambda: picture.chosen == (wanted,))
        row = screen(pilot).table.row
        assert row
        assert row.key == wanted


async def test_picking_a_node_that_the_search_hides_clears_the_search(whole: Collection, opened: Opener) -> None:
    async with opened(whole, WIDE, "network") as pilot:
        await network(pilot, "n", "n")
        await press(pilot, "slash", *"threat", "enter")
        assert 0 < len(rows(pilot)) < 10
        picture = screen(pilot).query_one(NetworkPicture)
        wanted = "policy:health"
        await pilot.click(NetworkPicture, offset=picture._cells()[wanted])
        await until(pilot, lambda: picture.chosen == (wanted,))
        assert picture.chosen == (wanted,)
        assert screen(pilot).query_one("#network-search", Input).value == ""


async def test_what_is_shown_is_what_is_taken_away(whole: Collection, opened: Opener) -> None:
    async with opened(whole, WIDE, "network") as pilot:
        await network(pilot)
        await press(pilot, "slash", *"trust", "enter")
        sheet = screen(pilot).sheet()
        assert sheet
        assert [row[0] for row in sheet.rows] == [entry.label for entry in rows(pilot)]
        assert sheet.keys == tuple(keys(pilot))
        assert sheet.studies == tuple(sorted(keys(pilot)))
        assert "not the field" in sheet.summary
        assert "ev:dataUse" in sheet.query
        assert screen(pilot).session.reader.rows(sheet.query)
        raw = screen(pilot).raw_formats()
        assert {name: raw[name]()[:5] for name in raw} == dict.fromkeys(("graphml", "gexf", "svg"), b"<?xml")
        assert screen(pilot).chosen() == (keys(pilot)[0],)
        await press(pilot, "m")
        clusters = screen(pilot).sheet()
        assert clusters
        assert clusters.header[0] == "Cluster"
        assert clusters.keys == ()


async def test_what_was_shown_is_remembered_as_json(toy: Collection, opened: Opener) -> None:
    async with opened(toy, SMALL, "network") as pilot:
        await network(pilot, "n", "c", "m", "v")
        kept = json.loads(json.dumps(screen(pilot).memory()))
        again = NetworkScreen(screen(pilot).session, screen(pilot).desk)
        again.recall(kept)
        assert again.memory() == kept
        assert kept == {"kind": "authors", "circle": "comparable", "clusters": True, "picture": True}
        fresh = NetworkScreen(screen(pilot).session, screen(pilot).desk)
        before = fresh.memory()
        for rubbish in ({"kind": ["data"], "circle": 7, "clusters": "yes", "picture": None}, {"kind": "friends"}, {}):
            fresh.recall(rubbish)
            assert fresh.memory() == before


async def test_a_network_that_is_too_large_says_what_to_do(
    toy: Collection, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise UsageError("This network has more than 100,000 ties. Choose a circle.")

    monkeypatch.setattr("tui.screens.network.network_of", refuse)
    async with opened(toy, SMALL) as pilot:
        await press(pilot, "5")
        await until(pilot, lambda: "100,000" in text_of(pilot, "#network-summary"))
        assert text_of(pilot, "#network-summary").startswith("This network has more than 100,000 ties.")
        assert rows(pilot) == []
        assert screen(pilot).sheet() is None
        assert screen(pilot).raw_formats() == {}
        assert screen(pilot).chosen() == ()
        await press(pilot, "enter", "v", "right", "v", "m", "m", "b")
        assert isinstance(pilot.app.screen, NetworkScreen)


async def test_work_is_said_to_be_under_way_and_can_be_stopped(
    toy: Collection, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    from kb.network.origin import network_of

    held = threading.Event()

    def wait(*words: Any) -> object:  # noqa: ANN401 - handed through
        held.wait(30)
        return network_of(*words)

    monkeypatch.setattr("tui.screens.network.network_of", wait)
    async with opened(toy, SMALL) as pilot:
        try:
            await press(pilot, "5")
            assert text_of(pilot, "#network-summary").startswith("Working: studies that share data")
            await press(pilot, "escape")
            assert text_of(pilot, "#network-summary").startswith("Stopped.")
        finally:
            held.set()
        await press(pilot, "n")
        await until(pilot, lambda: is_ready(pilot))
        assert screen(pilot).kind == "authors"
        assert rows(pilot)


async def test_another_state_of_the_collection_is_shown(toy: Collection, own: Collection, opened: Opener) -> None:
    from kb.session import make_session

    async with opened(toy, SMALL, "network") as pilot:
        await network(pilot)
        (own.studies[0] / "alpha2001trust.bib").unlink()
        session = make_session(own)
        screen(pilot).take(session)
        await until(pilot, lambda: is_ready(pilot) and "alpha2001trust" not in keys(pilot))
        assert keys(pilot) == ["beta2002moderator", "epsilon2005review"]
        session.close()


async def test_hostile_text_is_shown_and_never_obeyed(hostile: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(hostile, WIDE, "network") as pilot:
        await network(pilot)
        while screen(pilot).circle:
            await follow(pilot, "c")
        for kind in KINDS:
            assert screen(pilot).kind == kind
            assert rows(pilot), kind
            await press(pilot, "down", "m", "m", "v")
            shown = "\n".join(lines(pilot.app))
            assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(shown), kind
            assert all(len(line) <= WIDE[0] for line in shown.split("\n")), kind
            await press(pilot, "v")
            await follow(pilot, "n")


async def test_every_key_of_the_screen_is_tried_here_or_above(toy: Collection, opened: Opener) -> None:
    async with opened(toy, SMALL, "network") as pilot:
        await network(pilot)
        await press(pilot, "d")
        assert isinstance(pilot.app.focused, NodeDetail)
        await press(pilot, "escape")
        assert screen(pilot).table.has_focus
        tried = {"enter", "n", "N", "v", "m", "c", "slash", "d", "escape"}
        assert {key.keys for key in all_keys() if key.scope == "network"} == tried
        moves = {key.keys.partition(",")[0] for key in all_keys() if key.scope == "picture"}
        assert moves == {"left", "right", "up", "down"}
