"""What a session answers between two keys: the map, the search and the completion, over many studies."""

from __future__ import annotations

import time
from contextlib import closing
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.measure import Limit
from kb.collection import bundled
from kb.completion import Completer
from kb.dimensions import dimension
from kb.facets import EVERYTHING
from kb.finding_index import FindingIndex
from kb.gap_map import Mapper
from kb.session import make_session
from kb.study_search import StudyIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_QUERIES = ("naturalisation policy and political participation", "trust immigrants", "citizenship ziller 2014")


def session_limits() -> Iterator[Limit]:
    """Take a map of 24 bundled collections, each letter of three searches in 3, and a completion in 10,000 studies."""
    with closing(make_session(bundled())) as session:
        words, studies, findings = session.vocabulary(), session.studies(), session.findings()
    many = [row._replace(finding=f"{n}-{row.finding}", study=f"{n}-{row.study}") for n in range(24) for row in findings]
    maker = Mapper(FindingIndex(many, [], words), words)
    outcome, policy = dimension("outcome"), dimension("policy")
    taken = [_seconds(lambda: maker.make(EVERYTHING, outcome, policy)) for _ in range(9)]
    yield Limit(f"map of {len(many):,} findings", median(taken), 0.03)
    more = [row._replace(study=f"{row.study}{n}") for n in range(3) for row in studies]
    index = StudyIndex(more, [row._replace(study=f"{row.study}{n}") for n in range(3) for row in findings], words)
    starts = [query[:end] for query in _QUERIES for end in range(1, len(query) + 1)]
    taken = [_seconds(lambda start=start: index.search(start)) for start in starts]  # type: ignore[misc]
    yield Limit(f"a letter of a search in {len(more):,} studies", median(taken), 0.016)
    keys = {"study": [(f"made{number}up", f"A title about trust and number {number}") for number in range(10_000)]}
    completer, text = Completer(words, [], keys), "SELECT * { study:number"
    taken = [_seconds(lambda: completer.at(text, len(text))) for _ in range(9)]
    yield Limit("completion of a key among 10,000 studies", median(taken), 0.05)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
