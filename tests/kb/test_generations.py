"""Generations: the switch is atomic, a reader keeps its generation, and what nobody reads is deleted."""

from __future__ import annotations

import fcntl
from typing import TYPE_CHECKING

import pytest

from kb import generations
from kb.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path


def test_without_a_build_there_is_no_generation(tmp_path: Path) -> None:
    assert generations.current(tmp_path) is None
    assert generations.hold(tmp_path) is None


def test_a_fresh_generation_is_not_current_before_the_switch(tmp_path: Path) -> None:
    generations.fresh(tmp_path)
    assert generations.current(tmp_path) is None


def test_the_switch_makes_a_generation_current(tmp_path: Path) -> None:
    generation = generations.fresh(tmp_path)
    generations.switch(tmp_path, generation)
    assert generations.current(tmp_path) == generation


def test_the_switch_deletes_what_nobody_reads(tmp_path: Path) -> None:
    first = generations.fresh(tmp_path)
    generations.switch(tmp_path, first)
    second = generations.fresh(tmp_path)
    generations.switch(tmp_path, second)
    assert not first.exists()
    assert second.is_dir()


def test_the_switch_keeps_what_somebody_reads_until_it_is_let_go(tmp_path: Path) -> None:
    first = generations.fresh(tmp_path)
    generations.switch(tmp_path, first)
    held = generations.hold(tmp_path)
    assert held is not None
    second = generations.fresh(tmp_path)
    generations.switch(tmp_path, second)
    assert first.is_dir()
    held[1].close()
    third = generations.fresh(tmp_path)
    generations.switch(tmp_path, third)
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == [third.name]


def test_two_readers_hold_one_generation(tmp_path: Path) -> None:
    generations.switch(tmp_path, generations.fresh(tmp_path))
    one, two = generations.hold(tmp_path), generations.hold(tmp_path)
    assert one is not None
    assert two is not None
    assert one[0] == two[0]
    one[1].close()
    generations.switch(tmp_path, generations.fresh(tmp_path))
    assert two[0].is_dir()
    two[1].close()


def test_what_a_dead_build_left_is_deleted_and_its_number_not_used_again(tmp_path: Path) -> None:
    dead = generations.fresh(tmp_path)
    (dead / "store").mkdir()
    (dead / "in-use.lock").unlink()
    generation = generations.fresh(tmp_path)
    assert generation.name > dead.name
    generations.switch(tmp_path, generation)
    assert not dead.exists()


def test_numbers_rise_beyond_gaps(tmp_path: Path) -> None:
    (tmp_path / "generation-000007").mkdir()
    assert generations.fresh(tmp_path).name == "generation-000008"


@pytest.mark.parametrize("content", ["", "nonsense", "generation-000009", "../elsewhere", "/etc"])
def test_a_damaged_pointer_means_nothing_is_built(tmp_path: Path, content: str) -> None:
    generations.fresh(tmp_path)
    (tmp_path / "current").write_text(content, "utf-8")
    assert generations.current(tmp_path) is None
    assert generations.hold(tmp_path) is None


def test_a_current_generation_without_its_lock_cannot_be_held(tmp_path: Path) -> None:
    generation = generations.fresh(tmp_path)
    generations.switch(tmp_path, generation)
    (generation / "in-use.lock").unlink()
    assert generations.hold(tmp_path) is None


def test_only_one_builds_at_a_time(tmp_path: Path) -> None:
    def try_lock() -> None:
        with (tmp_path / "build.lock").open("w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

    with generations.building(tmp_path), pytest.raises(BlockingIOError):
        try_lock()
    try_lock()


def test_the_right_to_build_is_given_back_when_a_build_fails(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="half-way"), generations.building(tmp_path):
        raise RuntimeError("half-way")
    with generations.building(tmp_path):
        assert (tmp_path / "build.lock").exists()


def test_a_cache_that_cannot_be_made_is_one_sentence_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(StoreError, match="MIPEX_KB_CACHE"), generations.building(tmp_path / "file" / "cache"):
        pass
