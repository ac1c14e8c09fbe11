"""The evidence query: as a whole process, warm, and on rdflib's own memory store."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from benchmarks.measure import Ratio, functions, processes
from kb.build import ensure
from kb.collection import bundled
from kb.evidence import Question, answer, query_text
from kb.namespaces import PREFIXES
from kb.rdf import dataset

if TYPE_CHECKING:
    from collections.abc import Iterator

BIN = Path(sys.executable).parent


def process_ratios(folder: Path, env: dict[str, str], times: int = 21) -> Iterator[Ratio]:
    """Compare ``mipex-kb evidence health --format csv`` with the bare import of pyoxigraph."""
    commands = [
        [str(BIN / "mipex-kb"), "evidence", "health", "--format", "csv"],
        [sys.executable, "-c", "import pyoxigraph"],
    ]
    evidence, bare = processes(commands, folder, env, times)
    yield Ratio("evidence health --format csv, process", evidence, "import pyoxigraph", bare, 5)


def warm_ratios() -> Iterator[Ratio]:
    """Compare the warm evidence query with the same SPARQL sent straight to pyoxigraph, and to rdflib."""
    question = Question()
    reader, _ = ensure(bundled())
    with reader:
        reader.warm()
        text = query_text(reader, question)
        store = ox.Store()
        store.bulk_load(reader.dump(), ox.RdfFormat.N_QUADS)
        store.bulk_extend(ox.Quad(*triple) for triple in reader.triples())

        def straight() -> list[tuple[str, ...]]:
            solutions = store.query(text, prefixes=PREFIXES)
            return [tuple("" if term is None else term.value for term in row) for row in solutions]  # type: ignore

        ours, bare = functions([lambda: answer(reader, question), straight], 15)
        yield Ratio("evidence query, warm", ours, "same SPARQL on pyoxigraph", bare, 1.3)
        graph = dataset()
        ours, slow = functions([lambda: answer(reader, question), lambda: list(graph.query(text))], 2)
        yield Ratio("evidence query, warm", ours, "rdflib's memory store", slow, 20, at_most=False)
