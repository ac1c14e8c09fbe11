"""How sure it is, what stands beside it, what is missing, and how the briefing was made."""

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
    names,
    number_of_findings,
    number_of_studies,
    pieces_of,
    resting_on,
    studies,
    template,
    term,
)
from kb.briefing.findings import groups_of, reviews
from kb.briefing.material import by_label, parts_of, sorted_out
from kb.briefing.model import Items, Number, Paragraph, Section
from kb.briefing.opening import causal_rows, unknown_countries, years_of
from kb.synthesis.profile import LEVELS
from kb.synthesis.rules import rules
from kb.vocabulary import CIRCLES

if TYPE_CHECKING:
    from kb.briefing.fill import Value
    from kb.briefing.material import Group, Material
    from kb.briefing.model import Block, Piece, Sentence
    from kb.evidence import Row

STATUS = CIRCLES[3]


def sure(material: Material) -> Section:
    """Return on what the counts rest, and apart from them what reviews say."""
    blocks: list[Block] = []
    if material.direct:
        blocks.append(Items(_grounds(material, material.direct)))
    return Section(template()["sure"]["title"], 1, (*blocks, *reviews(material)))


def _grounds(material: Material, rows: list[Row]) -> tuple[Sentence, ...]:
    words, known = template()["sure"], material.behind.known
    unknown = set(material.session.bases().unknown(row.study for row in rows))
    resting = [row for row in rows if row.study not in unknown]
    if resting:
        bases = in_bases(resting, material.session.bases())["bases"]
        first = fill(words["bases"], studies=studies(rows), known=number_of_studies(resting), bases=bases)
    else:
        first = fill(words["no_bases"], studies=studies(rows))
    sentences = [first]
    tests = [sentence for group in material.groups for sentence in _test(group)]
    sentences += tests or [fill(words["no_test"], "method", needed=term(str(rules().informative), "rule"))]
    causal = causal_rows(rows)
    if causal:
        labels = by_label(
            causal,
            lambda row: [material.label("design", d) for d in parts_of(row.design) if d in rules().causal],
        )
        sentences.append(fill(words["designs"], list=listing(labels, "design")))
    second_hand = [row for row in rows if row.source_level == LEVELS[-1]]
    told_elsewhere = bare(len(second_hand), "findings", keys_of(second_hand))
    sentences.append(fill(words["secondary"], secondary=told_elsewhere, findings=number_of_findings(rows)))
    related = _related(material, rows)
    if related:
        sentences.append(fill(words["related"], related=number_of_studies(related), studies=studies(rows)))
    verified = [row for row in rows if row.finding in known.verified]
    second = bare(len(verified), "findings", keys_of(verified))
    sentences.append(fill(words["verified"], verified=second, findings=number_of_findings(rows)))
    if known.coded_twice is not None:
        twice = number_of_studies(row for row in rows if row.study in (known.coded_twice or ()))
        sentences.append(fill(words["twice"], twice=twice, studies=studies(rows)))
    return (*sentences, fill(words["quality"], "absence"))


def _related(material: Material, rows: list[Row]) -> list[Row]:
    """Return the findings of studies that are recorded as related to another study of these findings."""
    from kb.studies import study_documents

    keys = {row.study for row in rows}
    tied: set[str] = set()
    for document in study_documents(material.session.reader, sorted(keys), findings=False):
        others = keys.intersection(parts_of(document.fields.get("related", ""))) - {document.key}
        tied |= {document.key, *others} if others else set()
    return [row for row in rows if row.study in tied]


def _test(group: Group) -> list[Sentence]:
    """Return the sign test of a group and its split with one count for each base; nothing where there is no test."""
    test, words = group.block.test, template()["sure"]
    if test is None:
        return []
    label = term(group.label, "outcome")
    p = f"{test.p:.4f}" if test.p >= 0.0001 else "below 0.0001"
    good = group.block.classes[rules().scales["appraisal"].good]
    tested = fill(
        words["test"],
        group=label,
        good=bare(test.good, "studies", good.findings),
        informative=bare(test.informative, "studies", test.findings),
        p=Number(p, test.p, "P", test.findings),
        confidence=term(f"{rules().confidence:.0%}", "rule"),
        low=Number(f"{test.low:.0%}", test.low, "low end", test.findings),
        high=Number(f"{test.high:.0%}", test.high, "high end", test.findings),
    )
    unknown = [row for row in group.rows if row.study in group.block.unknown.studies]
    left: Value = pieces_of(words["left"], studies=studies(unknown)) if unknown else ""
    split: dict[str, Value] = {
        name: bare(len(of.members), "bases", of.findings) for name, of in group.block.by_base.items()
    }
    return [tested, fill(words["split_bases"], group=label, left=left, **split)]


