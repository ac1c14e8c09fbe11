"""The terminal interface uses the public face of the library, knows no SPARQL and no RDF, and its screens are short."""

from __future__ import annotations

import ast
import re

from tests.test_imports import MODULES, imports, tree

TUI = sorted(name for name in MODULES if name.partition(".")[0] == "tui")
SCREENS = [name for name in TUI if name.startswith("tui.screens.")]
LONGEST_SCREEN = 300
#: How the library stores, builds, asks and checks: nothing that a screen may know (docs/design.md).
INSIDE = {
    "kb.store", "kb.build", "kb.loader", "kb.generations", "kb.manifest", "kb.stamps", "kb.words", "kb.tables",
    "kb.finding_index", "kb.quads", "kb.namespaces", "kb.rdf", "kb.shapes", "kb.records", "kb.fieldreader",
    "kb.query_worker", "kb.query_guard",
}  # fmt: skip
_QUERY = re.compile(r"\b(SELECT|CONSTRUCT|DESCRIBE|PREFIX|FILTER|OPTIONAL|WHERE)\b\s*[\s?<{(:]|\?\w+ \w+:\w+")


def texts(name: str) -> list[str]:
    """Return the texts in a module, but for its docstrings."""
    nodes = list(ast.walk(tree(name)))
    docstrings = {
        id(node.body[0].value)
        for node in nodes
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]


def test_only_the_public_face_of_the_library_is_used() -> None:
    assert [(name, found) for name in TUI if (found := imports(MODULES[name]) & INSIDE)] == []


def test_nothing_of_the_interface_knows_sparql_or_rdf() -> None:
    tops = {name: {module.partition(".")[0] for module in imports(MODULES[name])} for name in TUI}
    assert [name for name in TUI if tops[name] & {"rdflib", "pyoxigraph", "pyshacl"}] == []
    assert [(name, text) for name in TUI for text in texts(name) if _QUERY.search(text)] == []


def test_a_query_in_a_text_would_be_found() -> None:
    assert _QUERY.search("SELECT ?s WHERE { ?s a ev:Study }")
    assert _QUERY.search("VALUES x ?node ev:policy ?p")
    assert not _QUERY.search("Show the SPARQL behind what is shown")


def test_every_screen_is_short() -> None:
    assert len(SCREENS) > 10
    assert [name for name in SCREENS if MODULES[name].read_text("utf-8").count("\n") >= LONGEST_SCREEN] == []
