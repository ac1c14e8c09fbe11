"""Files of every origin: what is offered, what is reported, and that each text written is one that we read."""

from __future__ import annotations

import pytest

from kb.bibtex import read
from kb.intake.decoding import decode_bytes
from kb.intake.incoming import read_incoming
from kb.intake.plan import make_plan
from tests.kb.intake.files import EXPECTED, FILES, NOTHING, add, plan_of, state, text_of

MACROS = {"month"}  # pybtex spells out names of months


def test_the_table_names_every_file() -> None:
    assert sorted(EXPECTED) == sorted(path.name for path in FILES.glob("*.bib"))
    assert len(EXPECTED) >= 60


@pytest.mark.parametrize("name", EXPECTED)
def test_every_entry_of_a_file_is_offered_or_reported(name: str) -> None:
    expected = EXPECTED[name]
    decoded = decode_bytes((FILES / name).read_bytes())
    plan = make_plan(decoded, NOTHING)
    counts = (len(plan.rows), len(plan.rows) - plan.count("broken"), plan.count("broken"))
    assert counts == (int(expected["entries"]), int(expected["offered"]), int(expected["reported"]))
    assert decoded.encoding == expected["encoding"]
    said = "\n".join([*plan.remarks, *(text for row in plan.rows for text in (*row.problems, *row.changes))])
    for words in filter(None, expected["words"].split(" | ")):
        assert words in said
    for row in plan.rows:
        assert row.status != "broken" or (row.problems and row.line >= 1)


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_written_reads_back_with_the_same_fields(name: str) -> None:
    text = text_of(name)
    incoming = {(item.entry.line, item.key): item for item in read_incoming(text).entries}
    for row in plan_of(text).rows:
        if not row.text:
            continue
        found = read(row.text)
        assert [problem for problem in found.problems if problem.severity == "error"] == []
        study = found.entries[0]
        assert study.key == row.citekey
        offered = incoming[row.line, row.key].fields
        anew = any(change.startswith("written anew") for change in row.changes)
        for field in set(study.fields) & set(offered) - MACROS:
            ours, theirs = study.fields[field].split(), offered[field].split()
            assert ours == theirs or (anew and "\\" in offered[field])
        said = " ".join(row.changes)
        for field in set(offered) - set(study.fields) - {"crossref", "xdata"}:
            assert field in said or not offered[field].strip()


def test_private_fields_and_abstracts_never_reach_a_file() -> None:
    private = ("abstract", "file", "annote", "bdsk-file-1", "local-url", "owner", "mendeley-groups", "comment-anna")
    for name in EXPECTED:
        for row in plan_of(text_of(name)).rows:
            for entry in read(row.text).entries:
                assert set(entry.fields) & set(private) == set()


@pytest.mark.parametrize("name", EXPECTED)
def test_adding_a_file_twice_changes_nothing_the_second_time(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from kb.collection import Collection
    from kb.intake.deed import Decisions
    from kb.intake.existing import read_existing
    from tests.kb.intake.files import ONTOLOGY

    studies = tmp_path_factory.mktemp("own")
    text = text_of(name)
    add(studies, text, Decisions(add_probable=True))
    before = state(studies)
    again = plan_of(text, read_existing(Collection((studies,), ONTOLOGY)))
    assert {row.status for row in again.rows} <= {"same", "broken"}
    assert add(studies, text, Decisions(update=True)).added == ()
    assert state(studies) == before
