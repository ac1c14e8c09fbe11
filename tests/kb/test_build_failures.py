"""Builds that fail or are killed half-way, and a damaged cache: the old store stays, and the next build is right."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kb import generations
from kb.build import build, ensure, known_manifest
from kb.errors import StoreError
from tests.kb.building import change_study, clean_dump, dump

if TYPE_CHECKING:
    from kb.collection import Collection

_KILLED = """
import os, signal, sys
import pkgutil
from pathlib import Path
from kb.build import build
from kb.collection import Collection
place, when = sys.argv[3], sys.argv[4]
owner, _, name = place.rpartition(".")
owner = pkgutil.resolve_name(owner)
real = getattr(owner, name)
def dying(*arguments, **named):
    if when == "after":
        real(*arguments, **named)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(owner, name, dying)
build(Collection((Path(sys.argv[1]),), Path(sys.argv[2])))
"""

_INTERRUPTED = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may have it ignored
from pathlib import Path
import kb.reading
from kb.build import build
from kb.collection import Collection
kb.reading._ENOUGH = 50
kb.reading.processors = lambda: 2
started = []
real = kb.reading._start
def noting(generation):
    started.append(real(generation))
    return started[-1]
kb.reading._start = noting
def progress(done, total, name):
    if done == total - 40:
        print(*[process.pid for process in started], flush=True)
        signal.pause()
build(Collection((Path(sys.argv[1]),), Path(sys.argv[2])), progress)
"""


@pytest.mark.parametrize("place", ["kb.build._Build._change", "kb.reading.read_study", "kb.build.take_out"])
def test_a_build_that_fails_half_way_leaves_the_old_store_and_the_next_is_right(
    place: str, built: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dump(built)
    change_study(built)

    def fail(*_: object) -> None:
        raise RuntimeError("half-way")

    with monkeypatch.context() as patch:
        patch.setattr(place, fail)
        with pytest.raises(RuntimeError, match="half-way"):
            build(built)
    assert dump(built) == before
    build(built)
    after = dump(built)
    assert after == clean_dump(built)
    assert after != before


DEATHS = [
    ("kb.readings._decode", "before"),
    ("kb.generations.fresh", "after"),
    ("kb.build.copy_store", "after"),
    ("kb.build.put_in", "after"),
    ("kb.build._Build._write_manifest", "after"),
    ("kb.build.write_stamps", "after"),
    ("kb.generations._delete_unread", "before"),
    ("kb.generations.switch", "after"),
]


@pytest.mark.parametrize(("place", "when"), DEATHS)
def test_a_killed_build_leaves_a_usable_store_and_the_next_is_right(place: str, when: str, built: Collection) -> None:
    before = dump(built)
    change_study(built)
    command = [sys.executable, "-c", _KILLED, str(built.studies[0]), str(built.ontology), place, when]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    survived = dump(built)
    reader, _ = ensure(built)
    with reader:
        after = reader.dump()
    assert after == clean_dump(built)
    assert survived in (before, after)
    assert after != before


@pytest.mark.parametrize("place", ["kb.loader.Loader.add", "kb.loader.Loader.__exit__"])
def test_a_first_build_that_is_killed_leaves_nothing_in_the_way(place: str, small_copy: Collection) -> None:
    folders = [str(small_copy.studies[0]), str(small_copy.ontology)]
    command = [sys.executable, "-c", _KILLED, *folders, place, "after"]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    build(small_copy)
    left = [path for path in small_copy.cache().iterdir() if path.is_dir()]
    assert left == [generations.current(small_copy.cache())]


def test_a_first_build_that_is_interrupted_leaves_neither_files_nor_processes(small_copy: Collection) -> None:
    text = (small_copy.studies[0] / "epsilon2005review.bib").read_text("utf-8")
    for number in range(120):
        (small_copy.studies[0] / f"zeta{number}.bib").write_text(text.replace("epsilon2005review", f"zeta{number}"))
    command = [sys.executable, "-c", _INTERRUPTED, str(small_copy.studies[0]), str(small_copy.ontology)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        children = running.stdout.readline().split()
        running.send_signal(signal.SIGINT)
        try:
            _, told = running.communicate(timeout=60)
        finally:
            running.kill()
    assert told.splitlines()[-1] == "KeyboardInterrupt"
    assert len(children) == 2
    assert [child for child in children if Path(f"/proc/{child}").exists()] == []
    assert [path.name for path in small_copy.cache().iterdir()] == ["build.lock"]


def test_a_store_that_is_gone_is_mended_by_a_clean_build(built: Collection) -> None:
    before = dump(built)
    generation = generations.current(built.cache())
    assert generation is not None
    shutil.rmtree(generation / "store")
    with pytest.raises(StoreError, match="build --clean"):
        ensure(built)
    assert clean_dump(built) == before


@pytest.mark.parametrize("name", ["manifest.sqlite", "stamps", "in-use.lock"])
def test_a_lost_file_of_the_cache_is_mended_by_the_next_build(name: str, built: Collection) -> None:
    before = dump(built)
    generation = generations.current(built.cache())
    assert generation is not None
    (generation / name).unlink()
    build(built)
    assert dump(built) == before
    assert known_manifest(built) is not None


def test_lost_words_of_the_cache_lose_no_finding(built: Collection) -> None:
    generation = generations.current(built.cache())
    assert generation is not None
    shutil.rmtree(generation / "words")
    change_study(built)
    assert build(built).problems == []
    assert dump(built) == clean_dump(built)


def test_a_cache_that_is_a_file_is_one_sentence(built: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIPEX_KB_CACHE", str(built.studies[0] / "alpha2001trust.bib"))
    with pytest.raises(StoreError, match="MIPEX_KB_CACHE"):
        build(built)
