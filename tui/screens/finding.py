"""One finding and its study on the whole screen, to be read at leisure; the next and the one before are a key away."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical
from textual.screen import ModalScreen

from kb.text import counted
from tui.keys import bindings
from tui.widgets.detail import Detail
from tui.widgets.key_bar import KeyBar

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from kb.evidence import Row
    from kb.session import Session
    from tui.widgets.row_table import RowTable


class FindingScreen(ModalScreen[None]):
    """Shows the finding under the cursor of a table, and moves that cursor."""

    AUTO_FOCUS: ClassVar[str] = "Detail"
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("finding"))

    def __init__(self, session: Session, table: RowTable[Row]) -> None:
        super().__init__()
        self._session = session
        self._table = table

    def compose(self) -> ComposeResult:
        """Show one finding."""
        with Vertical(id="finding"):
            yield Detail()
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the finding."""
        self._show()

    def _show(self) -> None:
        row = self._table.row
        if row is not None:
            self.query_one(Detail).show(row, self._session)
            place = f"{self._table.cursor + 1:,} of {counted(len(self._table.rows), 'finding')}"
            self.query_one("#finding").border_title = place

    def action_move(self, steps: int) -> None:
        """Show another finding of the table."""
        self._table.action_move(steps)
        self._show()

    def action_leave(self) -> None:
        """Close."""
        self.dismiss()
