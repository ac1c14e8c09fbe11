"""The plan: each entry with its status, its like and its new file; twice the same file, duplicates, findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.collection import Collection
from kb.intake.deed import Decisions
from kb.intake.existing import read_existing
from tests.kb.intake.files import ONTOLOGY, add, plan_of, state, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from kb.intake.existing import Existing

STUDY = """@article{x1,
  author = {Alpha, Anna},
  title = {Integration policies and trust in twenty countries},
  journal = {Journal of Made-up Results},
  year = {2014},
  pages = {1--9}
}
"""


def existing(studies: Path) -> Existing:
    return read_existing(Collection((studies,), ONTOLOGY))


def test_the_whole_toy_collection_added_to_itself_is_the_same(toy: Collection) -> None:
    there = read_existing(toy)
    text = "\n".join(path.read_text("utf-8") for path in sorted(toy.studies[0].glob("*.bib")))
    assert {row.status for row in plan_of(text, there).rows} == {"same"}


def test_a_sample_of_the_bundled_studies_is_known(whole: Collection) -> None:
    there = read_existing(whole)
    files = sorted(whole.studies[0].glob("*.bib"))[::5]
    rows = plan_of("\n".join(path.read_text("utf-8") for path in files), there).rows
    assert [row.key for row in rows if row.status != "same"] == []


def test_no_two_studies_of_the_bundled_collection_are_the_same(whole: Collection) -> None:
    text = "\n".join(path.read_text("utf-8") for path in sorted(whole.studies[0].glob("*.bib")))
    assert [row.key for row in plan_of(text).rows if row.status == "same" and row.type != "finding"] == []


def test_an_addition_done_twice_changes_nothing(tmp_path: Path) -> None:
    add(tmp_path, STUDY)
    before = state(tmp_path)
    again = plan_of(STUDY, existing(tmp_path))
    assert [(row.status, row.citekey) for row in again.rows] == [("same", "alpha2014integration")]
    assert add(tmp_path, STUDY, Decisions(True, True)) == ((), ())
    assert state(tmp_path) == before


def test_better_metadata_make_a_study_changed(tmp_path: Path) -> None:
    add(tmp_path, STUDY)
    (row,) = plan_of(STUDY.replace("pages", "volume = {3},\n doi = {10.9999/x},\n pages"), existing(tmp_path)).rows
    assert row.status == "changed"
    assert row.differences == (("volume", "", "3"), ("doi", "", "10.9999/x"))
    assert row.file == str(tmp_path / "alpha2014integration.bib")


def test_duplicates_inside_a_file_are_found() -> None:
    rows = plan_of(text_of("duplicates.bib")).rows
    assert [row.status for row in rows] == ["new", "new", "same", "probable", "new"]
    assert rows[2].matches[0].key == rows[0].citekey
    assert "other pages" in rows[3].matches[0].reason
    assert len({row.citekey for row in rows if row.text}) == 4


def test_a_working_paper_and_its_article_are_put_before_a_person() -> None:
    rows = plan_of(text_of("repec.bib")).rows
    assert [row.status for row in rows] == ["new", "probable"]
    assert rows[1].matches[0].key == rows[0].citekey


def test_keys_of_new_studies_are_free(tmp_path: Path) -> None:
    (tmp_path / "alpha2014integration.bib").write_text("@article{other2001, title = {Other}, year = {2001}}\n", "utf-8")
    (row,) = plan_of(STUDY, existing(tmp_path)).rows
    assert (row.status, row.citekey) == ("new", "alpha2014integrationb")


@pytest.mark.parametrize("key", ["../../etc/passwd", "/etc/passwd", "a\0b", "con.bib", "-rf", "x" * 500, "键"])
def test_no_key_of_a_file_reaches_the_name_of_a_file(key: str, tmp_path: Path) -> None:
    add(tmp_path, STUDY.replace("x1", key))
    assert list(state(tmp_path)) == ["alpha2014integration.bib"]


@pytest.mark.parametrize("title", ["", "../../x", "%s {0}", "CON", "\u202e"])
def test_no_title_reaches_the_name_of_a_file(title: str, tmp_path: Path) -> None:
    add(tmp_path, STUDY.replace("Integration policies and trust in twenty countries", title))
    (name,) = state(tmp_path)
    assert name.removesuffix(".bib").isalnum()


def test_what_an_entry_lacks_is_said() -> None:
    (row,) = plan_of("@misc{, note = {x}}").rows
    said = " ".join(row.problems)
    for what in ("no title", "no year", "no author", "no key"):
        assert what in said


def test_findings_are_added_with_their_study_and_known_the_second_time(tmp_path: Path) -> None:
    text = text_of("our_own.bib")
    assert add(tmp_path, text).added == ("alpha2011trust",)
    content = state(tmp_path)["alpha2011trust.bib"].decode()
    assert content.count("@finding{alpha2011trust-1,") == 1
    again = plan_of(text, existing(tmp_path)).rows
    assert [(row.key, row.status) for row in again] == [
        ("alpha2011trust", "same"),
        ("alpha2011trust-1", "same"),
        ("beta2012missing-1", "broken"),
    ]


def test_a_new_finding_of_a_known_study_is_reported_with_the_next_step(tmp_path: Path) -> None:
    text = text_of("our_own.bib")
    add(tmp_path, text)
    rows = plan_of(text.replace("alpha2011trust-1", "alpha2011trust-2"), existing(tmp_path)).rows
    assert rows[1].status == "broken"
    assert "mipex-kb code" in rows[1].problems[0]


def test_a_study_behind_findings_is_known(tmp_path: Path) -> None:
    add(tmp_path, text_of("our_own.bib"))
    path = tmp_path / "alpha2011trust.bib"
    path.write_text(path.read_text("utf-8") + "\n" + STUDY.replace("x1", "alpha2014integration"), "utf-8")
    assert plan_of(STUDY, existing(tmp_path)).rows[0].status == "same"


def test_each_row_has_the_year_and_the_first_author(tmp_path: Path) -> None:
    text = (
        STUDY
        + '@book{x2, editor = {von M{\\"u}ller, J and Zeta, Z}, title = {A book of nothing}, date = {2015-03}}\n'
        + "@misc{x3, title = {Nobody and nowhen}}\n@article{x4, title = {No end\n"
    )
    expected = [("2014", "Alpha"), ("2015", "von Müller"), ("", ""), ("", "")]
    assert [(row.year, row.author) for row in plan_of(text).rows] == expected
    add(tmp_path, STUDY)
    (row,) = plan_of(STUDY, existing(tmp_path)).rows
    assert (row.status, row.year, row.author) == ("same", "2014", "Alpha")


def test_nothing_in_a_file_is_said(tmp_path: Path) -> None:
    assert "No entry was found" in plan_of("TY  - JOUR\n").remarks[0]


def test_progress_is_counted() -> None:
    from kb.intake.decoding import Decoded
    from kb.intake.plan import make_plan

    seen: list[tuple[int, int]] = []
    text = "".join(f"@misc{{k{n}, title = {{Title number {n} of many}}, year = {{2001}}}}\n" for n in range(120))
    make_plan(Decoded(text, "UTF-8"), existing_of_nothing(), lambda done, total: seen.append((done, total)))
    assert seen == [(50, 120), (100, 120)]


def existing_of_nothing() -> Existing:
    from tests.kb.intake.files import NOTHING

    return NOTHING
