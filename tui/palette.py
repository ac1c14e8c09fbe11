"""The command palette: every key of the screen and of its parts, by what it does."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.widget import Widget

from tui.plain import plain

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

    from textual.dom import DOMNode


class Command(NamedTuple):
    """Something that can be done: what it is called, what it does, its key, and where it is done."""

    label: str
    help: str
    key: str
    action: str
    node: DOMNode


class ScreenCommands(Provider):
    """What can be done on the screen that was in front when the palette was opened."""

    def commands(self) -> Iterator[Command]:
        """Yield all commands, those of the focused part first, each once."""
        seen: set[tuple[str, str]] = set()
        parts = [widget for widget in self.screen.query(Widget) if widget.can_focus and widget.display]
        for node in [*(self.screen._modal_binding_chain), *((part, part._bindings) for part in parts)]:
            owner, found = node
            for bindings in found.key_to_bindings.values():
                for binding in bindings:
                    key = (binding.action, binding.description)
                    if not binding.tooltip or key in seen:
                        continue
                    if self.app._check_action_state(binding.action, owner) is not False:
                        seen.add(key)
                        shown = binding.key_display or binding.key
                        yield Command(binding.description, binding.tooltip, shown, binding.action, owner)

    async def discover(self) -> Hits:
        """Yield everything, as nothing was typed yet."""
        for command in self.commands():
            yield DiscoveryHit(_title(command), self._run(command), command.label, command.help)

    async def search(self, query: str) -> Hits:
        """Yield what fits the letters typed."""
        matcher = self.matcher(query)
        for command in self.commands():
            title = _title(command)
            if (score := max(matcher.match(title), matcher.match(command.help) * 0.8)) > 0:
                yield Hit(score, plain(title), self._run(command), command.label, command.help)

    def _run(self, command: Command) -> partial[Coroutine[Any, Any, bool]]:
        return partial(self.app.run_action, command.action, command.node)


def _title(command: Command) -> str:
    return f"{command.label} ({command.key})"
