"""Builds: only what changed is read again, the result equals a clean build, and neither death nor company harms it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

import kb.build
from kb import generations
from kb.build import build, ensure, known_manifest
from kb.collection import Collection
from kb.errors import CollectionError, StoreError
from kb.namespaces import PREFIXES, graph_iri
from kb.stamps import is_fresh
from kb.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from kb.collection import SourceFile
    from kb.manifest import Part

BROADER = ox.NamedNode(PREFIXES["skos"] + "broader")

TITLE = "SELECT ?t { <https://w3id.org/mipex-kb/study/alpha2001trust> dcterms:title ?t }"
STUDIES = "SELECT ?k { ?s a ev:Study ; dcterms:identifier ?k } ORDER BY ?k"
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
_BUILDING = """
import sys
from pathlib import Path
from kb.build import ensure
from kb.collection import Collection
reader, _ = ensure(Collection((Path(sys.argv[1]),), Path(sys.argv[2])))
print(reader.rows("SELECT (COUNT(*) AS ?n) { ?s a ev:Study }")[0][0])
"""


@pytest.fixture(scope="module")
def small(toy: Collection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the toy studies with no more of the ontology than they use, so that a build takes no time."""
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
def copy_of_toy(small: Path, tmp_path: Path) -> Collection:
    shutil.copytree(small, tmp_path / "toy")
    return Collection((tmp_path / "toy" / "studies",), tmp_path / "toy" / "ontology")


def age(folder: Path) -> None:
    """Make all files look as if they had been written long ago, so that no stamp is in doubt."""
    for path in folder.rglob("*.*"):
        os.utime(path, ns=(10**18, 10**18))


@pytest.fixture
def built(copy_of_toy: Collection) -> Collection:
    age(copy_of_toy.ontology.parent)
    build(copy_of_toy)
    return copy_of_toy


def dump(collection: Collection) -> bytes:
    with open_store(collection) as reader:
        return reader.dump()


def clean_dump(collection: Collection) -> bytes:
    """Return what a build from nothing gives for the same files."""
    build(collection, clean=True)
    return dump(collection)


def rows(collection: Collection, query: str) -> list[str]:
    with open_store(collection) as reader:
        return [row[0] for row in reader.rows(query)]


def edit(collection: Collection, name: str, old: str, new: str) -> Path:
    path = collection.studies[0] / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return path


def test_the_first_build_reads_every_file(copy_of_toy: Collection) -> None:
    report = build(copy_of_toy)
    assert report.files == report.read == len(copy_of_toy.study_files()) + len(copy_of_toy.ontology_files())
    assert report.problems == []
    assert report.quads == dump(copy_of_toy).count(b"\n")


def test_without_a_change_nothing_is_read(built: Collection) -> None:
    generation = generations.current(built.cache())
    assert build(built).read == 0
    assert generations.current(built.cache()) == generation


def test_an_up_to_date_store_is_opened_without_a_build(built: Collection) -> None:
    reader, report = ensure(built)
    reader.close()
    assert report is None


def test_touching_one_file_reads_one_file(built: Collection) -> None:
    edit(built, "alpha2001trust.bib", "Made-up study of equal treatment and trust", "Another title")
    assert build(built).read == 1
    assert rows(built, TITLE) == ["Another title"]


def test_a_new_time_with_the_old_text_reads_nothing_and_is_fresh_again(built: Collection) -> None:
    os.utime(built.studies[0] / "alpha2001trust.bib", ns=(10**18 + 5, 10**18 + 5))
    assert not is_fresh(built)
    generation = generations.current(built.cache())
    assert build(built).read == 0
    assert generations.current(built.cache()) == generation
    assert is_fresh(built)


def test_a_changed_file_replaces_its_own_graph_and_nothing_else(built: Collection) -> None:
    before = dump(built).splitlines()
    edit(built, "alpha2001trust.bib", "Made-up study of equal treatment and trust", "Another title")
    build(built)
    after = dump(built).splitlines()
    changed = set(before) ^ set(after)
    graph = f"<{graph_iri('studies', 'alpha2001trust')}> .".encode()
    assert changed
    assert {line for line in changed if not line.endswith(graph)} == set()


def test_a_removed_file_takes_its_graph_away(built: Collection) -> None:
    (built.studies[0] / "delta2004reform.bib").unlink()
    report = build(built)
    assert report.read == 0
    assert graph_iri("studies", "delta2004reform").encode() not in dump(built)
    assert rows(built, STUDIES) == ["alpha2001trust", "beta2002moderator", "epsilon2005review", "gamma2003index"]


def test_an_added_file_is_the_only_one_read(built: Collection) -> None:
    text = (built.studies[0] / "epsilon2005review.bib").read_text("utf-8").replace("epsilon2005review", "zeta2006new")
    (built.studies[0] / "zeta2006new.bib").write_text(text, "utf-8")
    assert build(built).read == 1
    assert "zeta2006new" in rows(built, STUDIES)


