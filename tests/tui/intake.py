"""What the tests of adding and coding share: made-up files to add, and reading their screens."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from textual.screen import Screen
from textual.widgets import Static

from tests.tui.driving import enter, press
from tui.app import EvidenceApp
from tui.screens.add import AddScreen
from tui.screens.code import CodeScreen
from tui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from textual.pilot import Pilot

    from kb.collection import Collection
    from kb.intake.plan import Row

#: One new study, one that is there, one that may be there, one with more than ours, and one that is broken.
MIXED = r"""@article{gamma2020,
  author = {Gamma, Gil}, title = {Schools and belonging}, journal = {Made-up Letters}, year = 2020,
  doi = {10.5555/made.1}, abstract = {Not ours.}
}
@article{same, author = {Alpha, Anna}, title = {Made-up study of equal treatment and trust}, year = 2001,
  doi = {10.5555/toy.2001.1}}
@article{like, author = {Alpha, Anna}, title = {Made-up study of equal treatments and trust}, year = {2003}}
@article{better, author = {Alpha, Anna and M{\"u}ller, J{\"o}rg and O'Neil, Pat and Zeta, Zoe},
  title = {Made-up study of equal treatment and trust}, year = 2001, doi = {10.5555/toy.2001.1}}
@article{broken, title = {No end
@book{delta2019, author = {Delta, Di}, title = {A book of nothing}, year = 2019, publisher = {Made-up Press}}
"""
HOSTILE = (
    "@article{evil, author = {[@click=app.quit]Eve[/], [bold]Ann[/bold]},\n"
    "  title = {[red]=HYPERLINK(1)[/red] \x1b]0;x\x07 [/nope] \u202eevil}, year = 2020, url = {javascript:alert(1)}}\n"
    "@article{[bold]key[/], title = {[@click=app.quit]Second[/]}, author = {[/x]}, year = {\x9b31m}}\n"
    "@misc{third, title = {[link=https://example.org]Third[/link]}, author = {A}, year = 2001,\n"
    "  crossref = {[b]none[/b]}}\n"
)


class Workplace(EvidenceApp):
    """The application without the evidence, which takes longer to open than most of what is tested on these screens."""

    def get_default_screen(self) -> Screen[Any]:
        return Screen()

    def _build(self) -> None:  # type: ignore[override]
        """Build nothing at the start."""


@asynccontextmanager
async def workplace(collection: Collection, *queue: str, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[str]]:
    """Open the form with some studies, or without any the screen for adding, alone."""
    app = Workplace(collection)
    async with app.run_test(size=size) as pilot:
        app.push_screen(CodeScreen(app.desk, queue) if queue else AddScreen(None, app.desk))  # type: ignore[arg-type]
        await enter(pilot)
        yield pilot


def mixed_file(folder: Path) -> Path:
    """Write the mixed file, and return its path."""
    path = folder / "mixed.bib"
    path.write_text(MIXED, "utf-8")
    return path


def adding(pilot: Pilot[str]) -> AddScreen:
    """Return the screen for adding, which must be the one in front."""
    assert isinstance(pilot.app.screen, AddScreen), pilot.app.screen
    return pilot.app.screen


def coding(pilot: Pilot[str]) -> CodeScreen:
    """Return the form, which must be the screen in front."""
    assert isinstance(pilot.app.screen, CodeScreen), pilot.app.screen
    return pilot.app.screen


def text_of(pilot: Pilot[str], name: str) -> str:
    """Return the text of one part of the screen, whole."""
    return str(pilot.app.screen.query_one(name, Static).content)


def said(pilot: Pilot[str]) -> str:
    """Return what the screen for adding says."""
    return text_of(pilot, "#said")


def plan_rows(pilot: Pilot[str]) -> list[Row]:
    """Return the rows of the plan that are shown."""
    return list(adding(pilot).query_one("#plan", RowTable).rows)


def chosen(pilot: Pilot[str]) -> Row:
    """Return the row of the plan under the cursor."""
    row: Row | None = adding(pilot).query_one("#plan", RowTable).row
    assert row is not None
    return row


async def plan(pilot: Pilot[str], path: Path | str) -> None:
    """Open the screen for adding, and read a file by its name."""
    if not isinstance(pilot.app.screen, AddScreen):
        await press(pilot, "a")
    adding(pilot).query_one("#file").value = str(path)  # type: ignore[attr-defined]
    await enter(pilot, "enter")


async def fill(pilot: Pilot[str], **values: str) -> None:
    """Put values into fields of the finding, all letters at once, and check them."""
    for name, value in values.items():
        coding(pilot).query_one(f"#{name.replace('_', '-')}").value = value  # type: ignore[attr-defined]
    coding(pilot).entry.check()
    await enter(pilot)


async def go_to(pilot: Pilot[str], name: str) -> None:
    """Bring the focus to a field of the form."""
    coding(pilot).query_one(f"#{name}").focus()
    await enter(pilot)
