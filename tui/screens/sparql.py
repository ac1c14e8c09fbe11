"""Screen 4: questions in SPARQL, written with help, asked, stopped, and answered as a table or a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import Container, Vertical
from textual.widgets import Static, TextArea

from kb.answers import GRAPH, answer_sheet, keys_of, read_answer, w3c_formats, whole_row
from kb.completion import make_completer
from kb.errors import KnowledgeBaseError, QueryCancelledError, QueryError
from kb.query_list import SAVED, first_text
from kb.saved_queries import remember
from kb.sparql import Run
from kb.sparql_text import without_header
from kb.text import clean_text
from tui.keys import bindings
from tui.screens.work import WorkScreen
from tui.widgets.match_list import MatchList
from tui.widgets.query_editor import QueryEditor, QueryText
from tui.widgets.result_table import ResultTable
from tui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from kb.answers import Answer
    from kb.completion import Completer
    from kb.query_list import Listed
    from kb.sheet import Sheet

LIMIT = 10_000  # rows read for the screen; exports in W3C formats hold all
SECONDS = 600.0
_IDLE = "Ctrl+R runs the query, Ctrl+L lists queries, Tab completes names."


class SparqlScreen(WorkScreen):
    """The editor above, the answer below; beside each other where there is room."""

    CSS_PATH = "../styles/sparql.tcss"
    PLACE: ClassVar[str] = "sparql"
    RAW_LABEL: ClassVar[str] = "{} (W3C)"
    AUTO_FOCUS: ClassVar[str] = "#query"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (150, "-wide")]  # noqa: RUF012 - as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("sparql"))

    editor: QueryEditor
    table: ResultTable
    _run: Run | None = None
    _answer: Answer | None = None
    _text: str | None = None
    _title: str = ""
    _known: tuple[frozenset[str], frozenset[str]] = frozenset(), frozenset()

    def compose_work(self) -> ComposeResult:
        """Lay out the editor, a line that says how things stand, and the answer."""
        self.editor = QueryEditor(id="query")
        self.table = ResultTable(id="rows")
        self._graph = QueryText(read_only=True, soft_wrap=False, id="graph")
        with Container(id="sparql"):
            yield self.editor
            with Vertical(id="answer"):
                yield Static(_IDLE, id="state", markup=False)
                yield self.table
                yield self._graph
        yield self.editor.names

    def on_mount(self) -> None:
        """Show the text of the last run, and learn in the background what can be completed."""
        self._graph.display = False
        self.table.marked = lambda row: bool(self.app.baskets.marked().intersection(self._keys(row)))
        self._clock = self.set_interval(0.1, self._tick, pause=True)
        self.editor.load_text(first_text() if self._text is None else self._text)
        self._learn()

    def on_unmount(self) -> None:
        """Stop what is under way."""
        if self._run:
            self._run.cancel()

    def show_session(self) -> None:
        """Learn the names of the other session; the answer stays until the query is asked again."""
        if self.is_mounted:
            self._learn()

    @work(thread=True, exclusive=True, group="learning")
    def _learn(self) -> None:
        session = self.session
        findings = frozenset(row.finding for row in session.findings())
        self._known = findings, frozenset(study.study for study in session.studies())
        found = make_completer(session)
        self.app.call_from_thread(self._learned, found)

    def _learned(self, completer: Completer) -> None:
        self.editor.completer = completer

    # What goes in and out.

    def open_text(self, text: str) -> None:
        """Show a query; Ctrl+Z brings the one before back."""
        text = without_header(text)
        self._title = ""
        if not self.is_mounted:
            self._text = text
            return
        self.editor.exchange(text)
        self.editor.focus()
        self._say(_IDLE)

    def memory(self) -> dict[str, object]:
        """Keep the text."""
        text = self.editor.text if self.is_mounted else self._text
        return {} if text is None else {"text": text}

    def recall(self, memory: Mapping[str, object]) -> None:
        """Take up the text."""
        text = memory.get("text")
        self._text = text if isinstance(text, str) and text.strip() else None

    def sheet(self) -> Sheet | None:
        """Return the answer as it is shown."""
        if self._answer is None:
            return None
        rows = self._answer.rows if self._answer.kind == GRAPH else self.table.rows
        return answer_sheet(self._answer, rows, self.session)

    def raw_formats(self) -> Mapping[str, Callable[[], bytes]]:
        """Return the formats of the W3C, which hold the whole answer."""
        return w3c_formats(self.session.reader, self._answer) if self._answer else {}

    def chosen(self) -> tuple[str, ...]:
        """Return the finding or study that the row under the cursor is about."""
        row = None if self._graph.display else self.table.row
        return self._keys(row) if row is not None else ()

    def _keys(self, row: tuple[str, ...]) -> tuple[str, ...]:
        return keys_of(self._answer.header, row, *self._known) if self._answer else ()

    # Asking.

    def action_run(self) -> None:
        """Ask the query."""
        if self._run:
            self.say("A query is under way. Esc stops it.")
            return
        self.editor.action_close()
        self._run = Run(self.session.reader, self.editor.text, limit=LIMIT)
        self._clock.resume()
        self._tick()
        self._ask(self._run, self.editor.text)

    @work(thread=True, group="asking")
    def _ask(self, run: Run, text: str) -> None:
        try:
            run.start()
            answer = read_answer(run.wait(SECONDS), text)
        except KnowledgeBaseError as error:
            self.app.call_from_thread(self._failed, run, error)
            return
        self.app.call_from_thread(self._answered, run, answer)
        try:
            remember(text, len(answer.rows), answer.seconds)
        except KnowledgeBaseError as error:
            self.app.call_from_thread(self.say, clean_text(str(error)))

    def _answered(self, run: Run, answer: Answer) -> None:
        if not self._ended(run):
            return
        self._answer = answer
        is_graph = answer.kind == GRAPH
        self._graph.display, self.table.display = is_graph, not is_graph
        if is_graph:
            self._graph.show(answer.turtle)
        else:
            self.table.show_result(answer.header, answer.rows, "The query fits nothing.")
        self._say_summary()

    def _failed(self, run: Run, error: KnowledgeBaseError) -> None:
        if not self._ended(run):
            return
        stopped = isinstance(error, QueryCancelledError)
        self._say(f"Stopped after {run.seconds:.1f} s." if stopped else str(error), wrong=not stopped)
        if isinstance(error, QueryError) and error.line:
            self.editor.go_to(error.line, error.column)

    def _ended(self, run: Run) -> bool:
        """Note that a query came to its end; say whether it is the one that is waited for."""
        if run is not self._run or not self.is_mounted:
            return False
        self._run = None
        self._clock.pause()
        return True

    def _tick(self) -> None:
        if self._run:
            self._say(f"Asking for {self._run.seconds:.1f} s. Esc stops it.")

    @on(RowTable.Chosen, "#rows")
    def _row_chosen(self) -> None:
        if self._answer and not self._run:
            self._say_summary()

    def _say_summary(self) -> None:
        if self._answer:
            seen = self.table.seen() if self._answer.kind != GRAPH else ""
            self._say(self._answer.summary() + (f" {seen}" if seen else ""))

    def _say(self, text: str, *, wrong: bool = False) -> None:
        state = self.query_one("#state", Static)
        state.set_class(wrong, "wrong")
        state.update(("✗ " if wrong else "") + clean_text(text))

    # Keys.

    def action_back(self) -> None:
        """Stop a query; else go from the editor to the answer, and from there to the editor."""
        if self._run:
            self._run.cancel()
        elif self.editor.has_focus:
            (self._graph if self._graph.display else self.table).focus()
        else:
            self.editor.focus()

    @on(MatchList.Picked)
    def _picked(self, event: MatchList.Picked) -> None:
        self.editor.take(event.number)

    @on(TextArea.Changed, "#query")
    def _changed(self) -> None:
        if self.query_one("#state", Static).has_class("wrong") and not self._run:
            self._say(_IDLE)

    @on(ResultTable.Opened)
    def _opened(self, event: ResultTable.Opened) -> None:
        from tui.screens.text import TextScreen

        if self._answer:
            self.app.push_screen(TextScreen("Row of the answer", whole_row(self._answer.header, event.row)))

    def action_queries(self) -> None:
        """List all queries to begin with."""
        from tui.screens.query_list import QueryListScreen

        self.app.push_screen(QueryListScreen(), self._begin)

    def _begin(self, listed: Listed | None) -> None:
        if listed is None:
            return
        title = listed.title if listed.origin == SAVED else ""

        def written(text: str | None) -> None:
            if text:
                self.open_text(text)
                self._title = title

        if not (listed.query and listed.query.parameters):
            written(listed.text)
            return
        from tui.screens.query_form import QueryFormScreen

        completer = self.editor.completer or make_completer(self.session)
        self.app.push_screen(QueryFormScreen(listed.query, self.session.vocabulary(), completer), written)

    @on(QueryEditor.Keep)
    def _save(self) -> None:
        from tui.screens.save_query import SaveQueryScreen

        def saved(title: str | None) -> None:
            if title:
                self._title = title
                self.say(f"Saved: {title}. Ctrl+L lists it.")

        self.app.push_screen(SaveQueryScreen(self.editor.text, self._title), saved)
