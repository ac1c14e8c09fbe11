"""The SHACL shapes of the ontology, asked of the graph; results as problems with file, line, key and remedy."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb.errors import CollectionError
from kb.namespaces import BASE, PREFIXES
from kb.problems import Problem

if TYPE_CHECKING:
    from rdflib import Graph

    from kb.check import Places
    from kb.collection import Collection, SourceFile
    from kb.store import Reader

SHAPES_FILE = "shapes.ttl"


class ShapeResult(NamedTuple):
    """What a shape found: the node, the field to correct, and a message that names the remedy."""

    focus: str
    field: str
    message: str
    warning: bool


def shape_problems(
    reader: Reader, collection: Collection, places: Places, known: set[tuple[str, str]]
) -> list[Problem]:
    """Return what the shapes find. ``known`` holds (file, key) of entries already reported, which are left out.

    Raises:
        CollectionError: the shapes themselves are wrong.
    """
    shapes_path = collection.ontology / SHAPES_FILE
    if not shapes_path.is_file():
        return []
    found = []
    for result in shape_results(_triples(reader), shapes_path):
        problem = _problem(result.focus, result.field, result.message, result.warning, collection, places)
        if result.warning or (problem.file, problem.key) not in known:
            found.append(problem)
    return found


def shape_results(triples: str, shapes_path: Path) -> list[ShapeResult]:
    """Return what the shapes of a Turtle file find in triples (N-Triples).

    Raises:
        CollectionError: the shapes themselves are wrong.
    """
    import pyshacl
    from rdflib import Graph, Namespace

    data = Graph()
    data.parse(data=triples, format="nt")
    try:
        shapes = _shapes(shapes_path.read_text("utf-8"))
        _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", allow_warnings=True)
    except Exception as error:  # pyshacl and rdflib raise many kinds on bad shapes
        raise CollectionError(
            f"{shapes_path.name} cannot be used: {' '.join(str(error).split())}. Correct the shapes there."
        ) from None
    sh = Namespace(PREFIXES["sh"])
    found = []
    for result in report.objects(None, sh.result):
        values = {name: report.value(result, sh[name]) for name in ("focusNode", "resultMessage", "resultSeverity")}
        field = str(shapes.value(report.value(result, sh.sourceShape), sh.name) or "")
        warning = values["resultSeverity"] != sh.Violation
        found.append(ShapeResult(str(values["focusNode"]), field, str(values["resultMessage"]), warning))
    return found


@lru_cache(maxsize=1)
def _shapes(turtle: str) -> Graph:
    """Return the graph of some shapes; read once for all answers of a dialogue of coding."""
    from rdflib import Graph

    return Graph().parse(data=turtle, format="turtle")


def remedied(message: str) -> tuple[str, str]:
    """Return the message of a shape as what is wrong and what to do."""
    text, _, remedy = message.partition(". ")
    return (text if text.endswith(".") else text + "."), remedy


def _triples(reader: Reader) -> str:
    """Return the graph without the names of its graphs, as N-Triples."""
    return "".join(f"{triple} .\n" for triple in reader.triples())


def _problem(focus: str, field: str, message: str, warning: bool, collection: Collection, places: Places) -> Problem:
    text, remedy = remedied(message)
    kind, _, name = focus.removeprefix(BASE).partition("/")
    if kind in ("study", "finding", "estimate") and "/" not in name:
        return places.problem(name, field, text, remedy, warning=warning)
    path, line = _concept_place(focus, kind, name, collection.ontology_files())
    return Problem("warning" if warning else "error", path, line, name, text, remedy)


def _concept_place(focus: str, kind: str, name: str, files: list[SourceFile]) -> tuple[str, int]:
    """Return the file and line at which a concept is described: where its address or prefixed name begins a line."""
    starts = (f"<{focus}>", f"{kind}:{name} ", f":{name} ", f"<{kind}/{name}>")
    for file in files:
        for number, line in enumerate(Path(file.path).read_text("utf-8").splitlines(), 1):
            if line.startswith(starts) or (line[:1].isalpha() and f":{name} " in line[:80]):
                return file.path, number
    return (files[0].path if files else ""), 1
