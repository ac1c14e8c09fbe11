"""From the collection to a network and back: what it is made from, and the findings behind its nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.facets import CIRCLE, Choice
from kb.network.views import CONCEPTS
from kb.vocabulary import CIRCLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kb.evidence import Row
    from kb.network.views import Network, Node
    from kb.session import Session
    from kb.tables import StudyRow


class Made(NamedTuple):
    """A network, and the number of evidence bases and of studies of unknown data among its studies."""

    network: Network
    bases: int
    unknown: int


def network_of(session: Session, kind: str, circle: str = "") -> Made:
    """Make a network of the studies and findings of one circle, of all without one.

    Raises:
        UsageError: there is no such network, or it has too many ties.
    """
    from kb.network.build import build_network

    findings = session.select(of_circle(circle))
    studies = studies_of(session.studies(), findings, [circle] if circle else [])
    network = build_network(kind, studies, findings, session.vocabulary(), session.bases())
    return Made(network, *session.bases().count(study.study for study in studies))


def of_circle(circle: str) -> Choice:
    """Return the choice of all findings of a circle, of all circles without one."""
    return Choice(picked=((CIRCLE, circle),) if circle else ())


def choice_behind(session: Session, kind: str, circle: str, nodes: Sequence[Node]) -> Choice:
    """Return the choice of the findings behind nodes: those of their studies.

    Of policies and outcomes they are those on them as coded; of several topics, those on two of them.
    """
    choice = of_circle(circle)
    if kind not in CONCEPTS:
        return choice._replace(studies=tuple(sorted({study for node in nodes for study in node.studies})))
    keys = {node.key for node in nodes}
    matched = all if kind == "topics" and len(nodes) > 1 else any
    ends = ((row.finding, (f"policy:{row.policy}", f"outcome:{row.outcome}")) for row in session.select(choice))
    return choice._replace(findings=tuple(key for key, pair in ends if matched(end in keys for end in pair)))


def studies_of(studies: Iterable[StudyRow], findings: Iterable[Row], circles: Sequence[str]) -> list[StudyRow]:
    """Return the studies of circles, and those that ``findings`` (of these circles) come from; all without circles."""
    if not circles:
        return list(studies)
    keys = {row.study for row in findings}
    return [study for study in studies if study.study in keys or study.circle in circles]


def query_behind(kind: str, circle: str = "") -> str:
    """Return the SPARQL that gives what a network of one circle (all without one) is made of.

    Networks of concepts and of questions are made of findings, the others of studies with authors and data.
    """
    from kb.named_queries import named_query

    name = "findings" if kind in (*CONCEPTS, "questions") else "network"
    return named_query(name).text({"circle": [circle] if circle in CIRCLES else []})
