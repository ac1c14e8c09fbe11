"""The command export: what goes where, what does not go together, and pipes."""

from __future__ import annotations

import gzip
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from kb.build import ensure
from kb.collection import Collection
from kb.publishing.graph_files import GRAPH_FORMATS
from tests.kb.running import Line, Run, is_one_plain_sentence

if TYPE_CHECKING:
    from pathlib import Path

WRONG = [
    (["-o", "x.doc"], "The ending of x.doc does not fit. Use one of: ttl"),
    (["-o", "x"], "does not fit"),
    (["--table", "findings", "-o", "x.ttl"], "Use one of: csv"),
    (["--table", "findings", "--format", "ttl"], "The format ttl does not fit"),
    (["--table", "people"], "findings"),
    (["--format", "xlsx"], "The format xlsx does not fit"),
    (["--table", "findings", "--package", "x"], "not allowed with"),
    (["--sign", "key"], "Add --nanopubs"),
    (["--nanopubs", "--orcid", "0000-0002-1825-0097"], "Add --sign"),
    (["--record"], "Add --table"),
    (["--package", "x.zip", "-o", "y.zip"], "Name one place"),
    (["--package", ""], "needs a place"),
    (["--title", "Mine"], "Add --nanopubs or --package"),
    (["--package", "x", "--license", "MIT"], "'MIT' is no address of a licence"),
    (["--package", "x", "--endpoint", "http://127.0.0.1:9/sparql"], "Leave --endpoint out"),
    (["--nanopubs", "--sign", "nowhere.pem"], "nowhere.pem cannot be read"),
]


@pytest.fixture
def line(small_toy: Path, capsys: pytest.CaptureFixture[str]) -> Line:
    """Return the command line on the small collection."""

    class Small(Line):
        def __call__(self, *words: str, toy: bool = True) -> Run:
            return super().__call__(*words, "--ontology", str(small_toy / "ontology"), toy=toy)

    return Small(small_toy / "studies", capsys)


@pytest.mark.parametrize(("words", "hint"), WRONG, ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_wrong_usage_is_one_plain_sentence(
    words: list[str], hint: str, line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = line("export", *words)
    assert (done.code, done.out) == (2, "")
    assert is_one_plain_sentence(done.err)
    assert hint in done.err
    assert [path.name for path in tmp_path.iterdir() if path.name != ".mipex-kb-home"] == []


@pytest.mark.parametrize("form", GRAPH_FORMATS)
def test_the_ending_tells_the_format(form: str, line: Line, tmp_path: Path) -> None:
    place = tmp_path / f"graph.{form}"
    assert line("export", "-o", str(place)).code == 0
    packed = tmp_path / f"graph.{form}.gz"
    assert line("export", "-o", str(packed)).code == 0
    assert gzip.decompress(packed.read_bytes()) == place.read_bytes()
    assert line("export", "--format", form).out.encode() == place.read_bytes()


def test_a_file_is_not_replaced_without_force(line: Line, tmp_path: Path) -> None:
    place = tmp_path / "findings.csv"
    assert line("export", "--table", "findings", "-o", str(place)).code == 0
    again = line("export", "--table", "findings", "-o", str(place))
    assert again.code == 1
    assert "--force" in again.err
    assert line("export", "--table", "findings", "-o", str(place), "--force").code == 0


def test_nanopublications_go_to_a_folder_a_file_or_a_pipe(line: Line, tmp_path: Path) -> None:
    folder, file = tmp_path / "nanopublications", tmp_path / "all.trig"
    done = line("export", "--nanopubs", str(folder))
    assert (done.code, done.out) == (0, "")
    assert "7 nanopublications" in done.err
    assert sorted(path.suffix for path in folder.iterdir()) == [".sha256", *[".trig"] * 7]
    assert line("export", "--nanopubs", str(file)).code == 0
    assert line("export", "--nanopubs").out.encode() == file.read_bytes()
    assert file.read_text("utf-8").count("a np:Nanopublication") == 7


def test_a_package_of_ones_own_names_no_licence(line: Line, tmp_path: Path) -> None:
    done = line("export", "--package", str(tmp_path / "package"))
    assert (done.code, done.out) == (0, "")
    assert "No licence is named" in done.err
    assert not (tmp_path / "package" / "LICENSE-DATA").exists()
    named = line("export", "--package", str(tmp_path / "package"), "--force", "--license", "https://example.org/l")
    assert "No licence" not in named.err


def test_a_reader_that_has_enough_ends_the_export_in_peace(small_toy: Path) -> None:
    studies, ontology = small_toy / "studies", small_toy / "ontology"
    ensure(Collection((studies,), ontology))[0].close()
    words = ["--format", "nt", "--studies", str(studies), "--ontology", str(ontology)]
    command = [sys.executable, "-m", "kb.cli", "export", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
        assert process.wait(60) == 0
    assert said == b""
