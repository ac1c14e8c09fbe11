"""What is measured at one size, each part in a process of its own, which writes its figures as JSON.

Run by ``benchmarks.scale``: ``python -m benchmarks.scale_parts PART FOLDER``.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from kb.collection import Collection, bundled
from kb.evidence import Question, Row, query_text
from kb.facets import Choice, facets
from kb.namespaces import PREFIXES
from kb.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyoxigraph as ox

POLICY, DIRECTION, SINCE = "anti-discrimination", "positive", "2015"
QUESTION = Question(policy=(POLICY,), direction=(DIRECTION,), since=SINCE)
FIRST = 200
_FACETS = {"outcome": "ev:outcome", "direction": "ev:direction", "population": "ev:population", "role": "ev:role"}
_COUNTS = "SELECT ?value (COUNT(DISTINCT ?node) AS ?n) {{ ?node a ev:Finding ; {} ?value }} GROUP BY ?value"
_CONTAINS = """SELECT DISTINCT ?study {{
  {{ ?node a ev:Study ; dcterms:identifier ?study ; dcterms:title ?text }}
  UNION {{ ?node a ev:Study ; dcterms:identifier ?study ; ev:authors ?text }}
  UNION {{ ?finding ev:ofStudy ?node ; ev:statement ?text . ?node dcterms:identifier ?study }}
  FILTER(CONTAINS(LCASE(?text), "{}"))
}}"""


def collection(folder: Path) -> Collection:
    """Return the generated collection in a folder."""
    return Collection((folder / "studies",), bundled().ontology)


def evidence(folder: Path) -> dict[str, Any]:
    """Evidence on one policy with filters: the same SPARQL through the library and straight to pyoxigraph."""
    import pyoxigraph as ox

    with open_store(collection(folder)) as reader:
        text = f"{query_text(reader, QUESTION)}\nLIMIT {FIRST}"
        bare = ox.Store.read_only(str(reader.folder / "store"))
        cold = _seconds(lambda: _straight(bare, text))
        ours, straight = _in_turns(
            lambda: [Row(*row[: len(Row._fields)]) for row in reader.rows(text)], lambda: _straight(bare, text)
        )
        return {"ours": ours, "bare": straight, "cold": cold, "rows": len(_straight(bare, text))}


def session(folder: Path) -> dict[str, Any]:
    """A session: how long it takes to open it, to choose and count in it, and to search."""
    from kb.session import open_session

    opened = time.perf_counter()
    here = open_session(collection(folder))
    if here is None:
        raise RuntimeError("The collection is not up to date.")
    open_seconds = time.perf_counter() - opened
    open_memory = _memory()
    first = _seconds(lambda: here.select(_choice()))
    here.index.warm()
    start = time.perf_counter()
    index = here.study_index()
    index_seconds = time.perf_counter() - start
    other = Choice(picked=())

    def choose() -> list[Row]:
        here.select(other)  # so that nothing is remembered
        return here.select(_choice())[:FIRST]

    def count() -> list[object]:
        here.select(other)
        return [here.index.counts(_choice(), facet) for facet in facets()]

    slips, searches = _searches(here.studies())
    return {
        "open": open_seconds,
        "first": first,
        "choose": _best(choose),
        "count": _best(count),
        "index": index_seconds,
        "search": {text: _searching(index, text) for text in searches},
        "slip": {text: _searching(index, text) for text in slips},
        "findings": len(here.findings()),
        "open_memory": open_memory,
        "memory": _memory(),
    }


def bare_counts_and_search(folder: Path) -> dict[str, Any]:
    """The counts of some facets, and a search, as SPARQL straight to pyoxigraph."""
    import pyoxigraph as ox

    with open_store(collection(folder)) as reader:
        bare = ox.Store.read_only(str(reader.folder / "store"))
    texts = [_COUNTS.format(path) for path in _FACETS.values()]
    return {
        "count": _best(lambda: [_straight(bare, text) for text in texts], 1),
        "facets": len(texts),
        "search": _best(lambda: _straight(bare, _CONTAINS.format("trust")), 1),
    }


def make_session_files(folder: Path) -> dict[str, Any]:
    """After a change: the tables of a session brought up to date; and the index of the search, made from nothing."""
    from kb.session import make_session

    start = time.perf_counter()
    here = make_session(collection(folder))
    tables = time.perf_counter() - start
    here.study_index()
    return {"tables": tables, "index": time.perf_counter() - start - tables, "memory": _memory()}


def dump(folder: Path) -> dict[str, Any]:
    """The graph as N-Quads, for those who load it elsewhere."""
    import pyoxigraph as ox

    with open_store(collection(folder)) as reader, (folder / "graph.nq").open("wb") as file:
        store = ox.Store.read_only(str(reader.folder / "store"))
        for graph in store.named_graphs():
            file.write(
                ox.serialize(store.quads_for_pattern(None, None, None, graph), format=ox.RdfFormat.N_QUADS) or b""
            )
        return {"quads": len(store)}


def bare_load(folder: Path) -> dict[str, Any]:
    """The same graph, already as N-Quads, loaded into a new store with pyoxigraph."""
    import shutil

    import pyoxigraph as ox

    place = folder / "bare"
    shutil.rmtree(place, ignore_errors=True)
    start = time.perf_counter()
    store = ox.Store(str(place))
    store.bulk_load(path=str(folder / "graph.nq"), format=ox.RdfFormat.N_QUADS)
    store.flush()
    found = {"seconds": time.perf_counter() - start, "cpu": time.process_time(), "memory": _memory()}
    del store
    shutil.rmtree(place)
    return found


def in_rdflib(folder: Path) -> dict[str, Any]:
    """The same graph in the memory of rdflib: loading it, and the same questions, each once."""
    from rdflib import Dataset

    start = time.perf_counter()
    graph = Dataset(default_union=True)
    graph.parse(folder / "graph.nq", format="nquads")
    loaded = time.perf_counter() - start
    with open_store(collection(folder)) as reader:
        text = f"{query_text(reader, QUESTION)}\nLIMIT {FIRST}"
    head = "".join(f"PREFIX {name}: <{address}>\n" for name, address in PREFIXES.items())
    return {
        "load": loaded,
        "evidence": _seconds(lambda: list(graph.query(text))),
        "count": _seconds(lambda: [list(graph.query(head + _COUNTS.format(path))) for path in _FACETS.values()]),
        "search": _seconds(lambda: list(graph.query(head + _CONTAINS.format("trust")))),
        "memory": _memory(),
    }


def freshness(folder: Path) -> dict[str, Any]:
    """Whether any file changed, which is looked at before every answer."""
    from kb.stamps import is_fresh

    here = collection(folder)
    return {"seconds": _best(lambda: is_fresh(here)), "fresh": is_fresh(here)}


PARTS: dict[str, Callable[[Path], dict[str, Any]]] = {
    part.__name__: part
    for part in (
        evidence, session, bare_counts_and_search, make_session_files, dump, bare_load, in_rdflib, freshness,
    )
}  # fmt: skip


def _choice() -> Choice:
    return Choice().only("policy", POLICY).only("direction", DIRECTION)


def _searches(studies: list[Any]) -> tuple[list[str], list[str]]:
    """Return searches with a slip of the key, and others: common and rare words, starts, phrases, a study by name."""
    chosen = random.Random(1).choice([study for study in studies if study.authors])
    family = chosen.authors.partition(",")[0]
    words = chosen.title.split()
    return ["citizenhsip", "naturalistaion trust"], [
        "trust", "the", "t", "econ", "integration policy", "naturalisation political participation",
        '"family reunion"', '"trust in the"', f"{family} {chosen.year}", chosen.study, " ".join(words[:8]),
        "citizenship migrants health 2015", chosen.doi or "10.1234",
    ]  # fmt: skip


def _searching(index: Any, text: str) -> float:  # noqa: ANN401 - an index of a study search
    def search() -> object:
        index._known.clear()  # as when it is typed for the first time
        return index.search(text)

    return _best(search)


def _straight(store: ox.Store, text: str) -> list[tuple[str | None, ...]]:
    solutions: Any = store.query(text, prefixes=PREFIXES)
    return [tuple(None if term is None else term.value for term in row) for row in solutions]


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _best(call: Callable[[], object], times: int = 5) -> float:
    """Return the shortest time of some rounds after one unseen: what the work takes where nobody else works."""
    call()
    return min(_seconds(call) for _ in range(times))


def _in_turns(one: Callable[[], object], other: Callable[[], object], times: int = 5) -> tuple[float, float]:
    taken = [(_seconds(one), _seconds(other)) for _ in range(times + 1)][1:]
    return median(first for first, _ in taken), median(second for _, second in taken)


def _memory() -> float:
    """Return the most memory that this process has held, in MB (10^6 bytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


if __name__ == "__main__":
    json.dump(PARTS[sys.argv[1]](Path(sys.argv[2])), sys.stdout)
