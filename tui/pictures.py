"""Pictures of the screens on the bundled collection, as README and docs show them."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from textual.worker import WorkerCancelled

from kb.collection import bundled
from kb.session import make_session
from tui.app import EvidenceApp

if TYPE_CHECKING:
    from pathlib import Path

_FONTS = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)
_SIZE = (120, 36)
_PAUSE = 0.4  # seconds after each key, in which what it starts comes to its end


class Picture(NamedTuple):
    """What a picture is called and shows: the screen, the theme, and the keys pressed before it is taken."""

    name: str
    place: str
    theme: str
    keys: tuple[str, ...]
    says: str


PICTURES = (
    Picture("evidence", "evidence", "dark", ("p", *["down"] * 8, "enter"), "Evidence on access to nationality"),
    Picture("evidence-light", "evidence", "light", ("slash", *"trust", "enter"), "Findings with the word trust"),
    Picture("map", "map", "dark", (), "The evidence gap map"),
    Picture("studies", "studies", "dark", ("slash", *"citizenship", "enter"), "Studies on citizenship"),
    Picture("sparql", "sparql", "dark", ("ctrl+r",), "A question in SPARQL"),
    Picture("network", "network", "dark", (), "Studies that share data"),
    Picture("add", "add", "light", (), "Where studies are added"),
)


async def take(picture: Picture) -> str:
    """Return a picture as SVG that asks for no font from elsewhere."""
    collection = bundled()
    make_session(collection).close()
    app = EvidenceApp(collection)
    async with app.run_test(size=_SIZE) as pilot:
        app.theme = picture.theme
        app.go(picture.place)
        await pilot.pause(_PAUSE)
        for key in picture.keys:
            await pilot.press(key)
            await pilot.pause(_PAUSE if len(key) > 1 else 0.05)
        with suppress(WorkerCancelled):  # work that gave way to newer work
            await app.workers.wait_for_complete()
        await pilot.pause(2 * _PAUSE)
        return _FONTS.sub("", app.export_screenshot(title=picture.says))


def write_pictures(folder: Path) -> None:
    """Write all pictures into a folder, with nothing remembered from earlier runs."""
    folder.mkdir(parents=True, exist_ok=True)
    before = os.environ.get("MIPEX_KB_HOME")
    with tempfile.TemporaryDirectory() as home:
        os.environ["MIPEX_KB_HOME"] = home
        for picture in PICTURES:
            (folder / f"{picture.name}.svg").write_text(asyncio.run(take(picture)), "utf-8")
    if before is None:
        del os.environ["MIPEX_KB_HOME"]
    else:
        os.environ["MIPEX_KB_HOME"] = before
