"""The baskets: their names with counts on the left, what is in the chosen one on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Static

from kb.basket_contents import Line, basket_sheet, findings_in, lines_of, reading_list, studies_in
from kb.baskets_file import Basket
from kb.errors import KnowledgeBaseError
from kb.facets import EVERYTHING
from kb.sheet import about
from kb.text import counted
from tui.keys import bindings
from tui.plain import COLOURS, plain, signed
from tui.widgets.key_bar import KeyBar
from tui.widgets.row_table import Column, RowTable

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from kb.baskets import Baskets
    from kb.session import Session
    from tui.app import EvidenceApp

_EMPTY = "Nothing here yet: b puts the row under the cursor here, on any screen."
_GONE = "(no longer in the collection)"
_COLUMNS: tuple[Column[Line], ...] = (
    Column("Study", lambda line: line.citation or line.item.key, 24),
    Column("Direction", lambda line: signed(line.finding.direction) if line.finding else "study", 10, 0, lambda line: (
        COLOURS.get(line.finding.direction, "") if line.finding else ""
    )),
    Column("Statement or title", lambda line: _what(line), 0),
    Column("Note", lambda line: line.item.note, 24, 90),
    Column("Added", lambda line: line.item.added, 10, 110),
)  # fmt: skip


class BasketsScreen(Screen[None]):
    """Look at baskets, tidy them up, and take them away."""

    CSS_PATH = "../styles/takeaway.tcss"
    AUTO_FOCUS: ClassVar[str] = "#basket-items"
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("baskets"))
    app: EvidenceApp

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._said = ""

    @property
    def _baskets(self) -> Baskets:
        return self.app.baskets

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield Static(id="baskets-said", markup=False)
        with Horizontal():
            names = (
                Column[Basket]("Basket", lambda basket: basket.name, 0),
                Column("Size", _number, 5, 0, key=lambda basket: len(basket.items)),
            )
            table = RowTable(names, lambda basket: basket.name, id="basket-names")
            table.marked = lambda basket: basket.name == self._baskets.current.name
            yield table
            with Vertical():
                yield RowTable(_COLUMNS, lambda line: line.item.key, _EMPTY, id="basket-items")
                yield Static(id="basket-item", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the baskets as they are now, the current one first."""
        self._do(self._baskets.read)
        self._said = self._baskets.damage
        names = self._names()
        names.show(list(self._baskets.all))
        names.cursor = [basket.name for basket in self._baskets.all].index(self._baskets.current.name)
        self._show_items()

    def _names(self) -> RowTable[Basket]:
        return self.query_one("#basket-names", RowTable)

    def _items(self) -> RowTable[Line]:
        return self.query_one("#basket-items", RowTable)

    @property
    def basket(self) -> Basket:
        """The basket under the cursor."""
        return self._names().row or self._baskets.current

    def refresh_baskets(self) -> None:
        """Show the baskets after a change."""
        self._names().show(list(self._baskets.all))
        self._show_items()

    @on(RowTable.Chosen, "#basket-names")
    def _show_items(self) -> None:
        lines = lines_of(self.basket, self._session)
        self._items().show(lines)
        missing = sum(line.study is None for line in lines)
        parts = [counted(len(lines), "entry", "entries"), *([f"{missing} {_GONE[1:-1]}"] if missing else [])]
        current = "the current basket" if self.basket.name == self._baskets.current.name else "c makes it current"
        text = f"{self.basket.name}: {', '.join(parts)}; {current}. {self._said}"
        self.query_one("#baskets-said", Static).update(plain(text))

    @on(RowTable.Chosen, "#basket-items")
    def _show_item(self) -> None:
        line = self._items().row
        lines = [plain(line.citation or line.item.key, "bold"), plain(_what(line))] if line else []
        if line and line.finding:
            lines.append(plain(f"{line.finding.policy_label}; {line.finding.outcome_label}; {line.finding.population}"))
        if line:
            note = f"; note: {line.item.note}" if line.item.note else ""
            lines.append(plain(f"{line.item.key}, added {line.item.added or 'some day'}{note}", "dim"))
        self.query_one("#basket-item", Static).update(Text("\n").join(lines))

    def _do(self, act: Callable[[], object], said: str = "") -> bool:
        """Do something with the baskets, and say what; say why not where it fails."""
        try:
            act()
        except KnowledgeBaseError as error:
            self._said = str(error)
            return False
        else:
            self._said = said
            return True

    def _then_refresh(self, act: Callable[[], object], said: str) -> None:
        self._do(act, said)
        self.refresh_baskets()

    def action_show(self) -> None:
        """Show the findings of the line under the cursor, or of the whole basket."""
        line = self._items().row
        chosen = [line] if line and self.focused is self._items() else lines_of(self.basket, self._session)
        findings = findings_in(chosen, self._session)
        if findings:
            keys = tuple(row.finding for row in findings)
            self.dismiss()
            self.app.show_evidence(EVERYTHING._replace(findings=keys))
        elif studies := studies_in(chosen):
            self._then_refresh(lambda: None, f"{counted(len(studies), 'study', 'studies')} without a finding yet.")
        else:
            self._then_refresh(lambda: None, "There is nothing to show.")

    def action_remove(self) -> None:
        """Take the line under the cursor out; on the names, delete the basket."""
        basket, line = self.basket, self._items().row
        if self.focused is self._names():
            self._then_refresh(lambda: self._baskets.delete(basket.name), f"{basket.name} deleted; u brings it back.")
        elif line:
            key = line.item.key
            self._then_refresh(lambda: self._baskets.remove([key], basket.name), f"{key} taken out; u puts it back.")

    def action_undo(self) -> None:
        """Take the last change back."""
        done = self._baskets.last_change
        self._then_refresh(self._baskets.undo, f"Taken back: {done}.")

    def action_current(self) -> None:
        """Make the basket the current one."""
        name = self.basket.name
        self._then_refresh(lambda: self._baskets.choose(name), "")

    def action_new(self) -> None:
        """Make a basket, after asking for its name."""
        self._ask("Name of the new basket:", "", self._made)

    def _made(self, name: str) -> None:
        if self._do(lambda: self._baskets.create(name), "Made, and the current one now."):
            self._names().show(list(self._baskets.all))
            self._names().cursor = len(self._baskets.all) - 1
        self.refresh_baskets()

    def action_rename(self) -> None:
        """Give the basket another name."""
        old = self.basket.name
        self._ask("New name:", old, lambda name: self._renamed(old, name))

    def _renamed(self, old: str, name: str) -> None:
        place = self._names().cursor
        self._do(lambda: self._baskets.rename(old, name), f"{old} is called otherwise now.")
        self._names().show(list(self._baskets.all))
        self._names().cursor = place
        self.refresh_baskets()

    def action_note(self) -> None:
        """Write a note on the line under the cursor; a dash takes it away."""
        line, name = self._items().row, self.basket.name
        if line:
            key = line.item.key

            def written(note: str) -> None:
                text = "" if note.strip() == "-" else note
                self._then_refresh(lambda: self._baskets.annotate(key, text, name), "The note is written.")

            self._ask(f"Note on {key} (- takes it away):", line.item.note, written)

    def _ask(self, question: str, value: str, then: Callable[[str], None]) -> None:
        from tui.screens.ask import AskScreen

        def answered(text: str | None) -> None:
            if text and text.strip():
                then(text)

        self.app.push_screen(AskScreen(question, value), answered)

    def action_export(self) -> None:
        """Write the basket to files: as a reading list, as a table, as references."""
        from tui.screens.export import ExportScreen

        basket, session = self.basket, self._session
        if not basket.items:
            self._then_refresh(lambda: None, "There is nothing to export.")
            return
        sheet = basket_sheet(basket, session)
        record = about(sheet, session.version())

        def listed(order: str) -> bytes:
            kept = record if screen.wish.record else None
            return reading_list(basket, session, order=order, about=kept).encode()

        raw = {
            "reading-list.md": lambda: listed("added"),
            "by-policy.md": lambda: listed("policy"),
        }
        screen = ExportScreen(session, sheet, raw, ("reading-list.md",))
        self.app.push_screen(screen)

    def action_leave(self) -> None:
        """Go back; the marks on the screen below follow."""
        self.dismiss()
        for table in self.app.screen.query(RowTable):
            table.refresh()


def _number(basket: Basket) -> str:
    return str(len(basket.items))


def _what(line: Line) -> str:
    if line.finding:
        return line.finding.statement
    return line.study.title if line.study else _GONE
