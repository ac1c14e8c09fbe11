"""The tables of findings and studies beside the store: the same as the store gives, and made anew only in part."""

from __future__ import annotations

import marshal
from typing import TYPE_CHECKING, Any

import pytest

from kb import tables
from kb.build import build, ensure
from kb.evidence import Question, answer, keys_of
from kb.store import open_store
from kb.studies import study_documents
from kb.tables import BEFORE, FILE, known_tables, make_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.collection import Collection
    from kb.store import Reader
    from kb.tables import StudyRow


#: What the file may hold and should not.
ODD: list[Any] = [[], {}, 7, {"columns": []}]


def test_the_findings_are_those_of_the_store_in_the_same_order(whole_reader: Reader) -> None:
    assert make_tables(whole_reader).findings == answer(whole_reader, Question(measure=("all",))).rows


def test_the_studies_are_those_of_the_store(whole_reader: Reader) -> None:
    rows = make_tables(whole_reader).studies
    assert [row.study for row in rows] == sorted(row.study for row in rows)
    names = {"bib_status": "bibstatus", "measure_status": "measurestatus"}
    documents = study_documents(whole_reader, [row.study for row in rows], findings=False)
    for row, document in zip(rows, documents, strict=True):
        expected = [document.fields.get(names.get(name, name), "") for name in row._fields[1:]]
        assert list(row) == [document.key, *expected]


@pytest.mark.parametrize("name", ["whole_reader", "toy_reader", "hostile_reader"])
def test_those_that_a_build_writes_are_those_of_the_store(name: str, request: pytest.FixtureRequest) -> None:
    reader: Reader = request.getfixturevalue(name)
    written = known_tables(reader.folder)
    assert written is not None
    assert written._replace(history=[]) == tables._make(reader)._replace(history=[])


@pytest.fixture
def hostile_reader(hostile: Collection) -> Iterator[Reader]:
    with ensure(hostile)[0] as reader:
        yield reader


def test_they_are_kept(toy_reader: Reader) -> None:
    made = make_tables(toy_reader)
    assert known_tables(toy_reader.folder) == made


@pytest.mark.parametrize("content", [b"", b"{", b"\xff" * 20, *map(marshal.dumps, ODD)])
def test_damaged_ones_are_made_again(copy_of_toy: Collection, content: bytes) -> None:
    with ensure(copy_of_toy)[0] as reader:
        made = make_tables(reader)
        (reader.folder / FILE).write_bytes(content)
        assert known_tables(reader.folder) is None
        assert make_tables(reader) == made


def test_only_changed_studies_are_asked_for_again(copy_of_toy: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    with ensure(copy_of_toy)[0] as reader:
        before = make_tables(reader)
    path = copy_of_toy.studies[0] / "alpha2001trust.bib"
    path.write_text(path.read_text("utf-8").replace("equal treatment", "unequal treatment"), "utf-8")
    (copy_of_toy.studies[0] / "gamma2003index.bib").unlink()
    build(copy_of_toy)
    asked: list[set[str] | None] = []
    original = tables._study_rows

    def noting(reader: Reader, keys: set[str] | None) -> list[StudyRow]:
        asked.append(keys)
        return original(reader, keys)

    monkeypatch.setattr(tables, "_study_rows", noting)
    with open_store(copy_of_toy) as reader:
        assert (reader.folder / BEFORE).exists()
        after = make_tables(reader)
        assert after.findings == answer(reader, Question(measure=("all",))).rows
    assert [{key.partition("-")[0] for key in keys or ()} for keys in asked] == [{"alpha2001trust"}]
    assert {row.study for row in before.studies} - {row.study for row in after.studies} == {"gamma2003index"}
    assert before.version != after.version


def test_a_folder_that_cannot_be_written_only_costs_time(
    copy_of_toy: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ensure(copy_of_toy)[0] as reader:
        (reader.folder / FILE).unlink()

        def refuse(*_: object) -> None:
            raise OSError

        monkeypatch.setattr("pathlib.Path.write_bytes", refuse)
        assert len(make_tables(reader).findings) == 7
        monkeypatch.undo()
        assert known_tables(reader.folder) is None


def test_the_file_names_its_columns(toy_reader: Reader) -> None:
    make_tables(toy_reader)
    content = marshal.loads((toy_reader.folder / FILE).read_bytes())
    assert content["columns"][1][:2] == ["finding", "study"]
    assert set(content["digests"]) > {"https://w3id.org/mipex-kb/graph/studies/alpha2001trust"}


def test_keys_come_once_in_their_order(toy_reader: Reader) -> None:
    rows = make_tables(toy_reader).findings
    assert sorted(keys_of(rows)) == sorted({row.study for row in rows})
    assert keys_of(rows)[0] == rows[0].study
