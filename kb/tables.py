"""All findings and studies as two tables in a file beside the store, so that sessions open at once at any size.

The file belongs to one generation. Where it is missing it is made from that of the generation before: only studies
whose files changed since are asked for.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from kb.evidence import Question, Row, answer
from kb.manifest import digests, read_manifest
from kb.studies import study_documents

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kb.store import Reader

#: In the format of compiled modules, which is read five times as fast as JSON and is good for one version of Python.
FILE = f"tables.{sys.implementation.cache_tag}"
#: The table of the generation before, which a build links into the new one.
BEFORE = f"tables-before.{sys.implementation.cache_tag}"
_BATCH = 200


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
    """The studies by key, the findings in the order of the findings query, and the version of the data."""

    studies: list[StudyRow]
    findings: list[Row]
    version: str


def known_tables(generation: Path) -> Tables | None:
    """Return the tables of a generation, none where they were not made yet or are damaged."""
    found = _load(generation / FILE)
    if found is None:
        return None
    with _without_collecting():
        studies, findings = map(StudyRow._make, found["studies"]), map(Row._make, found["findings"])
        return Tables(list(studies), list(findings), found["version"])


def make_tables(reader: Reader) -> Tables:
    """Return the tables of the store, after making and keeping them where they are missing."""
    return known_tables(reader.folder) or _make(reader)


def _make(reader: Reader) -> Tables:
    manifest = read_manifest(reader.folder)
    now = digests(manifest) if manifest else {}
    before = _load(reader.folder / BEFORE) or {"digests": {}, "studies": [], "findings": []}
    keys: set[str] = set()
    changed: set[str] = set()
    for graph, path in manifest.loaded.items() if manifest else ():
        if not path.endswith(".ttl"):
            found = manifest.parts[path].keys if manifest else {}
            keys.update(found)
            if before["digests"].get(graph) != now[graph]:
                changed.update(found)
    everything = set(_all_studies(reader))
    if manifest is None:  # the files behind it are not known: a store elsewhere
        keys = changed = everything
    here = keys & everything
    asked = sorted(changed & here)
    kept = here - changed
    studies = [StudyRow._make(row) for row in before["studies"] if row[0] in kept] + _study_rows(reader, asked)
    findings = [row for row in map(Row._make, before["findings"]) if row.study in kept] + _findings(reader, asked, here)
    order = {concept.notation: concept.order for concept in reader.vocabulary("policy")}
    studies.sort()
    findings.sort(
        key=lambda row: (order.get(row.policy, 0), row.policy, row.outcome_group, row.outcome, row.year, row.finding)
    )
    tables = Tables(studies, findings, reader.version())
    _save(reader.folder, {"digests": now, **tables._asdict()})
    return tables


def _all_studies(reader: Reader) -> list[str]:
    from kb.named_queries import named_query

    return [row[0] for row in reader.rows(named_query("overview").text())]


def _findings(reader: Reader, asked: list[str], everything: set[str]) -> list[Row]:
    if not asked:
        return []
    only = () if len(asked) == len(everything) else tuple(asked)
    return answer(reader, Question(study=only, measure=("all",))).rows


def _study_rows(reader: Reader, asked: list[str]) -> list[StudyRow]:
    names = {"bib_status": "bibstatus", "measure_status": "measurestatus"}
    return [
        StudyRow(
            document.key, *(document.fields.get(names.get(name, name), "") for name in StudyRow._fields[1:])
        )
        for start in range(0, len(asked), _BATCH)
        for document in study_documents(reader, asked[start : start + _BATCH], findings=False)
    ]  # fmt: skip


def _load(path: Path) -> dict[str, Any] | None:
    import marshal

    try:
        with _without_collecting():
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


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Make many objects at once without looking for rubbish in between."""
    import gc

    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _columns() -> list[list[str]]:
    return [list(StudyRow._fields), list(Row._fields)]


def link_before(previous: Path, generation: Path) -> None:
    """Give a new generation the tables of the one before, to start from."""
    import os
    from contextlib import suppress

    for name in (FILE, BEFORE):
        with suppress(OSError):
            os.link(previous / name, generation / BEFORE)
            return
