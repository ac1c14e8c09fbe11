"""All keys, and the words and signs that the screen uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from kb.terminal import SIGNS
from tui.keys import all_keys, scopes

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.screen import Screen

_WORDS = (
    ("direction", "the sign of MORE INCLUSIVE policy with the outcome as it is named"),
    ("appraisal", "whether that is good news for integration: from the direction and the outcome"),
    ("core", "the policy is measured by MIPEX"),
    ("comparable", "another index of the same policies"),
    ("reform", "one law, reform or programme"),
    ("status", "the effect of holding a status, not of a policy"),
    ("read in", "where the coder read it: fulltext, abstract or secondary"),
    ("bases", "evidence bases: studies that share data are one; (41?): 41 studies of which the data are not known"),
    ("hidden", "findings on the same policies that filters and search leave out"),
    ("MIPEX", "in how many core studies its use was seen on a page, and in how many it is only believed"),
    ("[x] [-]", "a ticked filter; a folded one with a ticked filter below it"),
    ("plan", "what adding a file would do: nothing is written before w and a yes"),
)


class HelpScreen(ModalScreen[None]):
    """The keys, from the same list as the bindings."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1", "dismiss", "Close", key_display="Esc"),
    ]

    def __init__(self, below: Screen[Any] | None = None) -> None:
        """Show first what the keys do on the screen ``below``, where its focus is."""
        super().__init__()
        self._below = below

    def compose(self) -> ComposeResult:
        """Show one text."""
        with VerticalScroll(id="help"):
            yield Static(help_text(keys_here(self._below) if self._below else []), markup=False)


def keys_here(screen: Screen[Any]) -> list[tuple[str, str]]:
    """Return the keys that work on a screen where its focus is, and what they do; those of the focused part first."""
    found: dict[str, str] = {}
    for active in screen.active_bindings.values():
        if active.enabled and active.tooltip:
            found.setdefault(active.tooltip, active.binding.key_display or active.binding.key)
    return [(key, tooltip) for tooltip, key in found.items()]


def help_text(here: list[tuple[str, str]] | None = None) -> Text:
    """Return the help: the keys ``here``, all keys, words, signs."""
    text = Text("MIPEX evidence: keys", "bold")
    if here:
        text.append("\n\nHere", "bold")
        for shown, meaning in here:
            text.append(f"\n  {shown:<9}", "bold").append(meaning)
    for scope, title in scopes().items():
        text.append(f"\n\n{title}", "bold")
        for key in all_keys():
            if key.scope == scope:
                text.append(f"\n  {key.shown:<9}", "bold").append(key.help)
    text.append("\n\nWords", "bold")
    for word, meaning in _WORDS:
        text.append(f"\n  {word:<11}", "bold").append(meaning)
    text.append("\n\nSigns\n  ", "bold").append("   ".join(f"{sign} {name}" for name, sign in SIGNS.items()))
    return text.append("\n\nEsc closes this page.", "dim")
