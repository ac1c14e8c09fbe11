"""A screen with a table of findings, and what can be done with the one under its cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui.screens.work import WorkScreen
from tui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from kb.evidence import Row


class FindingsScreen(WorkScreen):
    """Its table of findings is called ``findings``."""

    def table(self) -> RowTable[Row]:
        """Return the table of findings."""
        return self.query_one("#findings", RowTable)

    def chosen(self) -> tuple[str, ...]:
        """Return the finding under the cursor."""
        row = self.table().row
        return (row.finding,) if row else ()

    def action_columns(self) -> None:
        """Choose the columns of the table."""
        from tui.screens.columns import ColumnsScreen

        self.app.push_screen(ColumnsScreen(self.table()))

    def action_whole(self) -> None:
        """Show the finding on the whole screen."""
        from tui.screens.finding import FindingScreen

        if self.table().row:
            self.app.push_screen(FindingScreen(self.session, self.table()))

    def action_cite(self) -> None:
        """Choose a style and copy the citation of the study."""
        from tui.open_study import cite_study

        if row := self.table().row:
            keeper: Any = self.app.work_screen("studies")
            cite_study(self, row.study, keeper)

    def action_open(self) -> None:
        """Open the study in the browser."""
        from tui.open_study import open_study

        if row := self.table().row:
            open_study(self, row.study)

    def action_code(self) -> None:
        """Code a finding of the chosen study, and then of those without one."""
        from tui.screens.code import CodeScreen

        row = self.table().row
        queue = ([row.study] if row else []) + self.session.uncoded()
        if queue:
            self.app.push_screen(CodeScreen(self.desk, queue))
        else:
            self.say("There is no study to code. Add studies with a.")
