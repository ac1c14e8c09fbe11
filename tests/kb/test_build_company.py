"""Builds in company: with other builds at once, and with readers of older generations."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from kb import generations
from kb.build import build
from kb.stamps import scan
from kb.store import open_store
from tests.kb.building import STUDIES, TITLE, change_study, clean_dump, dump, remove_study, rows

if TYPE_CHECKING:
    from kb.collection import Collection

_BUILDING = """
import sys
from pathlib import Path
from kb.build import ensure
from kb.collection import Collection
reader, _ = ensure(Collection((Path(sys.argv[1]),), Path(sys.argv[2])))
print(reader.rows("SELECT (COUNT(*) AS ?n) { ?s a ev:Study }")[0][0])
"""


def test_builds_at_once_do_each_other_no_harm(small_copy: Collection) -> None:
    command = [sys.executable, "-c", _BUILDING, str(small_copy.studies[0]), str(small_copy.ontology)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
    results = [process.communicate(timeout=60) for process in running]
    assert [(process.returncode, *result) for process, result in zip(running, results, strict=True)] == [
        (0, b"5\n", b"")
    ] * 3
    assert dump(small_copy) == clean_dump(small_copy)


def test_a_reader_keeps_its_generation_while_and_after_new_builds(built: Collection) -> None:
    with open_store(built) as reader:
        before = reader.dump()
        for title in ("Second title", "Third title"):
            path = built.studies[0] / "alpha2001trust.bib"
            lines = path.read_text("utf-8").splitlines(keepends=True)
            path.write_text("".join(f"  title = {{{title}}},\n" if "  title " in x else x for x in lines), "utf-8")
            build(built)
            assert reader.rows(TITLE) == [["Made-up study of equal treatment and trust"]]
            assert rows(built, TITLE) == [title]
        assert reader.dump() == before
        assert reader.folder.is_dir()


def test_unread_generations_are_deleted(built: Collection) -> None:
    reader = open_store(built)
    change_study(built)
    build(built)
    assert len([path for path in built.cache().iterdir() if path.is_dir()]) == 2
    reader.close()
    remove_study(built)
    build(built)
    assert [path for path in built.cache().iterdir() if path.is_dir()] == [generations.current(built.cache())]


def test_what_was_seen_before_another_build_is_looked_at_again(built: Collection) -> None:
    seen = scan(built)
    text = (built.studies[0] / "epsilon2005review.bib").read_text("utf-8").replace("epsilon2005", "zeta2006")
    (built.studies[0] / "zeta2006review.bib").write_text(text, "utf-8")
    build(built)
    build(built, seen=seen)
    assert "zeta2006review" in rows(built, STUDIES)
