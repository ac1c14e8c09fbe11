"""The arrows between modules run one way, the fast path stays light, and importing touches nothing."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import kb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

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
        if isinstance(node, ast.If) and not typing and "TYPE_CHECKING" in ast.unparse(node.test):
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

    return frozenset(visit(tree(name_of(path))))


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text("utf-8"))


def own(names: Iterable[str]) -> set[str]:
    return {name for name in names if name in MODULES and name not in ("kb", "tui")}


def closure(start: str, step: Callable[[str], set[str]]) -> set[str]:
    """Return what a module leads to, step by step; itself only where a step leads back to it."""
    found: set[str] = set()
    queue = [start]
    while queue:
        for name in step(queue.pop()) - found:
            found.add(name)
            queue.append(name)
    return found


@cache
def own_imports(name: str) -> set[str]:
    return own(imports(MODULES[name]))


@cache
def reached(start: str) -> set[str]:
    """Return the modules of this project that one imports, directly or through others."""
    return closure(start, own_imports)


def below(names: Iterable[str], wrong: Callable[[str], bool]) -> dict[str, list[str]]:
    """Return for each of some modules what it reaches and should not, where there is any."""
    return {name: found for name in names if (found := sorted(filter(wrong, reached(name))))}


def test_there_is_something_to_look_at() -> None:
    assert {"kb", "kb.cli", "kb.quads", "kb.commands.evidence", "tui.app"} <= set(MODULES)
    assert "kb.bibtex" in reached("kb.records")


def test_the_library_never_imports_the_terminal_interface() -> None:
    tops = {name: {module.partition(".")[0] for module in imports(MODULES[name], typing=True)} for name in KB}
    assert [name for name in KB if tops[name] & {"textual", "tui"}] == []


def test_the_terminal_interface_imports_no_command() -> None:
    names = {name: imports(MODULES[name], typing=True) for name in sorted(set(MODULES) - set(KB))}
    assert [name for name, found in names.items() if "kb.cli" in found] == []
    commanding = {name for name, found in names.items() if any(m.startswith("kb.commands") for m in found)}
    assert commanding == {"tui.command"}


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
COMMANDING = ("kb.commands", "kb.cli", "tui")


def test_the_lowest_modules_import_nothing_above_them() -> None:
    above = {name: own(imports(MODULES[name], typing=True)) - set(LOWEST) for name in LOWEST}
    assert above == {name: set() for name in LOWEST}


def test_reading_and_writing_records_knows_no_store_and_no_question() -> None:
    names = ("kb.quads", "kb.vocabulary", "kb.records", "kb.bibtex", "kb.fieldreader", "kb.names")
    assert below(names, lambda module: module in UPPER or module.startswith("kb.commands")) == {}


def test_the_store_knows_no_question() -> None:
    questions = {"kb.evidence", "kb.studies", "kb.export", "kb.output", "kb.cli", "kb.build"}
    names = ("kb.store", "kb.generations", "kb.manifest", "kb.stamps", "kb.words")
    assert below(names, questions.__contains__) == {}


def test_questions_and_exports_know_no_command() -> None:
    names = ("kb.evidence", "kb.studies", "kb.export", "kb.sparql", "kb.check", "kb.shapes", "kb.rdf")
    assert below(names, lambda module: module.startswith(COMMANDING)) == {}


def test_the_intake_knows_no_command_and_nothing_below_it_knows_the_intake() -> None:
    intake = [name for name in KB if name.startswith("kb.intake")]
    assert len(intake) > 10
    assert below(intake, lambda module: module.startswith(COMMANDING)) == {}
    lower = ("kb.evidence", "kb.build", "kb.store", "kb.records", "kb.check", "kb.export")
    assert below(lower, lambda module: module.startswith("kb.intake")) == {}


def test_a_command_imports_no_other_command() -> None:
    commands = [name for name in KB if name.startswith("kb.commands.") and name != "kb.commands.common"]
    others = {name: {module for module in own_imports(name) if module.startswith("kb.commands.")} for name in commands}
    assert len(commands) > 10
    assert [name for name, found in others.items() if not found <= {"kb.commands.common"}] == []


def test_no_module_imports_itself_in_a_circle_when_loaded() -> None:
    """Follow only the imports that run when a module is loaded."""

    @cache
    def loaded(name: str) -> set[str]:
        names: set[str] = set()
        for node in tree(name).body:
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        return own(names)

    assert [name for name in MODULES if name in closure(name, loaded)] == []


def run(script: str, *words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", script, *words]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=60, check=True)


def test_importing_the_whole_library_loads_no_terminal_interface() -> None:
    loaded = set(run(_LOADED, *KB).stdout.split())
    assert "pyoxigraph" in loaded
    assert loaded & {"textual", "tui"} == set()


def test_importing_the_modules_of_the_fast_path_loads_nothing_heavy() -> None:
    fast = ("kb", "kb.evidence", "kb.store", "kb.export", "kb.cli", "kb.output", "kb.terminal")
    assert set(run(_LOADED, *fast).stdout.split()) & HEAVY == set()


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


def test_every_module_is_short_and_says_what_it_is_for() -> None:
    texts = {name: path.read_text("utf-8") for name, path in MODULES.items()}
    assert [name for name, text in texts.items() if text.count("\n") > LONGEST] == []
    assert [name for name, text in texts.items() if not text.startswith('"""')] == []
    assert [name for name in MODULES if not ast.get_docstring(tree(name))] == []


def public(body: list[ast.stmt]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            yield from public(node.body) if isinstance(node, ast.ClassDef) else ()


def test_every_public_name_has_a_docstring() -> None:
    nodes = [(name, node) for name in MODULES for node in public(tree(name).body)]
    assert len(nodes) > 1000
    assert [f"{name}.{node.name}" for name, node in nodes if not ast.get_docstring(node)] == []


def test_this_list_is_of_the_installed_project() -> None:
    assert Path(kb.__file__).resolve().parent == ROOT / "kb"
