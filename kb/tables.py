"""All findings and studies as two tables in a file beside the store, so that sessions open at once at any size.

The file belongs to one generation. Where it is missing it is made from that of the generation before: only studies
whose files changed since are asked for.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from kb.collecting import without_collecting
from kb.evidence import Question, Row, findings_for
from kb.named_queries import named_query

if TYPE_CHECKING:
    from pathlib import Path

    from kb.manifest import Manifest
    from kb.store import Reader
    from kb.vocabulary import Vocabulary

#: In the format of compiled modules, which is read five times as fast as JSON and is good for one version of Python.
FILE = f"tables.{sys.implementation.cache_tag}"
#: The table of the generation before, which a build links into the new one.
BEFORE = f"tables-before.{sys.implementation.cache_tag}"
_NOTHING: dict[str, Any] = {"digests": {}, "studies": [], "findings": [], "version": "", "history": []}
_STEPS = 20  # of the history
_FEW = 50  # keys: so few are asked for by name in any case


class StudyRow(NamedTuple):
    """One study as a flat row of texts; what is not known is empty. ``data`` is as coded, such as "ess:2-5; evs"."""

    study: str
    type: str
    authors: str
    year: str
    title: str
    container: str
    doi: str
    circle: str
    measure: str
    measure_status: str
    design: str
    data: str
    countries: str
    period: str
    n: str
    bib_status: str


class Tables(NamedTuple):
    """The studies by key, the findings in the order of the findings query, and the version of the data.

    ``history``: earlier versions, the latest last, each with the keys that were changed or gone after it.
    """

    studies: list[StudyRow]
    findings: list[Row]
    version: str
    history: list[tuple[str, list[str]]] = []  # noqa: RUF012 - never changed


def known_tables(generation: Path) -> Tables | None:
    """Return the tables of a generation, none where they were not made yet or are damaged."""
    found = _load(generation / FILE)
    if found is None:
        return None
    with without_collecting():
        studies, findings = map(StudyRow._make, found["studies"]), map(Row._make, found["findings"])
        return Tables(list(studies), list(findings), found["version"], found["history"])


def make_tables(reader: Reader) -> Tables:
    """Return the tables of the store, after making and keeping them where they are missing."""
    with without_collecting():
        return known_tables(reader.folder) or _make(reader)


def _make(reader: Reader) -> Tables:
    from kb.manifest import read_manifest

    manifest = read_manifest(reader.folder)
    now = manifest.digests() if manifest else {}
    before = _load(reader.folder / BEFORE) or _NOTHING
    changed, kept = _keys(manifest, now, before["digests"]) if manifest else (None, set())
    studies = [StudyRow._make(row) for row in before["studies"] if row[0] in kept]
    anew = _study_rows(reader, changed)
    findings = [row for row in map(Row._make, before["findings"]) if row.study in kept]
    findings += _findings(reader, None if changed is None else [row.study for row in anew])
    history = []
    if changed is not None and before is not _NOTHING:
        others = {row[0] for row in before["studies"]} - kept
        history = [*before["history"][-_STEPS:], (before["version"], sorted(others.union(row.study for row in anew)))]
    tables = _sorted(studies + anew, findings, reader.vocabulary("policy"))
    tables = tables._replace(version=reader.version(), history=history)
    _save(reader.folder, {"digests": now, **tables._asdict()})
    return tables


def write_tables(generation: Path, studies: list[StudyRow], findings: list[Row], words: Vocabulary) -> None:
    """Write the tables of a generation whose manifest is there, from the rows of all that is in its store."""
    from kb.manifest import read_manifest, version_of

    manifest = read_manifest(generation)
    now = manifest.digests() if manifest else {}
    tables = _sorted(studies, findings, words)._replace(version=version_of(now))
    _save(generation, {"digests": now, **tables._asdict()})


def _sorted(studies: list[StudyRow], findings: list[Row], words: Vocabulary) -> Tables:
    order = {concept.notation: concept.order for concept in words.concepts("policy")}
    findings.sort(
        key=lambda row: (order.get(row.policy, 0), row.policy, row.outcome_group, row.outcome, row.year, row.finding)
    )
    return Tables(sorted(studies), findings, "")


def _keys(manifest: Manifest, now: dict[str, str], before: dict[str, str]) -> tuple[set[str] | None, set[str]]:
    """Return the keys of changed files, none where so many changed that all are asked for, and those of the others."""
    changed: set[str] = set()
    kept: set[str] = set()
    for graph, keys in manifest.keys_of_graphs():
        (kept if before.get(graph) == now[graph] else changed).update(keys)
    return (changed, kept) if len(changed) < _FEW or len(changed) < len(kept) // 10 else (None, set())


def _findings(reader: Reader, studies: list[str] | None) -> list[Row]:
    if studies == []:
        return []
    return findings_for(reader, Question(study=tuple(studies or ()), measure=("all",)))


def _study_rows(reader: Reader, keys: set[str] | None) -> list[StudyRow]:
    """Return the rows of studies by key, of all where none are named; keys that are no studies have no row."""
    if keys is not None and not keys:
        return []
    only = {"study": sorted(keys)} if keys else {}
    data: dict[str, list[str]] = defaultdict(list)
    for study, use in reader.rows(named_query("data-rows").text(only)):
        data[study].append(use)
    place = StudyRow._fields.index("data")
    return [
        StudyRow._make((*row[:place], "; ".join(data[row[0]]), *row[place:]))
        for row in reader.rows(named_query("study-rows").text(only))
    ]


def _load(path: Path) -> dict[str, Any] | None:
    import marshal

    try:
        with without_collecting():
            found = marshal.loads(path.read_bytes())  # noqa: S302 - a file of our own cache, like a compiled module
            columns = found["columns"]
    except (OSError, EOFError, ValueError, TypeError, LookupError):
        return None
    return found if columns == _columns() else None


def _save(generation: Path, found: dict[str, Any]) -> None:
    """Keep the tables where that is possible; without them the next session makes them again."""
    import marshal
    import os
    from contextlib import suppress

    pending = generation / f"{FILE}.{os.getpid()}.new"
    with suppress(OSError):
        rows = {name: list(map(tuple, found[name])) for name in ("studies", "findings")}
        pending.write_bytes(marshal.dumps({"columns": _columns(), **found, **rows}))
        pending.replace(generation / FILE)


def _columns() -> list[list[str]]:
    return [list(StudyRow._fields), list(Row._fields), list(Tables._fields)]


def link_before(previous: Path, generation: Path) -> None:
    """Give a new generation the tables of the one before, to start from."""
    import os
    from contextlib import suppress

    for name in (FILE, BEFORE):
        with suppress(OSError):
            os.link(previous / name, generation / BEFORE)
            return
