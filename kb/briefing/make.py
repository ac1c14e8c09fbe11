"""A briefing put together from its sections, with its references."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.briefing import closing, findings, opening
from kb.briefing.fill import command, fill, number_of_studies, studies, template, term
from kb.briefing.material import gather
from kb.briefing.model import Document, Reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.briefing.material import Material
    from kb.briefing.model import Section, Sentence
    from kb.session import Session


def brief(session: Session, policy: str, style: str = "apa") -> Document:
    """Return the briefing on a policy; ``style`` is that of its references.

    Raises:
        UnknownConceptError: no policy is called so; the message suggests.
        CitationStyleError: there is no such style, or its file cannot be read.
        MissingExtraError: there are numbers to sum up, and the library for it is not installed.
    """
    from kb.citations import citation_style

    citation_style(style)
    material = gather(session, policy)
    words = template()
    sections = tuple(_sections(material))
    references, intro = _references(material, style)
    title = words["title"].format(policy=term(material.policy.label, "policy").text)
    return Document(
        title, words["subtitle"], words["read"], sections, references, (words["references"]["title"], intro),
        (words["notes"]["title"], words["notes"]["intro"]),
    )  # fmt: skip


def _sections(material: Material) -> Iterator[Section]:
    yield opening.opening(material)
    yield opening.studied(material)
    yield from findings.found(material)
    yield findings.whom(material)
    yield closing.sure(material)
    yield closing.circles(material)
    yield closing.missing(material)
    yield closing.made(material)


def _references(material: Material, style: str) -> tuple[tuple[Reference, ...], Sentence | None]:
    from kb.citations import reading_list

    rows = findings.told_rows(material)
    if not rows:
        return (), None
    documents = material.session.documents(dict.fromkeys(row.study for row in rows))
    texts = zip(reading_list(documents, style), reading_list(documents, style, markdown=True), strict=True)
    told = {row.study for row in rows}
    everything = [*material.direct, *material.moderators, *material.reviews]
    intro = fill(
        template()["references"]["intro"], number=number_of_studies(row for row in everything if row.study in told),
        studies=studies(everything), command=command("studies", policy=material.policy.notation),
    )  # fmt: skip
    return tuple(Reference(text, marked) for text, marked in texts), intro