def change_study(collection: Collection) -> None:
    edit(collection, "alpha2001trust.bib", "direction   = {positive}", "direction   = {null}")


def remove_study(collection: Collection) -> None:
    (collection.studies[0] / "gamma2003index.bib").unlink()


def rename_study(collection: Collection) -> None:
    (collection.studies[0] / "gamma2003index.bib").rename(collection.studies[0] / "other.bib")


def break_study(collection: Collection) -> None:
    edit(collection, "delta2004reform.bib", "title     = {", "title     = ")


def change_ontology(collection: Collection) -> None:
    path = collection.ontology / "outcomes.ttl"
    text = path.read_text("utf-8")
    assert '"-1"^^' in text
    path.write_text(text.replace('"-1"^^', '"1"^^'), "utf-8")


def change_much(collection: Collection) -> None:
    for path in collection.studies[0].glob("*.bib"):
        path.write_text(path.read_text("utf-8").replace("made-up", "invented"), "utf-8")


CHANGES = [change_study, remove_study, rename_study, break_study, change_ontology, change_much]


@pytest.mark.parametrize("change", CHANGES)
def test_a_build_after_a_change_equals_a_clean_build(change: Callable[[Collection], None], built: Collection) -> None:
    before = dump(built)
    change(built)
    report = build(built)
    after = dump(built)
    assert after != before
    assert after == clean_dump(built)
    assert report.problems == build(built).problems


def test_a_long_row_of_changes_equals_a_clean_build(built: Collection) -> None:
    for change in (change_study, rename_study, remove_study, change_study, break_study):
        try:
            change(built)
        except (AssertionError, FileNotFoundError):
            continue
        build(built)
    assert dump(built) == clean_dump(built)


def test_a_changed_ontology_reads_everything_again(built: Collection) -> None:
    change_ontology(built)
    report = build(built)
    assert report.read == report.files


def test_a_changed_valence_changes_the_derived_appraisal(built: Collection) -> None:
    query = "SELECT ?a { finding:alpha2001trust-2 ev:appraisal/skos:notation ?a }"
    assert rows(built, query) == ["favourable"]
    change_ontology(built)
    build(built)
    assert rows(built, query) == ["unfavourable"]


def test_a_file_rewritten_in_the_moment_of_the_build_with_equal_size_and_time_is_noticed(
    copy_of_toy: Collection,
) -> None:
    path = copy_of_toy.studies[0] / "alpha2001trust.bib"
    path.write_text(path.read_text("utf-8"), "utf-8")
    build(copy_of_toy)
    stat = path.stat()
    edit(copy_of_toy, path.name, "Made-up study of equal treatment", "Made-up study of other treatment"[:32])
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert path.stat().st_size == stat.st_size
    reader, _ = ensure(copy_of_toy)
    with reader:
        assert reader.rows(TITLE) == [["Made-up study of other treatment and trust"]]


