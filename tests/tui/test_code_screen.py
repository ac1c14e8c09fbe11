"""The form: names completed, what follows shown, mistakes beside their field, and one finding after the other saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.events import Paste

from kb.bibtex import read
from kb.build import ensure
from tests.tui.driving import SIZES, enter, finish, press, table, until
from tests.tui.intake import coding, fill, go_to, text_of, workplace
from tests.tui.test_app_hostile import safe
from tui.app import EvidenceApp
from tui.screens.code import CodeScreen
from tui.screens.confirm import ConfirmScreen
from tui.screens.evidence import EvidenceScreen
from tui.widgets.field_row import FieldInput, FieldRow
from tui.widgets.match_list import MatchList

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from kb.collection import Collection
    from tests.tui.conftest import Lines, Opener

#: A finding that lacks nothing.
WHOLE = {
    "finding_policy": "overall",
    "finding_outcome": "generalised-trust",
    "finding_population": "immigrants",
    "finding_role": "direct",
    "finding_direction": "positive",
    "finding_statement": "A higher score goes with more trust in 50% of cases {sic}.",
    "finding_source": "https://example.org/alpha",
    "finding_sourcelevel": "abstract",
}
UNCODED = "epsilon2005empty"
ALL = ("alpha2001trust", UNCODED, "epsilon2005review")
REFERENCE = "author = {Epsilon, Eve}, title = {Nothing coded yet}, year = {2005}, bibstatus = {unconfirmed}"


@pytest.fixture
def own(own: Collection, monkeypatch: pytest.MonkeyPatch) -> Collection:
    """Return a collection that may be changed, with a study that has neither measure nor finding, built already."""
    monkeypatch.setenv("MIPEX_KB_CODER", "c9")
    (own.studies[0] / f"{UNCODED}.bib").write_text(f"@misc{{{UNCODED}, {REFERENCE}}}\r\n", "utf-8", newline="")
    ensure(own)[0].close()
    return own


def alpha(collection: Collection) -> Path:
    """Return the file of the study that the first finding belongs to."""
    return collection.studies[0] / "alpha2001trust.bib"


def line(pilot: Pilot[str], name: str) -> FieldInput:
    """Return the line of a field."""
    return coding(pilot).query_one(f"#{name}", FieldInput)


def complaints(pilot: Pilot[str]) -> dict[str, str]:
    """Return what is said beside the fields."""
    rows = coding(pilot).query(FieldRow)
    return {row.field.id: row.complaint for row in rows if row.display and row.complaint}


def at(pilot: Pilot[str]) -> str:
    """Return the field with the focus."""
    assert isinstance(pilot.app.focused, FieldInput), pilot.app.focused
    return pilot.app.focused.field.id


@pytest.mark.parametrize("size", SIZES)
async def test_the_form_begins_with_the_policy_of_the_chosen_study(
    toy: Collection, opened: Opener, lines: Lines, size: tuple[int, int]
) -> None:
    async with opened(toy, size) as pilot:
        await enter(pilot, "n")
        text = "\n".join(lines(pilot.app))
        assert at(pilot) == "finding-policy"
        assert "alpha2001trust: Made-up study of equal treatment and trust (2001)" in text
        assert "@finding{alpha2001trust-4," in text
        assert "Needed: policy, outcome," in text
        assert "Ctrl+S Save" in lines(pilot.app)[-1]
        assert not coding(pilot).query_one("#study-measure").parent.display  # type: ignore[union-attr]


async def test_names_are_completed_and_their_definition_is_shown(toy: Collection) -> None:
    async with workplace(toy, "alpha2001trust") as pilot:
        await enter(pilot, *"anti-d")
        assert text_of(pilot, "#meaning").startswith("anti-discrimination: ")
        await press(pilot, "enter")
        assert line(pilot, "finding-policy").value == "anti-discrimination"
        assert at(pilot) == "finding-outcome"
        await press(pilot, *"trust", "down", "down", "up", "enter")
        assert line(pilot, "finding-outcome").value == "institutional-trust"


async def test_enter_alone_takes_nothing_and_arrows_choose_from_the_whole_list(toy: Collection) -> None:
    async with workplace(toy, "alpha2001trust") as pilot:
        await enter(pilot, "enter")
        assert line(pilot, "finding-policy").value == ""
        await press(pilot, "shift+tab", "down", "enter")
        assert line(pilot, "finding-policy").value == "overall"


async def test_a_semicolon_takes_a_name_and_begins_another(toy: Collection) -> None:
    async with workplace(toy, "alpha2001trust") as pilot:
        await enter(pilot, "enter", "enter", *"immigr", "semicolon", *"maj", "enter")
        assert line(pilot, "finding-population").value == "immigrants; majority"
        await go_to(pilot, "finding-statement")
        await press(pilot, "a", "semicolon", "b")
        assert line(pilot, "finding-statement").value == "a;b"


async def test_labels_become_names_when_a_field_is_left(toy: Collection) -> None:
    async with workplace(toy, "alpha2001trust") as pilot:
        line(pilot, "finding-policy").value = "Anti-discrimination"
        await press(pilot, "tab")
        assert line(pilot, "finding-policy").value == "anti-discrimination"


async def test_the_appraisal_follows_or_is_asked_for(toy: Collection) -> None:
    async with workplace(toy, "alpha2001trust") as pilot:
        await fill(pilot, finding_role="direct", finding_direction="negative", finding_outcome="perceived-threat")
        assert "The appraisal follows: favourable." in text_of(pilot, "#state")
        assert line(pilot, "finding-appraisal").disabled
        assert line(pilot, "finding-appraisal").placeholder == "favourable (follows)"
        assert line(pilot, "finding-relation").disabled
        await fill(pilot, finding_role="moderator")
        assert "Needed: policy, population, relation, appraisal," in text_of(pilot, "#state")
        assert not line(pilot, "finding-appraisal").disabled
        await go_to(pilot, "finding-relation")
        await press(pilot, *"perceived-disc", "enter", *"generalised", "enter")
        assert line(pilot, "finding-relation").value == "perceived-discrimination -> generalised-trust"
        await fill(pilot, finding_role="direct")
        assert "Only a moderator finding has a relation." in complaints(pilot)["finding-relation"]


async def test_mistakes_stand_beside_their_field_as_they_are_made(toy: Collection) -> None:
    async with workplace(toy, "alpha2001trust") as pilot:
        await fill(pilot, finding_estimate="a lot", finding_coded="yesterday", finding_outcome="generalized-trust")
        found = complaints(pilot)
        assert "'a lot' in estimate is no number." in found["finding-estimate"]
        assert "'yesterday' is no date." in found["finding-coded"]
        assert "Did you mean generalised-trust" in found["finding-outcome"]
        assert "Wrong: outcome, estimate, coded." in text_of(pilot, "#state")
        await fill(pilot, finding_estimate="0.25", finding_coded="2026-11-25", finding_outcome="generalised-trust")
        assert complaints(pilot) == {}


async def test_the_form_is_checked_by_itself_a_moment_after_the_last_letter(toy: Collection) -> None:
    async with workplace(toy, "alpha2001trust") as pilot:
        await go_to(pilot, "finding-statement")
        await press(pilot, *"Some words of mine")
        await until(pilot, lambda: "Some words of mine" in text_of(pilot, "#entry"))
        assert "statement = {Some words of mine}" in text_of(pilot, "#entry")


async def test_saving_what_is_not_whole_writes_nothing_and_goes_to_the_first_mistake(own: Collection) -> None:
    before = alpha(own).read_bytes()
    async with workplace(own, *ALL) as pilot:
        await fill(pilot, **{**WHOLE, "finding_outcome": "nonsense", "finding_source": ""})
        await enter(pilot, "ctrl+s")
        assert at(pilot) == "finding-outcome"
        assert text_of(pilot, "#state").startswith("Nothing was written.")
        assert set(complaints(pilot)) == {"finding-outcome", "finding-source"}
        assert alpha(own).read_bytes() == before


async def test_what_only_the_shapes_find_is_said_and_nothing_is_written(own: Collection) -> None:
    before = alpha(own).read_bytes()
    async with workplace(own, *ALL) as pilot:
        await fill(pilot, **{**WHOLE, "finding_statement": "Short."})
        await enter(pilot, "ctrl+s")
        await finish(pilot)
        assert "nothing was written" in text_of(pilot, "#state")
        assert alpha(own).read_bytes() == before


async def test_a_saved_finding_stays_as_the_start_of_the_next(own: Collection, opened: Opener) -> None:
    before = alpha(own).read_bytes()
    async with opened(own) as pilot:
        await enter(pilot, "n")
        await fill(pilot, **WHOLE)
        await enter(pilot, "ctrl+s")
        assert text_of(pilot, "#state").startswith("Written: alpha2001trust-4.")
        after = alpha(own).read_bytes()
        (finding,) = [e for e in read(after.decode(), "x").entries if e.key == "alpha2001trust-4"]
        assert finding.fields["coder"] == "c9"
        assert finding.fields["statement"].startswith("A higher score goes with more trust in 50\\%")
        assert before[:-1] in after or after.startswith(before[:-200])
        assert at(pilot) == "finding-outcome"
        values = {name: value for name, value in coding(pilot).entry.values().items() if value}
        assert set(values) == {
            "finding-policy", "finding-population", "finding-source", "finding-sourcelevel", "finding-coder",
            "finding-coded",
        }  # fmt: skip
        assert not coding(pilot).would_lose()
        await press(pilot, "escape")
        await finish(pilot)
        assert isinstance(pilot.app.screen, EvidenceScreen)
        assert "alpha2001trust-4" in {row.finding for row in table(pilot).rows}
        await enter(pilot, "u", "y")
        assert alpha(own).read_bytes() == before
        assert "alpha2001trust-4" not in {row.finding for row in table(pilot).rows}


async def test_ctrl_o_fills_empty_fields_from_the_last_finding(toy: Collection) -> None:
    async with workplace(toy, "alpha2001trust") as pilot:
        await fill(pilot, finding_policy="overall")
        await press(pilot, "ctrl+o")
        values = coding(pilot).entry.values()
        assert values["finding-policy"] == "overall"
        assert values["finding-source"] == "https://example.org/alpha; https://example.org/alpha-too"
        assert values["finding-sourcelevel"] == "secondary"
        assert values["finding-outcome"] == ""


async def test_ctrl_t_goes_to_what_is_still_needed(toy: Collection) -> None:
    async with workplace(toy, "alpha2001trust") as pilot:
        await fill(pilot, **{**WHOLE, "finding_role": "", "finding_source": ""})
        await press(pilot, "ctrl+t")
        assert at(pilot) == "finding-role"
        await press(pilot, "ctrl+t")
        assert at(pilot) == "finding-source"
        await press(pilot, "ctrl+t")
        assert at(pilot) == "finding-role"
        await fill(pilot, **WHOLE)
        await press(pilot, "ctrl+t")
        assert "Nothing that is needed is missing" in text_of(pilot, "#state")


async def test_a_study_gets_its_measure_together_with_its_first_finding(own: Collection, opened: Opener) -> None:
    path = own.studies[0] / f"{UNCODED}.bib"
    before = path.read_bytes()
    async with opened(own) as pilot:
        await enter(pilot, "n", "ctrl+n")
        form = coding(pilot).form
        assert form is not None
        assert form.citekey == UNCODED
        assert at(pilot) == "study-measure"
        await fill(pilot, **WHOLE)
        await enter(pilot, "ctrl+s")
        assert at(pilot) == "study-measure"
        assert path.read_bytes() == before
        await fill(pilot, study_measure="mipex:2015; index:mipex", study_period="last year")
        assert {"study-measure", "study-period"} <= set(complaints(pilot))
        await fill(pilot, study_measure="mipex:2015", study_period="2008/2015", study_coverage="50% of R&D {towns}")
        await enter(pilot, "ctrl+s")
        text = path.read_bytes().decode()
        assert text.startswith(f"@misc{{{UNCODED}, {REFERENCE},\r\n  measure = {{mipex:2015}},\r\n")
        assert "coverage = {50\\% of R\\&D " in text
        assert [(entry.kind, entry.key) for entry in read(text).entries] == [
            ("misc", UNCODED), ("finding", f"{UNCODED}-1"),
        ]  # fmt: skip
        assert not coding(pilot).query_one("#study-measure").parent.display  # type: ignore[union-attr]
        await enter(pilot, "escape", "u", "y")
        assert path.read_bytes() == before


async def test_a_file_that_changed_in_the_meantime_is_left_alone(own: Collection) -> None:
    path = own.studies[0] / f"{UNCODED}.bib"
    async with workplace(own, *ALL) as pilot:
        await enter(pilot, "ctrl+n")
        path.write_bytes(path.read_bytes() + b"\n")
        before = path.read_bytes()
        await fill(pilot, study_measure="mipex:2015", **WHOLE)
        await enter(pilot, "ctrl+s")
        assert "changed in the meantime" in text_of(pilot, "#state")
        assert path.read_bytes() == before


async def test_a_folder_that_cannot_be_written_is_one_sentence(own: Collection) -> None:
    (own.studies[0] / ".intake").write_text("no folder")
    async with workplace(own, *ALL) as pilot:
        await fill(pilot, **WHOLE)
        await enter(pilot, "ctrl+s")
        assert f"The folder {own.studies[0]} cannot be written" in text_of(pilot, "#state")
        assert coding(pilot).would_lose()


@pytest.mark.parametrize("key", ["escape", "ctrl+n", "ctrl+q"])
async def test_what_would_be_lost_is_asked_about(own: Collection, key: str) -> None:
    async with workplace(own, *ALL) as pilot:
        await enter(pilot, "x", key)
        assert isinstance(pilot.app.screen, ConfirmScreen)
        await press(pilot, "n")
        assert line(pilot, "finding-policy").value == "x"
        await enter(pilot, key, "y")
        screen = pilot.app.screen
        if key == "escape":
            assert not isinstance(screen, CodeScreen | ConfirmScreen)
        elif key == "ctrl+n":
            assert isinstance(screen, CodeScreen)
            assert screen.form is not None
            assert screen.form.citekey == UNCODED
        else:
            assert pilot.app.return_code == 0


async def test_studies_that_were_passed_over_come_again(own: Collection) -> None:
    async with workplace(own, *ALL) as pilot:
        seen = []
        for _ in range(3):
            await enter(pilot, "ctrl+n")
            form = coding(pilot).form
            assert form is not None
            seen.append(form.citekey)
        assert seen == [UNCODED, "epsilon2005review", UNCODED]
        (own.studies[0] / "epsilon2005review.bib").unlink()
        await enter(pilot, "ctrl+n")
        assert "There is no study 'epsilon2005review'." in text_of(pilot, "#state")


async def test_a_study_that_is_gone_is_one_sentence(own: Collection) -> None:
    alpha(own).unlink()
    async with workplace(own, "alpha2001trust") as pilot:
        assert "There is no study 'alpha2001trust'." in text_of(pilot, "#state")
        await press(pilot, "ctrl+s", "ctrl+o", "ctrl+t", "escape")
        assert not isinstance(pilot.app.screen, CodeScreen)


async def test_a_click_takes_a_name_and_the_wheel_shows_more(toy: Collection) -> None:
    async with workplace(toy, "alpha2001trust") as pilot:
        await pilot.click(MatchList, offset=(4, 1))
        await finish(pilot)
        assert line(pilot, "finding-policy").value == "labour-market-mobility"
        assert at(pilot) == "finding-outcome"
        await pilot.click("#finding-policy")
        assert at(pilot) == "finding-policy"


async def test_a_hostile_study_and_hostile_text_are_shown_and_never_obeyed(hostile: Collection, lines: Lines) -> None:
    async with workplace(hostile, "hostile2007record") as pilot:
        assert "[@click=app.quit]Title[/]" in lines(pilot.app)[0]
        await go_to(pilot, "finding-statement")
        pilot.app.post_message(Paste("[bold]x[/bold] \x1b]0;pwn\x07 \u202eevil [@click=app.quit]y[/]\nsecond line"))
        await enter(pilot)
        assert line(pilot, "finding-statement").value == "[bold]x[/bold] ]0;pwn evil [@click=app.quit]y[/] second line"
        coding(pilot).entry.check()
        await fill(pilot, finding_policy="[/x]", finding_estimate="[red]1[/red]")
        assert "'[/x]' is no policy" in complaints(pilot)["finding-policy"]
        for key in ("up", "down", "tab", "ctrl+s"):
            await press(pilot, key)
            assert safe(pilot.app)
        assert pilot.app.return_code is None


async def test_without_a_finding_the_first_uncoded_study_is_coded(own: Collection, opened: Opener) -> None:
    for path in own.studies[0].glob("*.bib"):
        if path.stem != UNCODED:
            path.unlink()
    async with opened(own) as pilot:
        await enter(pilot, "n")
        form = coding(pilot).form
        assert form is not None
        assert form.citekey == UNCODED
        assert isinstance(pilot.app, EvidenceApp)
