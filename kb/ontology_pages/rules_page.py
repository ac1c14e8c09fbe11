"""The page of the rules: one table for whatever the rules are about, a row for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.ontology_pages.markup import join, link, table, tag
from kb.ontology_pages.page import page, words

if TYPE_CHECKING:
    from kb.ontology_pages.markup import Html
    from kb.ontology_pages.rules import Rule


def rules_page(rules: list[Rule]) -> str:
    """Return the page."""
    said = words()["rules"]
    by_target: dict[tuple[str, ...], list[Rule]] = {}
    for rule in rules:
        by_target.setdefault(rule.targets, []).append(rule)
    tables = [
        table(
            said["caption"].format(targets=", ".join(targets) or said["several"]), said["heads"],
            [_row(rule) for rule in found], [rule.name for rule in found],
        )
        for targets, found in sorted(by_target.items(), key=lambda pair: _place(pair[0]))
    ]  # fmt: skip
    return page(said["title"], join(tag("p", said["intro"]), *tables, by="\n"))


def _place(targets: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    order = words()["rules"]["order"]
    return min((order.index(target) for target in targets if target in order), default=len(order)), targets


def _row(rule: Rule) -> list[str]:
    said = words()["rules"]
    about = join(*(_term(name) for name in rule.about), by=", ")
    weight = said["gap"] if rule.warning else said["error"]
    field = tag("code", rule.field) if rule.field else ""
    return [tag("code", rule.name), about, field, rule.message, weight, tag("code", rule.asks)]


def _term(name: str) -> Html:
    own = name.startswith("ev:")
    return link(f"evidence.html#{name.removeprefix('ev:')}", name) if own else tag("code", name)
