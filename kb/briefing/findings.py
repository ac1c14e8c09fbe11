"""What was found, group of outcomes by group, and for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.briefing.fill import (
    bare,
    command,
    fill,
    in_bases,
    keys_of,
    limits,
    listing,
    named,
    number_of_findings,
    studies,
    template,
    term,
)
from kb.briefing.material import by_label, parts_of
from kb.briefing.model import Items, Number, Paragraph, Section, Table, TableRow
from kb.briefing.opening import AGAINST, split
from kb.briefing.telling import chosen, first_of, told
from kb.synthesis.rules import DIRECTION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.briefing.material import Group, Material
    from kb.briefing.model import Block, Sentence
    from kb.evidence import Row


def found(material: Material) -> Iterator[Section]:
    """Yield what was found: the groups with most studies finding by finding, the others in a table."""
    words = template()["found"]
    if not material.groups:
        return
    yield Section(words["title"], 1, (Paragraph((fill(words["intro"], "method"),)),))
    told_groups = _told_groups(material)
    for group in told_groups:
        yield _group(material, group)
    rest = material.groups[len(told_groups) :]
    if rest:
        yield _table(material, rest)


def _told_groups(material: Material) -> list[Group]:
    """Return the groups that are told finding by finding: the first ones, as long as there is room."""
    room = limits()["told"]
    picked: list[Group] = []
    for group in material.groups[: limits()["groups"]]:
        room -= len(chosen(material, group.rows, limits()["findings"]))
        if room < 0 and picked:
            break
        picked.append(group)
    return picked


def _group(material: Material, group: Group) -> Section:
    words = template()["found"]
    main = fill(
        words["main"], studies=studies(group.rows), findings=number_of_findings(group.rows),
        **in_bases(group.rows, material.session.bases()), **split(group),
    )  # fmt: skip
    rows = chosen(material, group.rows, limits()["findings"])
    line = command("group", policy=material.policy.notation, outcome=group.notation)
    blocks: list[Block] = [Paragraph((main,)), Items(tuple(told(material, row, _class_in(group, row)) for row in rows))]
    blocks += _more(words["more"], group.rows, rows, line.text)
    return Section(term(group.label, "outcome").text, 2, tuple(blocks))


def _class_in(group: Group, row: Row) -> str:
    """Return how the study of a finding counts in a group."""
    return next(name for name, counted in group.block.classes.items() if row.study in counted.studies)


def _more(pattern: str, rows: list[Row], shown: list[Row], line: str) -> list[Block]:
    """Return a sentence on the findings that are not told, if there are any."""
    left = [row for row in rows if row not in shown]
    if not left:
        return []
    return [Paragraph((fill(pattern, findings=number_of_findings(left), command=term(line, "command")),))]


def _table(material: Material, groups: list[Group]) -> Section:
    words = template()["found"]
    rows = [row for group in groups for row in group.rows]
    before = fill(
        words["table"], groups=bare(len(groups), "groups", keys_of(rows)),
        command=command("synthesis", policy=material.policy.notation),
    )  # fmt: skip
    lines = tuple(
        TableRow(
            term(group.label, "outcome"),
            (
                bare(group.block.everything.number, "studies", group.block.everything.findings),
                *(value for value in split(group).values() if isinstance(value, Number)),
            ),
        )
        for group in groups
    )
    blocks: list[Block] = [Paragraph((before,)), Table(tuple(words["header"]), lines)]
    told_here = _told_of_table(material, groups)
    if told_here:
        items = Items(tuple(told(material, row, _class_in(group, row)) for group, row in told_here))
        blocks += [Paragraph((fill(words["against"], "method"),)), items]
    return Section(words["rest"], 2, tuple(blocks))


def _told_of_table(material: Material, groups: list[Group]) -> list[tuple[Group, Row]]:
    """Return the findings told of groups that are only counted: those against the policy, and of no association."""
    found: list[tuple[Group, Row]] = []
    for name in AGAINST:
        group_of_key = {key: group for group in groups for key in group.block.classes[name].findings}
        rows = [row for group in groups for row in group.rows if row.finding in group_of_key]
        found += [(group_of_key[row.finding], row) for row in first_of(material, rows, name, limits()["table"])]
    return found


def whom(material: Material) -> Section:
    """Return about whom the findings are, and apart from them the findings on relations of two other things."""
    words = template()["whom"]
    blocks: list[Block] = []
    if material.direct:
        blocks.append(Items(_populations(material)))
    rows = material.moderators
    if not rows:
        blocks.append(Paragraph((fill(words["moderators_none"], "absence"),)))
        return Section(words["title"], 1, tuple(blocks))
    shown = _told_moderators(material)
    intro = fill(words["moderators"], findings=number_of_findings(rows), studies=studies(rows))
    blocks += [Paragraph((intro,)), Items(tuple(told(material, row) for row in shown))]
    line = command("moderators", policy=material.policy.notation).text
    blocks += _more(words["moderators_more"], rows, shown, line)
    return Section(words["title"], 1, tuple(blocks))


def _populations(material: Material) -> tuple[Sentence, ...]:
    words, most = template()["whom"], limits()["whom"]

    def labels(row: Row) -> list[str]:
        return [material.label("population", value) for value in parts_of(row.population)]

    about = by_label(material.direct, labels)
    order = sorted(about, key=lambda label: (-len({row.study for row in about[label]}), label))
    sentences = [
        fill(
            words["population"], population=term(label, "population"), studies=studies(about[label]),
            findings=number_of_findings(about[label]),
            list=listing(by_label(about[label], lambda row: [material.group(row)]), "outcome", limits()["listed"]),
        )
        for label in order[:most]
    ]  # fmt: skip
    rest = {label: about[label] for label in order[most:]}
    if rest:
        rows = [row for found in rest.values() for row in found]
        sentences.append(
            fill(words["more"], studies=studies(rows), list=listing(rest, "population", limits()["listed"]))
        )
    return tuple(sentences)


def reviews(material: Material) -> list[Block]:
    """Return what reviews say, apart from the studies that they review."""
    words, rows = template()["sure"], material.reviews
    if not rows:
        return [Paragraph((fill(words["no_reviews"], "absence"),))]
    shown = chosen(material, rows, limits()["reviews"])
    number = studies(rows, "reviews")
    intro = fill(words["reviews"], findings=number_of_findings(rows), studies=number)
    line = command("reviews", policy=material.policy.notation).text
    blocks: list[Block] = [Paragraph((intro,)), Items(tuple(told(material, row) for row in shown))]
    return blocks + _more(words["reviews_more"], rows, shown, line)


def told_rows(material: Material) -> list[Row]:
    """Return all findings that are told one by one."""
    groups = _told_groups(material)
    rows = [row for group in groups for row in chosen(material, group.rows, limits()["findings"])]
    rows += [row for _, row in _told_of_table(material, material.groups[len(groups) :])]
    return [*rows, *_told_moderators(material), *chosen(material, material.reviews, limits()["reviews"])]


def _told_moderators(material: Material) -> list[Row]:
    return chosen(material, material.moderators, limits()["moderators"], DIRECTION)


def groups_of(material: Material, rows: list[Row]) -> Number:
    """Return how many groups of outcomes findings are on, with the noun."""
    return named(len({material.group(row) for row in rows}), "groups", keys_of(rows))
