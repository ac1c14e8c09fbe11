"""The arrows between modules run one way, the fast path stays light, and importing touches nothing."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import kb

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kb.collection import Collection
    from kb.store import Reader

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted([*(ROOT / "kb").rglob("*.py"), *(ROOT / "tui").rglob("*.py")])
LONGEST = 450
HEAVY = {
    "rdflib",
    "pybtex",
    "rapidfuzz",
    "openpyxl",
    "pyshacl",
    "rich",
    "networkx",
    "citeproc",
    "docx",
    "lxml",
    "textual",
    "pylatexenc",
    "xlsxwriter",
    "statsmodels",
    "scipy",
    "numpy",
    "pandas",
    "matplotlib",
    "tui",
}
_LOADED = """
import sys
from importlib import import_module
for name in sys.argv[1:]:
    import_module(name)
print(" ".join(sorted({name.partition(".")[0] for name in sys.modules})))
"""
_EVIDENCE = """
import sys
from kb.cli import main
code = main(["evidence", "health", "--format", "csv", "--studies", sys.argv[1]])
sys.stderr.write("|" + " ".join(sorted(sys.modules)))
sys.exit(code)
"""
_AUDIT = """
import os, sys
home = os.getcwd()
touched = []
def hook(event, arguments):
    if event in ("open", "os.mkdir", "os.rename", "os.remove", "os.listdir", "os.scandir", "socket.connect"):
        path = arguments[0] if arguments else ""
        if event == "socket.connect" or (isinstance(path, str) and os.path.abspath(path).startswith(home)):
            touched.append(f"{event} {path}")
sys.path = [path for path in sys.path if path]
from importlib import import_module
sys.addaudithook(hook)
for name in sys.argv[1:]:
    import_module(name)
