"""The first half page of a briefing, and what was studied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.briefing.fill import (
    bare,
    fill,
    in_bases,
    in_sentence,
    keys_of,
    limits,
    listing,
    named,
    number_of_findings,
    number_of_studies,
    studies,
    template,
    term,
)
from kb.briefing.material import by_label, parts_of, sorted_out
from kb.briefing.model import Items, Paragraph, Section
from kb.fields import MEASURE_STATUS
from kb.synthesis.model import counted_rows
from kb.synthesis.profile import LEVELS, data_years, number_of_countries
from kb.synthesis.rules import rules
from kb.vocabulary import CIRCLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.briefing.fill import Value
    from kb.briefing.material import Group, Material
    from kb.briefing.model import Sentence
    from kb.evidence import Row

#: The classes of what speaks against a policy, or shows nothing for it.
AGAINST = ("unfavourable", "null")
REFORM = CIRCLES[2]
_SEEN = MEASURE_STATUS[0]


def opening(material: Material) -> Section:
    """Return what a reader must know who reads no further."""
    words, direct = template()["head"], material.direct
    policy = term(in_sentence(material.policy.label), "policy")
    if not direct:
        return Section(words["title"], 1, (Paragraph((fill(words["none"], "absence", policy=policy),)),))
    bases = material.session.bases()
    held = fill(
        words["held_overall" if material.is_overall else "held"],
        studies=studies(direct),
        findings=number_of_findings(direct),
        policy=policy,
        groups=named(len(material.groups), "groups", keys_of(direct)),
        **in_bases(direct, bases),
    )
    first = [held]
    alone = [row for group in material.groups if group.block.everything.number == 1 for row in group.rows]
    if alone:
        number = sum(group.block.everything.number == 1 for group in material.groups)
        first.append(fill(words["single"], single=bare(number, "groups", keys_of(alone))))
    first.append(_seen(material, direct))
    pattern = template()["found"]["main_in"]
    groups = tuple(
        fill(
            pattern, group=term(group.label, "outcome"), studies=studies(group.rows),
            **in_bases(group.rows, bases), **split(group),
        )
        for group in material.groups[: limits()["head"]]
    )  # fmt: skip
    may = (fill(words["may"], "method"), fill(words["favourable"], "method"))
    may_not = (fill(words["may_not"], "method"), *_causal(material), levels(material, direct))
    return Section(
        words["title"],
        1,
        (
            Paragraph((*first, fill(words["lead"], "method"))),
            Items(groups),
            Paragraph((_against(material),)),
            Paragraph(may),
            Paragraph(may_not),
        ),
    )


def _seen(material: Material, rows: list[Row]) -> Sentence:
    """Return of how many studies somebody saw that they use MIPEX."""
    words = template()["head"]
    status = {row.study: study.measure_status for row in rows if (study := material.session.study(row.study))}
    seen = [row for row in rows if status.get(row.study) == _SEEN]
    inferred = [row for row in rows if status.get(row.study) != _SEEN]
    if not inferred:
        return fill(words["all_seen"], seen=number_of_studies(seen), studies=studies(rows))
    return fill(
        words["seen"], seen=number_of_studies(seen), studies=studies(rows), believed=number_of_studies(inferred)
    )


def _against(material: Material) -> Sentence:
    """Return in which groups of outcomes a study counts as unfavourable, or as one of no association."""
    words = template()["head"]
    lists: dict[str, Value] = {}
    for name in AGAINST:
        of = {
            group.label: rows
            for group in material.groups
            if (rows := [row for row in group.rows if row.finding in group.block.classes[name].findings])
        }
        lists[name] = listing(of, "outcome", limits()["listed"]) if of else words["against_none"]
    return fill(words["against"], "absence", **lists)


def split(group: Group) -> dict[str, Value]:
    """Return the number of studies of a group in each class."""
    return {name: bare(found.number, "studies", found.findings) for name, found in group.block.classes.items()}


def levels(material: Material, rows: Sequence[Row]) -> Sentence:
    """Return where the studies were read; each stands where the best read of its findings was read."""
    best = {
        key: min(
            LEVELS.index(row.source_level) if row.source_level in LEVELS else len(LEVELS)
            for row in rows
            if row.study == key
        )
        for key in {row.study for row in rows}
    }
    numbers: dict[str, Value] = {
        level: number_of_studies(row for row in rows if best[row.study] == place) for place, level in enumerate(LEVELS)
    }
    return fill(template()["head"]["level"], studies=studies(rows), **numbers)


def causal_rows(rows: Sequence[Row]) -> list[Row]:
    """Return the findings of studies whose design allows to say what happened after a change of policy."""
    allowed = set(rules().causal)
    return [row for row in rows if allowed.intersection(parts_of(row.design))]


def _causal(material: Material) -> tuple[Sentence, ...]:
    words = template()["head"]
    rows = causal_rows(material.direct)
    if rows:
        return (fill(words["causal"], studies=studies(rows)),)
    apart = causal_rows(sorted_out(material, material.others.get(REFORM, [])).direct)
    return (fill(words["no_causal_but" if apart else "no_causal"], "absence"),)


def studied(material: Material) -> Section:
    """Return the policy, and of its studies measures, countries, years, designs and data."""
    words, policy, direct = template()["studied"], material.policy, material.direct
    label = term(policy.label, "policy")
    sentences = [fill(words["policy"], "scheme", policy=label, definition=term(policy.definition, "policy"))]
    if not direct:
        return Section(words["title"], 1, (Items(tuple(sentences)),))
    sentences += _kinds(material, direct)
    return Section(words["title"], 1, (Paragraph((fill(words["intro"], "method"),)), Items(tuple(sentences))))


def _kinds(material: Material, direct: list[Row]) -> list[Sentence]:
    words, most = template()["studied"], limits()["listed"]
    below = by_label((row for row in direct if row.policy != material.policy.notation), lambda row: [row.policy_label])
    found = [fill(words["parts"], list=listing(below, "policy", most))] if below else []

    def concepts(kind: str, field: str) -> tuple[str, dict[str, list[Row]]]:
        def labels(row: Row) -> list[str]:
            values = parts_of(getattr(row, field))
            return [material.label(kind, value.replace(":", "-") if kind == "measure" else value) for value in values]

        return kind, by_label(direct, labels)

    def data(row: Row) -> list[str]:
        study = material.session.study(row.study)
        parts = parts_of(study.data) if study else []
        return [material.label("data", part.partition(":")[0].strip()) for part in parts]

    lists = [
        ("measures", *concepts("measure", "measure")),
        ("designs", *concepts("design", "design")),
        ("data", "data", by_label(direct, data)),
    ]
    for name, kind, values in lists:
        if values:
            found.append(fill(words[name], list=listing(values, kind, most)))
        if name == "measures":
            found += [countries(material, direct), years(material, direct)]
    return found


def countries(material: Material, rows: list[Row]) -> Sentence:
    """Return in how many countries the studies were made."""
    from statistics import median

    words = template()["studied"]
    known = {key: number for key, number in _countries(material, rows).items() if number is not None}
    if not known:
        return fill(words["no_countries"], studies=studies(rows))
    keys = counted_rows(row for row in rows if row.study in known).findings
    middle = median(known.values())
    return fill(
        words["countries"], studies=studies(rows), known=bare(len(known), "studies", keys),
        median=bare(int(middle), "median of countries", keys)._replace(text=f"{middle:g}", value=middle),
        low=bare(min(known.values()), "fewest countries", keys), high=bare(max(known.values()), "most countries", keys),
    )  # fmt: skip


def unknown_countries(material: Material, rows: list[Row]) -> list[Row]:
    """Return the findings of studies whose number of countries is not known."""
    numbers = _countries(material, rows)
    return [row for row in rows if numbers[row.study] is None]


def _countries(material: Material, rows: list[Row]) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for row in rows:
        study = material.session.study(row.study)
        words = material.behind.known.coverage.get(row.study, "")
        found[row.study] = number_of_countries(study, words) if study else None
    return found


def years(material: Material, rows: list[Row]) -> Sentence:
    """Return from when the data of the studies are."""
    words = template()["studied"]
    dated = [row for row in rows if years_of(material, row)]
    if not dated:
        return fill(words["no_years"], studies=studies(rows))
    every = [year for row in dated for year in years_of(material, row)]
    keys = keys_of(dated)
    return fill(
        words["years"], studies=studies(rows), known=number_of_studies(dated),
        low=bare(min(every), "first year", keys), high=bare(max(every), "last year", keys),
    )  # fmt: skip


def years_of(material: Material, row: Row) -> list[int]:
    """Return the first and the last year of the data behind a finding; none where they are not known."""
    study = material.session.study(row.study)
    return data_years(study) if study else []
