"""The notebook in docs runs from its first cell to its last, and answers what the library answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kb.evidence import Question, answer, keys_of
from kb.evidence_bases import EvidenceBases
from kb.tables import make_tables
from tests.conftest import ROOT

if TYPE_CHECKING:
    from kb.store import Reader

NOTEBOOK = ROOT / "docs" / "notebooks" / "evidence.ipynb"


@pytest.fixture(scope="module")
def cells(whole_reader: Reader, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the cells after one run, by name. The kernel speaks through files of the test and keeps no history."""
    import nbformat
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient

    folder = tmp_path_factory.mktemp("notebook")
    notebook = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]
    kernel = AsyncKernelManager(kernel_name="python3", transport="ipc", connection_file=str(folder / "kernel.json"))
    patch = pytest.MonkeyPatch()
    for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR"):
        patch.setenv(name, str(folder))
    patch.setenv("PYTHONPATH", str(ROOT))  # the kernel is to run this tree, wherever the program is installed
    try:
        client = NotebookClient(notebook, km=kernel, timeout=60, resources={"metadata": {"path": str(folder)}})
        client.execute()
    finally:
        patch.undo()
    return {cell["id"]: cell for cell in notebook.cells}


def test_the_notebook_is_kept_without_what_a_run_leaves_behind() -> None:
    import nbformat

    notebook = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}


def test_it_answers_what_the_library_answers(cells: dict[str, Any], whole_reader: Reader) -> None:
    asked = Question(policy=("access-to-nationality",), outcome=("political-participation",), measure=("all",))
    rows = answer(whole_reader, asked).rows
    studies = keys_of(rows)
    bases, unknown = EvidenceBases(make_tables(whole_reader).studies, whole_reader.vocabulary()).count(studies)
    printed = text_of(cells["answer"])
    assert printed.startswith(f"{len(rows)} findings of {len(studies)} studies: ")
    assert f"{bases} evidence bases and {unknown} studies of unknown data" in printed
    assert text_of(cells["references"]).startswith(f"@article{{{min(studies)},")


def test_every_cell_shows_something_and_complains_of_nothing(cells: dict[str, Any]) -> None:
    code = [cell for cell in cells.values() if cell.cell_type == "code"]
    assert [cell["id"] for cell in code if not cell.outputs] == []
    assert {output.get("name") for cell in code for output in cell.outputs} <= {None, "stdout"}


def text_of(cell: Any) -> str:  # noqa: ANN401 - cells are of a library without types
    return "".join(output.get("text", "") for output in cell.outputs)