print("; ".join(touched))
"""


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in FILES}
KB = [name for name in MODULES if name.partition(".")[0] == "kb"]


@cache
def imports(path: Path, *, typing: bool = False) -> frozenset[str]:
    """Return the modules that a file imports, wherever in it; with ``typing`` also those for type checkers alone."""

    def visit(node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test) and not typing:
            for branch in node.orelse:
                yield from visit(branch)
            return
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            assert node.module
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        for child in ast.iter_child_nodes(node):
            yield from visit(child)

    return frozenset(visit(ast.parse(path.read_text("utf-8"))))


def own(names: Iterable[str]) -> set[str]:
    return {name for name in names if name in MODULES and name not in ("kb", "tui")}


def reached(start: str) -> set[str]:
    """Return the modules of this project that one imports, directly or through others."""
    found: set[str] = set()
    queue = [start]
    while queue:
        for name in own(imports(MODULES[queue.pop()])):
            if name not in found:
                found.add(name)
                queue.append(name)
    return found


def test_there_is_something_to_look_at() -> None:
    assert {"kb", "kb.cli", "kb.quads", "kb.commands.evidence", "tui.app"} <= set(MODULES)
    assert "kb.bibtex" in reached("kb.records")


@pytest.mark.parametrize("name", KB)
def test_the_library_never_imports_the_terminal_interface(name: str) -> None:
    tops = {module.partition(".")[0] for module in imports(MODULES[name], typing=True)}
    assert tops & {"textual", "tui"} == set()


@pytest.mark.parametrize("name", sorted(set(MODULES) - set(KB)))
def test_the_terminal_interface_imports_no_command(name: str) -> None:
    names = imports(MODULES[name], typing=True)
    assert {module for module in names if module in ("kb.cli",)} == set()
    if name != "tui.command":
        assert {module for module in names if module.startswith("kb.commands")} == set()


LOWEST = ["kb.model", "kb.text", "kb.errors", "kb.problems", "kb.namespaces"]
UPPER = {
    "kb.store",
    "kb.evidence",
    "kb.export",
    "kb.studies",
    "kb.build",
    "kb.check",
    "kb.cli",
    "kb.output",
    "kb.sparql",
}


@pytest.mark.parametrize("name", LOWEST)
def test_the_lowest_modules_import_nothing_above_them(name: str) -> None:
    assert own(imports(MODULES[name], typing=True)) - set(LOWEST) == set()


@pytest.mark.parametrize("name", ["kb.quads", "kb.vocabulary", "kb.records", "kb.bibtex", "kb.fieldreader", "kb.names"])
def test_reading_and_writing_records_knows_no_store_and_no_question(name: str) -> None:
    below = reached(name)
    assert below & UPPER == set()
    assert {module for module in below if module.startswith("kb.commands")} == set()


@pytest.mark.parametrize("name", ["kb.store", "kb.generations", "kb.manifest", "kb.stamps", "kb.words"])
def test_the_store_knows_no_question(name: str) -> None:
    assert reached(name) & {"kb.evidence", "kb.studies", "kb.export", "kb.output", "kb.cli", "kb.build"} == set()


@pytest.mark.parametrize(
    "name", ["kb.evidence", "kb.studies", "kb.export", "kb.sparql", "kb.check", "kb.shapes", "kb.rdf"]
)
def test_questions_and_exports_know_no_command(name: str) -> None:
    below = reached(name)
    assert {module for module in below if module.startswith(("kb.commands", "kb.cli", "tui"))} == set()


@pytest.mark.parametrize("name", [name for name in KB if name.startswith("kb.intake")])
def test_the_intake_knows_no_command_and_nothing_below_it_knows_the_intake(name: str) -> None:
    below = reached(name)
    assert {module for module in below if module.startswith(("kb.commands", "kb.cli", "tui"))} == set()
    for lower in ("kb.evidence", "kb.build", "kb.store", "kb.records", "kb.check", "kb.export"):
        assert name not in reached(lower)


@pytest.mark.parametrize(
    "name", [name for name in KB if name.startswith("kb.commands.") and name != "kb.commands.common"]
)
def test_a_command_imports_no_other_command(name: str) -> None:
    others = {module for module in own(imports(MODULES[name])) if module.startswith("kb.commands.")}
    assert others <= {"kb.commands.common"}


def test_no_module_imports_itself_in_a_circle_when_loaded() -> None:
    """Follow only the imports that run when a module is loaded."""

    def loaded(name: str) -> set[str]:
        names: set[str] = set()
        for node in ast.parse(MODULES[name].read_text("utf-8")).body:
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        return own(names)

    for start in MODULES:
        found: set[str] = set()
        queue = [start]
        while queue:
            for name in loaded(queue.pop()):
                if name not in found:
                    found.add(name)
                    queue.append(name)
        assert start not in found


def run(script: str, *words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", script, *words]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=60, check=True)


def test_importing_the_whole_library_loads_no_terminal_interface() -> None:
    loaded = set(run(_LOADED, *KB).stdout.split())
    assert "pyoxigraph" in loaded
    assert loaded & {"textual", "tui"} == set()


@pytest.mark.parametrize("name", ["kb", "kb.evidence", "kb.store", "kb.export", "kb.cli", "kb.output", "kb.terminal"])
def test_importing_a_module_of_the_fast_path_loads_nothing_heavy(name: str) -> None:
    assert set(run(_LOADED, name).stdout.split()) & HEAVY == set()


def test_asking_for_evidence_as_csv_loads_nothing_heavy(toy: Collection, toy_reader: Reader) -> None:
    done = run(_EVIDENCE, str(toy.studies[0]))
    assert done.stdout.startswith("finding,study,")
    loaded = {name.partition(".")[0] for name in done.stderr.rpartition("|")[2].split()}
    assert loaded & HEAVY == set()
    assert "kb.build" not in done.stderr.rpartition("|")[2].split()


def test_importing_touches_no_file_of_the_working_folder_and_no_network(tmp_path: Path) -> None:
    done = run(_AUDIT, *KB, cwd=tmp_path)
    assert done.stdout.strip() == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", MODULES)
def test_every_module_is_short_and_says_what_it_is_for(name: str) -> None:
    text = MODULES[name].read_text("utf-8")
    assert text.count("\n") <= LONGEST
    assert ast.get_docstring(ast.parse(text))
    assert text.startswith('"""')


def public(body: list[ast.stmt]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            yield from public(node.body) if isinstance(node, ast.ClassDef) else ()


@pytest.mark.parametrize("name", MODULES)
def test_every_public_name_has_a_docstring(name: str) -> None:
    nodes = public(ast.parse(MODULES[name].read_text("utf-8")).body)
    assert [node.name for node in nodes if not ast.get_docstring(node)] == []


def test_this_list_is_of_the_installed_project() -> None:
    assert Path(kb.__file__).resolve().parent == ROOT / "kb"
