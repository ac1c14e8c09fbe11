"""The wheel: it carries its data, leaves the tests behind, and works from any folder without a network."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

import kb
from kb.evidence import Row

ROOT = Path(kb.__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel, with the build backend of this environment."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    """Return the names of the files in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel alone into a fresh environment, from the file and nowhere else."""
    place = tmp_path_factory.mktemp("fresh") / "venv"
    venv.create(place, with_pip=False)
    target = Path(sysconfig.get_path("purelib", "venv", vars={"base": str(place)}))
    command = [sys.executable, "-m", "pip", "--python", str(place / "bin" / "python"), "install"]
    options = ["--quiet", "--no-deps", "--no-index", "--no-compile", "--disable-pip-version-check", str(wheel)]
    subprocess.run([*command, *options], check=True, capture_output=True, timeout=120)
    assert (target / "kb" / "__init__.py").is_file()
    return place / "bin" / "python"


@pytest.fixture(scope="module")
def run(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return a function that runs the installed program in an empty folder with a home that was empty at first."""
    return Run(python, tmp_path_factory.mktemp("place"))


class Run:
    """Runs the installed program; its dependencies are those of this environment."""

    def __init__(self, python: Path, place: Path) -> None:
        self.python = python
        self.folder, self.home = place / "empty", place / "home"
        self.folder.mkdir()
        self.home.mkdir()
        self._environment = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(self.home),
            "PYTHONPATH": sysconfig.get_path("purelib"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the program."""
        return self.script(str(self.python.with_name("mipex-kb")), *arguments)

    def script(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run any command in the same way."""
        return subprocess.run(
            command, cwd=self.folder, env=self._environment, capture_output=True, text=True, timeout=120, check=False
        )


@pytest.mark.parametrize(
    ("folder", "ending", "carried"),
    [
        ("ontology", ".ttl", "kb/data/ontology"),
        ("studies", ".bib", "kb/data/studies"),
        ("kb/queries", ".rq", "kb/queries"),
        ("kb/queries", ".toml", "kb/queries"),
        ("kb/queries/internal", ".rq", "kb/queries/internal"),
        ("tui", ".toml", "tui"),
        ("tui", ".tcss", "tui"),
    ],
)
def test_the_wheel_carries_every_data_file(names: set[str], folder: str, ending: str, carried: str) -> None:
    wanted = {f"{carried}/{path.name}" for path in (ROOT / folder).iterdir() if path.suffix == ending}
    assert wanted
    assert wanted - names == set()


def test_the_wheel_carries_every_module(names: set[str]) -> None:
    wanted = {str(path.relative_to(ROOT)) for package in ("kb", "tui") for path in (ROOT / package).rglob("*.py")}
    assert wanted - names == set()


def test_the_wheel_carries_nothing_else(names: set[str]) -> None:
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {"kb", "tui"}
    assert [name for name in names if "/test" in name.casefold() or "__pycache__" in name or ".cache" in name] == []


def test_the_wheel_names_its_program_and_its_licences(wheel: Path, names: set[str]) -> None:
    (points,) = [name for name in names if name.endswith("entry_points.txt")]
    with zipfile.ZipFile(wheel) as archive:
        assert "mipex-kb = kb.cli:" in archive.read(points).decode()
    assert {name.rpartition("/")[2] for name in names if "/licenses/" in name} == {
        "LICENSE",
        "LICENSE-DATA",
        "LICENSE.md",
        "LICENSE.txt",
    }


def test_the_installed_program_answers_from_an_empty_folder(run: Run) -> None:
    place = run.script(str(run.python), "-c", "import kb, tui; print(kb.__file__, tui.__file__)").stdout.split()
    assert [Path(path).is_relative_to(run.python.parents[1]) for path in place] == [True, True]
    done = run("evidence", "--format", "csv")
    assert done.returncode == 0, done.stderr
    head, *rows = csv.reader(io.StringIO(done.stdout))
    assert head == list(Row._fields)
    assert rows
    assert {len(row) for row in rows} == {len(head)}
    assert list(run.folder.iterdir()) == []
    assert (run.home / ".cache" / "mipex-kb").is_dir()


def test_the_installed_collection_is_sound(run: Run) -> None:
    done = run("check", "--quiet")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_the_installed_program_has_its_keys_and_its_layout(run: Run) -> None:
    code = (
        "from tui.app import EvidenceApp; from tui.keys import all_keys; print(len(all_keys()), EvidenceApp.CSS_PATH)"
    )
    done = run.script(str(run.python), "-c", code)
    assert done.returncode == 0, done.stderr
    number, layout = done.stdout.split(maxsplit=1)
    assert int(number) > 0
    assert Path(layout.strip()).is_file()
