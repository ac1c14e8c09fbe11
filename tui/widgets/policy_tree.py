"""The policies with their numbers of findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.widgets import Tree

from kb.facets import EVERYTHING, POLICY

if TYPE_CHECKING:
    from collections import Counter

    from rich.style import Style
    from textual.widgets.tree import TreeNode

    from kb.session import Session
    from kb.vocabulary import Concept


class PolicyTree(Tree[str]):
    """All policies at the root, areas below it, what lies below an area one level further; counts include it."""

    def __init__(self) -> None:
        super().__init__(Text("All policies"), data="")
        self._session: Session | None = None
        self.show_guides = False
        self.guide_depth = 2

    def fill(self, session: Session) -> None:
        """Build the tree; policies below an area come in only where they have findings."""
        self._session = session
        counts = session.index.counts(EVERYTHING, POLICY)
        self.clear()
        for concept in session.vocabulary().tops("policy"):
            if counts[concept.notation] or concept.level in ("overall", "area"):
                self._add(self.root, concept, counts)
        self.update_counts(counts)
        self.root.expand()

    def _add(self, parent: TreeNode[str], concept: Concept, counts: Counter[str]) -> None:
        assert self._session is not None
        words = self._session.vocabulary()
        below = [c for c in words.narrower("policy", concept.notation) if counts[c.notation]]
        node = parent.add(Text(concept.label), data=concept.notation, allow_expand=bool(below))
        for narrower in below:
            self._add(node, narrower, counts)

    def render_label(self, node: TreeNode[str], base_style: Style, style: Style) -> Text:
        """Return the label of a policy, cut to the width of the tree; a cut is marked."""
        label = super().render_label(node, base_style, style)
        depth, above = 0, node.parent
        while above:
            depth, above = depth + 1, above.parent
        label.truncate(max(self.size.width - depth * self.guide_depth, 1), overflow="ellipsis")
        return label

    def select(self, policy: str) -> None:
        """Put the cursor on a policy, on the root where it is not in the tree."""
        queue = [self.root]
        while queue:
            node = queue.pop()
            if (node.data or "") == policy:
                self._into_sight(node)
                self.move_cursor(node)
                return
            queue += node.children
        self.move_cursor(self.root)

    def _into_sight(self, node: TreeNode[str]) -> None:
        """Unfold what lies above a node; asking for a line lays the tree out anew, so that the node has its place."""
        above = node.parent
        while above:
            above.expand()
            above = above.parent
        self.get_node_at_line(0)

    def update_counts(self, counts: Counter[str]) -> None:
        """Show other numbers."""
        queue = [self.root]
        while queue:
            node = queue.pop()
            notation = node.data or ""
            number = counts[notation]
            name = self._session.label("policy", notation) if self._session and notation else "All policies"
            style = "" if number else "dim"
            indent = "" if node.allow_expand else "  "
            node.set_label(Text.assemble(indent, (f"{number:>3} ", "bold" if number else "dim"), (name, style)))
            queue += node.children
