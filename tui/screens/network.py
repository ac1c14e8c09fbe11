"""Networks: who shares data, writes together and works on the same topics; as a list, as a picture, as clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from kb.errors import KnowledgeBaseError
from kb.network.origin import choice_behind, network_of, query_behind
from kb.network.views import KINDS
from kb.sheet import Sheet
from kb.text import counted
from kb.vocabulary import CIRCLES
from tui.keys import bindings
from tui.network_rows import CLUSTER_COLUMNS, NODE_COLUMNS, entries
from tui.plain import plain
from tui.screens.work import WorkScreen
from tui.widgets.choice_bar import ChoiceBar
from tui.widgets.network_picture import NetworkPicture
from tui.widgets.node_detail import NodeDetail
from tui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from kb.network.layout import Place
    from kb.network.views import Network
    from kb.session import Session
    from tui.desk import Desk
    from tui.network_rows import Entry

_WIDE = 120  # columns from which list and picture stand side by side


class NetworkScreen(WorkScreen):
    """Choose a network, look at its nodes or clusters, and go to the findings behind."""

    CSS_PATH = "../styles/network.tcss"
    PLACE: ClassVar[str] = "network"
    AUTO_FOCUS: ClassVar[str] = "#nodes"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_WIDE, "-wide")]  # noqa: RUF012 - Textual declares it so
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("network"))

    def __init__(self, session: Session, desk: Desk) -> None:
        super().__init__(session, desk)
        self.kind = next(iter(KINDS))
        self.circle = CIRCLES[0]
        self._clustered = False
        self._pictured = False
        self._network: Network | None = None
        self._ready: dict[tuple[str, str], tuple[Network, dict[str, Place], str]] = {}

    def compose_work(self) -> ComposeResult:
        """Lay out the screen."""
        yield ChoiceBar(list(KINDS), self.kind, id="kinds")
        yield Static(id="network-summary", markup=False)
        yield Input(placeholder="Search the names (press /)", id="network-search")
        with Horizontal():
            with Vertical(id="network-list"):
                empty = "Nothing fits. Esc clears the search, c shows another circle."
                yield RowTable(NODE_COLUMNS, lambda entry: entry.key, empty, id="nodes")
                yield RowTable(CLUSTER_COLUMNS, lambda entry: entry.key, empty, id="clusters")
                yield NodeDetail()
            yield NetworkPicture()

    def on_mount(self) -> None:
        """Make the first network."""
        for table in self.query(RowTable):
            table.marked = self._is_marked
        self._arrange()
        self._look()

    def _is_marked(self, entry: Entry) -> bool:
        studies = entry.studies
        return bool(studies) and self.app.baskets.marked().issuperset(studies)

    @property
    def table(self) -> RowTable[Entry]:
        """The table in sight: of nodes or of clusters."""
        return self.query_one("#clusters" if self._clustered else "#nodes", RowTable)

    # Making a network.

    def show_session(self) -> None:
        """Make the network anew from another state of the collection."""
        self._ready.clear()
        if self.is_mounted:
            self._look()

    def _look(self) -> None:
        """Show the chosen network, once it is made."""
        bar = self.query_one(ChoiceBar)
        bar.chosen = self.kind
        bar.told = f"circle {self.circle or 'all'} "
        if found := self._ready.get((self.kind, self.circle)):
            self.workers.cancel_group(self, "network")
            self._show(*found)
            return
        self._show(None, {}, "")
        self.query_one("#network-summary", Static).update(f"Working: {KINDS[self.kind]} … Esc stops.")
        self._make(self.session, self.kind, self.circle)

    @work(thread=True, exclusive=True, group="network")
    def _make(self, session: Session, kind: str, circle: str) -> None:
        from kb.network.layout import layout

        worker = get_current_worker()
        try:
            network, bases, unknown = network_of(session, kind, circle)
        except KnowledgeBaseError as error:
            if not worker.is_cancelled:
                self.app.call_from_thread(self._refused, str(error))
            return
        told = ""
        if kind == "data":
            told = f"{counted(bases, 'evidence base')}, {counted(unknown, 'study', 'studies')} of unknown data. "
        places = layout(network, 1.0 if self.size.width >= _WIDE else 2.0)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._made, session, (kind, circle), (network, places, told))

    def _made(self, session: Session, wanted: tuple[str, str], made: tuple[Network, dict[str, Place], str]) -> None:
        if session is self.session:
            self._ready[wanted] = made
            if wanted == (self.kind, self.circle):
                self._look()

    def _refused(self, why: str) -> None:
        self.query_one("#network-summary", Static).update(plain(why))

    def _show(self, network: Network | None, places: dict[str, Place], told: str) -> None:
        self._network = network
        self.query_one(NetworkPicture).show(network, places)
        if network:
            self.query_one("#network-summary", Static).update(plain(f"{network.summary()} {told}{network.note()}"))
        self._fill()

    def _fill(self) -> None:
        """Show the nodes or clusters in which the words stand that are searched for."""
        words = self.query_one("#network-search", Input).value
        self.table.show(entries(self._network, words, clustered=self._clustered) if self._network else [])

    # What the screen tells of itself.

    def sheet(self) -> Sheet | None:
        """Return the nodes or clusters shown, in their order, with the columns shown."""
        table = self.table
        if not self._network:
            return None
        nodes_are_studies = not self._clustered and self.kind in ("data", "questions")
        return Sheet(
            f"Network of {self.kind}",
            tuple(column.title for column in table.columns),
            [tuple(column.cell(row) for column in table.columns) for row in table.rows],
            tuple(sorted({study for row in table.rows for study in row.studies})),
            f"{self._network.summary()} {self._network.note()}",
            query_behind(self.kind, self.circle),
            tuple(row.key for row in table.rows) if nodes_are_studies else (),
        )

    def raw_formats(self) -> Mapping[str, Callable[[], bytes]]:
        """Return the whole network for Gephi, as a picture and with its ties."""
        network = self._network
        if network is None:
            return {}
        return {name: lambda form=name: _written(form, network) for name in ("graphml", "gexf", "svg")}  # type: ignore[misc]

    def chosen(self) -> tuple[str, ...]:
        """Return the studies behind the row under the cursor."""
        return self.table.row.studies if self.table.row else ()

    def memory(self) -> dict[str, object]:
        """Return which network is shown and how."""
        return {"kind": self.kind, "circle": self.circle, "clusters": self._clustered, "picture": self._pictured}

    def recall(self, memory: Mapping[str, object]) -> None:
        """Show it again."""
        kind, circle = memory.get("kind"), memory.get("circle")
        self.kind = kind if isinstance(kind, str) and kind in KINDS else self.kind
        self.circle = circle if isinstance(circle, str) and circle in (*CIRCLES, "") else self.circle
        self._clustered = memory.get("clusters") is True
        self._pictured = memory.get("picture") is True

    # What is chosen by hand.

    @on(RowTable.Chosen)
    def _row_chosen(self, event: RowTable.Chosen) -> None:
        if event.table is self.table:
            nodes = event.row.nodes if event.row else ()
            self.query_one(NodeDetail).show(self._network, nodes)
            self.query_one(NetworkPicture).choose([node.key for node in nodes])

    @on(NetworkPicture.Picked)
    def _node_picked(self, event: NetworkPicture.Picked) -> None:
        """Put the cursor of the list on a node, after the search that hides it is cleared; or on its cluster."""
        for _ in range(2):
            for number, entry in enumerate(self.table.rows):
                if any(node.key == event.key for node in entry.nodes):
                    self.table.cursor = number
                    return
            with self.prevent(Input.Changed):
                self.query_one("#network-search", Input).value = ""
            self._fill()

    @on(ChoiceBar.Picked)
    def _kind_picked(self, event: ChoiceBar.Picked) -> None:
        self.kind = event.name
        self._look()

    @on(Input.Changed, "#network-search")
    def _search_changed(self) -> None:
        self._fill()

    @on(Input.Submitted, "#network-search")
    def _search_submitted(self) -> None:
        self._focus()

    def action_kind(self, step: int) -> None:
        """Show the next network, or the one before."""
        kinds = list(KINDS)
        self.kind = kinds[(kinds.index(self.kind) + step) % len(kinds)]
        self._look()

    def action_circle(self) -> None:
        """Show the studies of the next circle."""
        circles = (*CIRCLES, "")
        self.circle = circles[(circles.index(self.circle) + 1) % len(circles)]
        self._look()

    def action_clusters(self) -> None:
        """List clusters, or nodes again."""
        self._clustered = not self._clustered
        self._arrange()
        self._fill()

    def action_view(self) -> None:
        """Show the picture, or the list again."""
        self._pictured = not self._pictured
        self._arrange()

    def _arrange(self) -> None:
        self.set_class(self._pictured, "-pictured")
        self.set_class(self._clustered, "-clustered")
        self._focus()

    def _focus(self) -> None:
        target = self.query_one(NetworkPicture) if self._pictured else self.table
        self.call_after_refresh(target.focus)

    def action_search(self) -> None:
        """Go to the search."""
        self.query_one("#network-search", Input).focus()

    def action_detail(self) -> None:
        """Go to the row's detail below."""
        self.query_one(NodeDetail).focus()

    def action_back(self) -> None:
        """Stop the work under way; leave the search or the detail; clear the search; go back to the list."""
        search = self.query_one("#network-search", Input)
        if self._network is None and any(worker.group == "network" for worker in self.workers):
            self.workers.cancel_group(self, "network")
            self._refused("Stopped. Choose a network with n, or another circle with c.")
        elif self.focused is search or isinstance(self.focused, NodeDetail):
            self._focus()
        elif search.value:
            search.value = ""
        elif self._pictured:
            self.action_view()

    def action_findings(self) -> None:
        """Show the findings behind the row in the evidence."""
        entry = self.table.row
        if entry is None:
            return
        choice = choice_behind(self.session, self.kind, self.circle, entry.nodes)
        if self.session.select(choice):
            self.app.show_evidence(choice)
        else:
            self.say("No finding of it is coded yet.")


def _written(form: str, network: Network) -> bytes:
    from kb.network.files import render_network

    made = render_network(form, network)
    return made if isinstance(made, bytes) else made.encode()