def test_a_file_changed_while_it_is_being_read_is_noticed_by_the_next_build(
    built: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = edit(built, "alpha2001trust.bib", "Made-up study of equal treatment and trust", "Second title")
    real = kb.build._Build._make

    def late(self: kb.build._Build, file: SourceFile, content: bytes, digest: str) -> Part:
        part = real(self, file, content, digest)
        if file.path == str(path):
            path.write_text(path.read_text("utf-8").replace("Second title", "The third title"), "utf-8")
        return part

    with monkeypatch.context() as patch:
        patch.setattr(kb.build._Build, "_make", late)
        build(built)
    assert rows(built, TITLE) == ["Second title"]
    reader, _ = ensure(built)
    with reader:
        assert reader.rows(TITLE) == [["The third title"]]


@pytest.mark.parametrize("name", ["_part", "_make", "_write_store"])
def test_a_build_that_fails_half_way_leaves_the_old_store_and_the_next_is_right(
    name: str, built: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dump(built)
    change_study(built)

    def fail(*_: object) -> None:
        raise RuntimeError("half-way")

    with monkeypatch.context() as patch:
        patch.setattr(kb.build._Build, name, fail)
        with pytest.raises(RuntimeError, match="half-way"):
            build(built)
    assert dump(built) == before
    build(built)
    after = dump(built)
    assert after == clean_dump(built)
    assert after != before


DEATHS = [
    ("kb.build._Build._make", "before"),
    ("kb.generations.fresh", "after"),
    ("kb.build._Build._write_store", "after"),
    ("kb.build.write_manifest", "after"),
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


@pytest.mark.parametrize("place", ["kb.loader.Loader.add", "kb.loader.Loader.close"])
def test_a_first_build_that_is_killed_leaves_nothing_in_the_way(place: str, copy_of_toy: Collection) -> None:
    folders = [str(copy_of_toy.studies[0]), str(copy_of_toy.ontology)]
    command = [sys.executable, "-c", _KILLED, *folders, place, "after"]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    build(copy_of_toy)
    left = [path for path in copy_of_toy.cache().iterdir() if path.is_dir()]
    assert left == [generations.current(copy_of_toy.cache())]


def test_builds_at_once_do_each_other_no_harm(copy_of_toy: Collection) -> None:
    command = [sys.executable, "-c", _BUILDING, str(copy_of_toy.studies[0]), str(copy_of_toy.ontology)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
    results = [process.communicate(timeout=60) for process in running]
    assert [(process.returncode, *result) for process, result in zip(running, results, strict=True)] == [
        (0, b"5\n", b"")
    ] * 3
    assert dump(copy_of_toy) == clean_dump(copy_of_toy)


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


def second_alpha(collection: Collection) -> Path:
    path = collection.studies[0] / "zz.bib"
    text = (collection.studies[0] / "alpha2001trust.bib").read_text("utf-8")
    path.write_text("\n\n" + text.replace("Made-up study of equal treatment and trust", "The other one"), "utf-8")
    return path


def test_of_two_files_with_one_key_the_first_wins_and_the_clash_is_reported(built: Collection) -> None:
    path = second_alpha(built)
    report = build(built)
    clashes = [(p.severity, p.file, p.line, p.key) for p in report.problems]
    assert clashes == [("error", str(path), 3, "alpha2001trust")]
    assert "alpha2001trust.bib" in report.problems[0].message
    assert rows(built, TITLE) == ["Made-up study of equal treatment and trust"]
    assert dump(built) == clean_dump(built)


def test_once_the_first_file_of_a_clash_is_gone_the_second_is_loaded(built: Collection) -> None:
    second_alpha(built)
    build(built)
    (built.studies[0] / "alpha2001trust.bib").unlink()
    assert build(built).problems == []
    assert rows(built, TITLE) == ["The other one"]
    assert dump(built) == clean_dump(built)


def test_a_file_that_comes_before_takes_the_key_over(built: Collection) -> None:
    second = second_alpha(built)
    build(built)
    second.rename(built.studies[0] / "aa.bib")
    report = build(built)
    assert [Path(p.file).name for p in report.problems] == ["alpha2001trust.bib"]
    assert rows(built, TITLE) == ["The other one"]
    assert dump(built) == clean_dump(built)


def test_folders_take_precedence_in_their_order(built: Collection, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    shutil.copy(built.studies[0] / "alpha2001trust.bib", own)
    path = own / "alpha2001trust.bib"
    path.write_text(path.read_text("utf-8").replace("equal treatment and trust", "my own"), "utf-8")
    both = Collection((own, built.studies[0]), built.ontology)
    report = build(both)
    assert rows(both, TITLE) == ["Made-up study of my own"]
    assert [p.file for p in report.problems] == [str(built.studies[0] / "alpha2001trust.bib")]


def test_problems_of_files_that_were_not_read_again_are_still_reported(built: Collection) -> None:
    edit(built, "delta2004reform.bib", "direction   = {positive}", "direction   = {positve}")
    first = build(built).problems
    change_study(built)
    report = build(built)
    assert report.read == 1
    assert report.problems == first != []


def test_a_file_that_is_no_utf8_is_reported_with_its_line_and_read_as_far_as_possible(built: Collection) -> None:
    path = built.studies[0] / "delta2004reform.bib"
    path.write_bytes(path.read_bytes().replace(b"Delta, Dora", b"D\xe9lta, Dora"))
    report = build(built)
    assert [(p.file, p.line) for p in report.problems if "UTF-8" in p.message] == [(str(path), 2)]
    assert "delta2004reform" in rows(built, STUDIES)


@pytest.mark.parametrize("content", [b"no turtle", b"\xff\xfe", b"<a> <b> <c> ."])
def test_a_broken_ontology_is_one_sentence_that_names_the_file(content: bytes, built: Collection) -> None:
    before = dump(built)
    (built.ontology / "own.ttl").write_bytes(content)
    with pytest.raises(CollectionError, match=r"own\.ttl"):
        build(built)
    assert dump(built) == before


def test_a_store_that_is_gone_is_mended_by_a_clean_build(built: Collection) -> None:
    before = dump(built)
    generation = generations.current(built.cache())
    assert generation is not None
    shutil.rmtree(generation / "store")
    with pytest.raises(StoreError, match="build --clean"):
        ensure(built)
    assert clean_dump(built) == before


@pytest.mark.parametrize("name", ["manifest.json", "stamps.txt", "in-use.lock"])
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


def test_an_empty_collection_builds(built: Collection) -> None:
    for path in built.studies[0].iterdir():
        path.unlink()
    build(built)
    assert rows(built, STUDIES) == []


def test_progress_names_every_file_that_is_read(built: Collection) -> None:
    seen: list[tuple[int, int, str]] = []
    change_study(built)
    build(built, lambda done, total, name: seen.append((done, total, name)))
    assert [name for _, _, name in seen] == ["alpha2001trust.bib"]
    assert all(0 < done <= total for done, total, _ in seen)