def circles(material: Material) -> Section:
    """Return what the collection holds beside the core circle and this policy, never mixed with it."""
    words, policy = template()["circles"], material.policy.notation
    sentences = [
        fill(
            words[circle], counts=_counts(material, rows), causal=_causal(material, circle, rows),
            command=command("circle", policy=policy, circle="all" if circle == "unknown" else circle),
        )
        for circle, rows in material.others.items()
    ]  # fmt: skip
    if not sentences:
        sentences.append(fill(words["no_circle"], "absence"))
    if material.beside:
        name = "areas" if material.is_overall else "overall"
        sentences.append(fill(words[name], studies=studies(material.beside)))
    intro = Paragraph((fill(words["intro"], "method"),))
    return Section(words["title"], 1, (intro, Items(tuple(sentences))))


def _counts(material: Material, rows: list[Row]) -> tuple[Piece, ...]:
    """Return how much another circle holds: direct findings of primary studies, and apart from them all else."""
    words, kinds = template()["circles"], sorted_out(material, rows)
    lists = [
        pieces_of(words[name], findings=number_of_findings(of), studies=studies(of, noun))
        for name, of, noun in (("links", kinds.moderators, "studies"), ("reviews", kinds.reviews, "reviews"))
        if of
    ]
    listed = tuple(piece for pieces in lists for piece in (", ", *pieces))[1:]
    return pieces_of(
        words["counts"], findings=number_of_findings(kinds.direct), studies=studies(kinds.direct),
        groups=groups_of(material, kinds.direct), apart=pieces_of(words["apart"], list=listed) if listed else "",
    )  # fmt: skip


def _causal(material: Material, circle: str, rows: list[Row]) -> Value:
    """Return how many studies allow to say what happened after a change; a status is no policy that changes."""
    causal = causal_rows(sorted_out(material, rows).direct)
    if circle == STATUS or not causal:
        return ""
    return pieces_of(template()["circles"]["causal"], studies=studies(causal))


def missing(material: Material) -> Section:
    """Return the gaps: groups without a study, what is not known of the studies, and that null results are kept."""
    words, direct = template()["missing"], material.direct
    gaps = names(material.empty, "outcome")
    sentences = [fill(words["groups"], "absence", list=gaps) if gaps else fill(words["groups_none"], "absence")]
    alone = {group.label: group.rows for group in material.groups if group.block.everything.number == 1}
    if alone:
        keys = keys_of(row for rows in alone.values() for row in rows)
        sentences.append(resting_on(keys, fill(words["single"], list=names(alone, "outcome"))))
    if direct:
        sentences += _unknown(material, direct)
    return Section(words["title"], 1, (Items(tuple(sentences)),))


def _unknown(material: Material, rows: list[Row]) -> list[Sentence]:
    words = template()["missing"]
    null = [row for row in rows if row.direction == "null"]
    if null:
        sentences = [fill(words["null"], findings=number_of_findings(null), studies=studies(null))]
    else:
        sentences = [fill(words["no_null"], "absence")]
    bases = set(material.session.bases().unknown(row.study for row in rows))
    lacking = {
        "names": [row for row in rows if not row.countries],
        "countries": unknown_countries(material, rows),
        "years": [row for row in rows if not years_of(material, row)],
        "data": [row for row in rows if row.study in bases],
        "edition": [row for row in rows if "mipex" in parts_of(row.measure)],
    }
    numbers: dict[str, Value] = {name: number_of_studies(of) for name, of in lacking.items()}
    sentences.append(fill(words["unknown"], studies=studies(rows), **numbers))
    unclear = [row for row in rows if row.direction == "unclear"]
    if unclear:
        sentences.append(fill(words["unclear"], unclear=number_of_findings(unclear)))
    printed = [row for row in rows if row.estimate]
    number = bare(len(printed), "findings", keys_of(printed))
    summed = {
        group.label: group.rows for group in material.groups if group.block.numbers and group.block.numbers.pooled
    }
    if not summed:
        return [*sentences, fill(words["size"], printed=number, findings=number_of_findings(rows))]
    line = command("synthesis", policy=material.policy.notation)
    listed = names(summed, "outcome")
    return [
        *sentences,
        fill(words["size_pooled"], printed=number, findings=number_of_findings(rows), list=listed, command=line),
    ]


def made(material: Material) -> Section:
    """Return how the briefing was made, and its limits."""
    words, notation = template()["made"], material.policy.notation
    version = term(material.session.version(), "version")
    first = [fill(words["command"], "record", command=command("brief", policy=notation), version=version)]
    if material.last_search:
        first.append(fill(words["search"], "record", search=term(material.last_search, "date")))
        first.append(fill(words["origin"], "record"))
    else:
        first.append(fill(words["no_search"], "record"))
    told = {
        name: term(str(limits()[of]), "rule")
        for name, of in (("groups", "groups"), ("all", "told"), ("findings", "findings"))
    }
    second = [
        fill(words["within"], "method", share=term(str(rules().share), "rule")),
        fill(words["told"], "method", **told),
        fill(words["statements"], "method"),
    ]
    third = Items(tuple(fill(sentence, "method") for sentence in words["limits"]))
    return Section(words["title"], 1, (Paragraph(tuple(first)), Paragraph(tuple(second)), third))
