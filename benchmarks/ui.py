"""The terminal UI in a real pseudo-terminal: first paint beside an empty Textual application, and key presses."""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.collections import write_collection
from benchmarks.measure import Limit, Ratio
from benchmarks.pseudo_terminal import PseudoTerminal
from kb.collection import Collection, bundled
from kb.facets import CIRCLE, EVERYTHING, Choice
from kb.session import make_session
from kb.vocabulary import CIRCLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.session import Session

_EMPTY = """from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("first-paint-marker")
Empty().run()
"""
_PROGRAM = str(Path(sys.executable).parent / "mipex-kb")
PRESSES = 50


class Size(NamedTuple):
    """A collection of so many studies, and its bounds: of the first paint as a ratio, of a key press in seconds."""

    studies: int
    paint: float | None
    press: float | None


#: None: the bundled collection as it is.
SIZES = (Size(130, 1.5, None), Size(0, 1.5, None), Size(1000, None, 0.05), Size(10_000, 2.5, 0.15))


def ui_ratios(folder: Path, env: dict[str, str], times: int = 9) -> Iterator[Ratio | Limit]:
    """Take the time until findings stand on the screen, and from a key to the table that it changes, at each size."""
    for size in SIZES:
        collection = bundled()
        if size.studies:
            write_collection(folder / f"ui-{size.studies}", size.studies)
            collection = Collection((folder / f"ui-{size.studies}" / "studies",), collection.ontology)
        command = [_PROGRAM, *(["--studies", str(collection.studies[0])] if size.studies else [])]
        session = make_session(collection)
        session.close()
        name = f"{len(session.studies()):,} studies, {len(session.findings()):,} findings"
        own = {**env, "MIPEX_KB_HOME": str(folder / f"home-{size.studies}")}
        if size.paint:
            yield paint_ratio(name, command, session, own, size.paint, times)
        if size.press:
            yield from press_limits(name, command, session, own, size.press)


def paint_ratio(
    name: str, command: list[str], session: Session, env: dict[str, str], bound: float, times: int
) -> Ratio:
    """Compare the time until the first finding stands on the screen with that of one word in an empty application."""
    marker = session.select(Choice())[0].outcome_label[:12].encode()
    taken: dict[str, list[float]] = {"ours": [], "empty": []}
    for number in range(times + 1):
        with PseudoTerminal(command, env) as ours:
            first = ours.wait_for(marker) - ours.started
        with PseudoTerminal([sys.executable, "-c", _EMPTY], env) as empty:
            second = empty.wait_for(b"first-paint-marker") - empty.started
        if number:
            taken["ours"].append(first)
            taken["empty"].append(second)
    ours_, empty_ = (median(found) for found in taken.values())
    return Ratio(f"first useful paint, {name}", ours_, "empty Textual application", empty_, bound)


def press_limits(name: str, command: list[str], session: Session, env: dict[str, str], bound: float) -> Iterator[Limit]:
    """Take the time from the key for the next circle to a table of other findings, and the memory after all of them."""
    order = [EVERYTHING.only(CIRCLE, circle) for circle in CIRCLES] + [EVERYTHING]
    markers = [f"{len(session.select(choice)):,} findings".encode() for choice in order]
    with PseudoTerminal(command, env, (120, 40)) as program:
        program.wait_for(session.select(Choice())[0].outcome_label[:12].encode())
        program.settle(2.0)
        taken = []
        for number in range(PRESSES):
            pressed = program.press(b"c")
            taken.append(program.wait_for(markers[(number + 1) % len(order)]) - pressed)
            program.settle()
        yield Limit(f"a key press to the updated table, {name} (median of {PRESSES})", median(taken), bound)
        print(f"memory of the program with {name}: {program.memory():.0f} MB")
