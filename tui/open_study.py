"""Citing a study and opening it in the browser, from any screen that shows studies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from tui.browser import doi_address, open_address, web_address

if TYPE_CHECKING:
    from tui.screens.cite import Manner
    from tui.screens.work import WorkScreen


class Cites(Protocol):
    """The screen that remembers how studies are cited."""

    manner: Manner


def cite_study(screen: WorkScreen, key: str, keeper: Cites) -> None:
    """Let the user choose a style and copy the citation; ``keeper`` remembers the style."""
    from tui.screens.cite import CiteScreen

    def cited(manner: Manner | None) -> None:
        keeper.manner = manner or keeper.manner

    screen.app.push_screen(CiteScreen(screen.session.study_document(key), keeper.manner), cited)


def open_study(screen: WorkScreen, key: str) -> None:
    """Open a study in the browser: its DOI at once, another address after a question."""
    from tui.screens.confirm import ConfirmScreen

    study = screen.session.study(key)
    if study and (address := doi_address(study.doi)):
        _open(screen, address)
        return
    address = web_address(screen.session.study_document(key).fields)
    if not address:
        screen.say(f"{key} has no DOI and no address on record.")
        return

    def answered(yes: bool | None) -> None:
        if yes:
            _open(screen, address)

    screen.app.push_screen(
        ConfirmScreen(f"{key} has no DOI. Open the page of its record, {address}?", "Open it"), answered
    )


def _open(screen: WorkScreen, address: str) -> None:
    app = screen.app
    app.copy_to_clipboard(address)
    if app.is_web:  # then the browser is the user's, and not one of the computer that serves the program
        app.open_url(address)
    opened = "Opened in the browser" if app.is_web or open_address(address) else "No browser can be opened from here"
    screen.say(f"{opened}: {address} was sent to the terminal's clipboard.")
