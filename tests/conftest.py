"""Fixtures: the bundled, toy and hostile collections, each with a cache of its own that the whole run shares."""

from __future__ import annotations

import gc
import os
import shutil
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kb.build import ensure
from kb.collection import Collection, bundled
from kb.session import make_session
from kb.tables import make_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.session import Session
    from kb.store import Reader

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent


gc.set_threshold(100_000, 50, 100)  # a seventh of the time goes into looking for garbage otherwise


def pytest_collection_finish() -> None:
    """Leave modules and thousands of tests, which all stay to the end, out of every later search for garbage."""
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs a program that is not there; in continuous integration it fails."""
    programs = {program for mark in item.iter_markers("needs") for program in mark.args}
    if absent := sorted(program for program in programs if not shutil.which(program)):
        stop = pytest.fail if os.environ.get("CI") else pytest.skip
        stop(f"needs {', '.join(absent)}, which .ci/run installs")


def pytest_sessionfinish() -> None:
    """Look for garbage once at the end: pytest does so five times over all that is left."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep every store of this run out of the user's cache folder, and what users make out of their own."""
    folder = tmp_path_factory.mktemp("cache")
    before = {name: os.environ.get(name) for name in ("MIPEX_KB_CACHE", "MIPEX_KB_HOME", "NO_COLOR")}
    os.environ["MIPEX_KB_CACHE"] = str(folder)
    os.environ["MIPEX_KB_HOME"] = str(folder / "home")
    os.environ.pop("NO_COLOR", None)
    yield folder
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@pytest.fixture(scope="session")
def toy(own_cache: Path) -> Collection:
    """Return five made-up studies with the shape of the real ones, on the real ontology. Not to be changed."""
    return Collection((TESTS / "toy",), ROOT / "ontology")


@pytest.fixture(scope="session")
def toy_reader(toy: Collection) -> Iterator[Reader]:
    """Return the opened toy collection."""
    reader, _ = ensure(toy)
    make_tables(reader)
    with reader:
        yield reader


@pytest.fixture(scope="session")
def whole(own_cache: Path) -> Collection:
    """Return the bundled collection. Not to be changed."""
    return bundled()


@pytest.fixture(scope="session")
def whole_reader(whole: Collection) -> Iterator[Reader]:
    """Return the opened bundled collection, in memory as in a session: questions take a third of the time there."""
    reader, _ = ensure(whole)
    make_tables(reader)
    reader.warm()
    with reader:
        yield reader


@pytest.fixture(scope="session")
def whole_session(whole: Collection) -> Iterator[Session]:
    """Return the session of the bundled collection, with nothing left to prepare."""
    with closing(make_session(whole)) as found:
        found.warm()
        yield found


@pytest.fixture(scope="session")
def hostile(own_cache: Path) -> Collection:
    """Return a collection of one record that tries everything."""
    return Collection((TESTS / "hostile",), ROOT / "ontology")


@pytest.fixture
def copy_of_toy(tmp_path: Path) -> Collection:
    """Return a copy of the toy collection and of the ontology, for tests that change files."""
    shutil.copytree(TESTS / "toy", tmp_path / "studies")
    shutil.copytree(ROOT / "ontology", tmp_path / "ontology")
    return Collection((tmp_path / "studies",), tmp_path / "ontology")


@pytest.fixture(scope="session")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield paths, one after the other, at which nothing is yet; pytest's own way takes longer than most tests."""
    folder = tmp_path_factory.mktemp("places")
    return (folder / str(number) for number in count())


@pytest.fixture
def tmp_path(places: Iterator[Path]) -> Path:
    """Return an empty folder of the test's own."""
    folder = next(places)
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def own_home(places: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every test a folder of its own for baskets, saved queries and what the program remembers."""
    monkeypatch.setenv("MIPEX_KB_HOME", str(next(places)))
