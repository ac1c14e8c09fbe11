"""Fixtures of the library: the command line on the toy collection, and builds of a small one that may be changed."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kb.build import build
from kb.collection import Collection
from kb.namespaces import PREFIXES
from tests.kb.building import age
from tests.kb.running import Line

if TYPE_CHECKING:
    from pathlib import Path

    from kb.store import Reader

BROADER = ox.NamedNode(PREFIXES["skos"] + "broader")


@pytest.fixture
def line(toy: Collection, toy_reader: Reader, capsys: pytest.CaptureFixture[str]) -> Line:
    """Return the command line, on the toy collection unless told otherwise."""
    return Line(toy.studies[0], capsys)


@pytest.fixture(scope="session")
def small_toy(toy: Collection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the toy studies with no more of the ontology than they use, so that a build takes no time.

    Not to be changed.
    """
    folder = tmp_path_factory.mktemp("small")
    shutil.copytree(toy.studies[0], folder / "studies")
    (folder / "ontology").mkdir()
    text = " ".join(path.read_text("utf-8") for path in sorted(toy.studies[0].glob("*.bib")))
    words = {*re.findall(r"[\w-]+", text), *re.findall(r"[\w-]+", text.replace(":", "-"))}
    for path in sorted(toy.ontology.glob("*.ttl")):
        triples = [quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)]
        kept = {str(t.subject) for t in triples if str(t.subject).rstrip(">").rpartition("/")[2] in words}
        for _ in range(4):
            kept |= {str(t.object) for t in triples if t.predicate == BROADER and str(t.subject) in kept}
        lines = [f"{t} .\n" for t in triples if path.stem == "codes" or str(t.subject) in kept]
        (folder / "ontology" / path.name).write_text("".join(lines), "utf-8")
    return folder


@pytest.fixture
def small_copy(small_toy: Path, tmp_path: Path) -> Collection:
    """Return a copy of the small collection, for tests that change files."""
    shutil.copytree(small_toy, tmp_path / "toy")
    return Collection((tmp_path / "toy" / "studies",), tmp_path / "toy" / "ontology")


@pytest.fixture
def built(small_copy: Collection) -> Collection:
    """Return a copy of the small collection that was built when its files had long been there."""
    age(small_copy.ontology.parent)
    build(small_copy)
    return small_copy
