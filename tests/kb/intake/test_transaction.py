"""Transactions: all or nothing, one writer at a time, and a way back; a folder from elsewhere is not trusted."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

import pytest

from kb.errors import IntakeError
from kb.intake.transaction import FOLDER, apply, last, recover, undo, writing
from tests.kb.intake.files import leftovers, state

if TYPE_CHECKING:
    from pathlib import Path


def change(studies: Path, what: str, **after: str | None) -> None:
    with writing(studies):
        apply(studies, what, {f"{name}.bib": text for name, text in after.items()})


def take_back(studies: Path) -> str:
    with writing(studies):
        return undo(studies).what


def test_files_are_made_changed_and_deleted_together_and_put_back(tmp_path: Path) -> None:
    change(tmp_path, "first", a="A", b="B")
    change(tmp_path, "second", a="A2", b=None, c="C")
    assert state(tmp_path) == {"a.bib": b"A2", "c.bib": b"C"}
    assert take_back(tmp_path) == "second"
    assert state(tmp_path) == {"a.bib": b"A", "b.bib": b"B"}
    assert take_back(tmp_path) == "first"
    assert state(tmp_path) == {}
    with pytest.raises(IntakeError, match="nothing to undo"):
        take_back(tmp_path)
    assert leftovers(tmp_path) == []


def test_bytes_that_are_no_text_come_back_as_they_were(tmp_path: Path) -> None:
    content = b"\xff\xfe caf\xe9 \r\n \0 \r"
    (tmp_path / "a.bib").write_bytes(content)
    change(tmp_path, "x", a="new")
    take_back(tmp_path)
    assert state(tmp_path) == {"a.bib": content}


def test_a_change_that_changes_nothing_is_not_kept(tmp_path: Path) -> None:
    change(tmp_path, "first", a="A")
    change(tmp_path, "second", a="A")
    assert take_back(tmp_path) == "first"


def test_undo_is_refused_where_a_file_changed_since(tmp_path: Path) -> None:
    change(tmp_path, "first", a="A", b="B")
    (tmp_path / "b.bib").write_text("B by hand", "utf-8")
    with pytest.raises(IntakeError, match=r"b\.bib changed since"):
        take_back(tmp_path)
    assert state(tmp_path) == {"a.bib": b"A", "b.bib": b"B by hand"}
    (tmp_path / "b.bib").unlink()
    with pytest.raises(IntakeError, match=r"b\.bib changed since"):
        take_back(tmp_path)


def test_the_last_fifty_changes_can_be_taken_back(tmp_path: Path) -> None:
    for number in range(51):
        change(tmp_path, f"change {number}", a=str(number))
    assert len(list((tmp_path / FOLDER / "done").glob("*.json"))) == 50
    done = [take_back(tmp_path) for _ in range(50)]
    assert done == [f"change {number}" for number in range(50, 0, -1)]
    assert state(tmp_path) == {"a.bib": b"0"}
    with pytest.raises(IntakeError, match="nothing to undo"):
        take_back(tmp_path)


def test_what_would_be_undone_can_be_asked_without_doing_it(tmp_path: Path) -> None:
    assert last(tmp_path) is None
    change(tmp_path, "first", a="A")
    before = state(tmp_path)
    assert last(tmp_path) == ("first", [("a.bib", None, "A")])
    assert state(tmp_path) == before


def test_a_second_writer_waits_for_the_first(tmp_path: Path) -> None:
    order: list[str] = []
    inside = threading.Event()

    def second() -> None:
        inside.wait()
        with writing(tmp_path):
            order.append("second")

    other = threading.Thread(target=second)
    other.start()
    with writing(tmp_path):
        inside.set()
        other.join(0.2)
        assert other.is_alive()
        order.append("first")
    other.join(30)
    assert order == ["first", "second"]


def test_recovery_leaves_a_writer_at_work_alone(tmp_path: Path) -> None:
    pending = tmp_path / FOLDER / "pending.json"
    with writing(tmp_path):
        pending.write_text(json.dumps({"what": "x", "changes": [["a.bib", None, "A"]]}), "utf-8")
        (tmp_path / "a.bib").write_text("A", "utf-8")
        recover(tmp_path)
        assert state(tmp_path) == {"a.bib": b"A"}
    recover(tmp_path)
    assert state(tmp_path) == {}


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("a file where the folder should be", "utf-8")
    with pytest.raises(IntakeError, match="mipex-kb init"):
        change(tmp_path, "x", a="A")
    recover(tmp_path)


OUTSIDE = [
    "../victim.bib",
    "/victim.bib",
    "sub/victim.bib",
    "victim.txt",
    ".bib",
    ".victim.bib",
    "..",
    "",
    "a\\b.bib",
    7,
]
RECORDS = [
    *({"what": "x", "changes": [[name, "overwritten", None]]} for name in OUTSIDE),
    {"what": "x", "changes": [["a.bib", 1, 2]]},
    {"what": "x", "changes": [["a.bib", "x"]]},
    {"what": "x", "changes": 3},
    {"changes": []},
    [],
    "text",
]


@pytest.mark.parametrize("record", RECORDS)
def test_a_record_from_elsewhere_touches_nothing_but_study_files(tmp_path: Path, record: object) -> None:
    studies = tmp_path / "studies"
    (studies / FOLDER / "done").mkdir(parents=True)
    (studies / FOLDER / "lock").touch()
    (studies / "sub").mkdir()
    for place in (tmp_path / "victim.bib", studies / "victim.txt", studies / "sub" / "victim.bib", studies / "a.bib"):
        place.write_text("untouched", "utf-8")
    (studies / FOLDER / "pending.json").write_text(json.dumps(record), "utf-8")
    recover(studies)
    (studies / FOLDER / "done" / "00000001.json").write_text(json.dumps(record), "utf-8")
    with pytest.raises(IntakeError, match=r"cannot be read"):
        take_back(studies)
    found = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.suffix in (".bib", ".txt")}
    assert found == {"victim.bib", "studies/victim.txt", "studies/sub/victim.bib", "studies/a.bib"}
    assert {path.read_text("utf-8") for path in tmp_path.rglob("*.bib")} == {"untouched"}
    assert not (studies / FOLDER / "pending.json").exists()


def test_a_lock_that_points_elsewhere_empties_no_file(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("untouched", "utf-8")
    (tmp_path / "studies" / FOLDER).mkdir(parents=True)
    (tmp_path / "studies" / FOLDER / "lock").symlink_to(victim)
    recover(tmp_path / "studies")
    change(tmp_path / "studies", "x", a="A")
    assert victim.read_text("utf-8") == "untouched"


def test_progress_counts_the_files_that_are_written(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    with writing(tmp_path):
        apply(tmp_path, "add", {"a.bib": "a", "b.bib": "b"}, lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]
