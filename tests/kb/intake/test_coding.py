"""Coding: findings drafted, put behind what the file of a study holds, written whole, and taken back."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.bibtex import read
from kb.bibtex_writer import JABREF
from kb.errors import IntakeError, UnknownStudyError, UsageError
from kb.fieldreader import FieldReader
from kb.intake.coding import (
    appended,
    draft,
    finding_text,
    findings_in,
    has_measure,
    next_number,
    start,
    study_file,
    with_findings,
    write_all,
    write_findings,
)
from kb.intake.transaction import recover, undo, writing
from kb.latex import decode
from kb.text import clean_text
from kb.vocabulary import Vocabulary

if TYPE_CHECKING:
    from kb.collection import Collection

KEY = "alpha2001trust"
GOOD = {
    "policy": "health",
    "outcome": "generalised-trust",
    "population": "immigrants",
    "role": "direct",
    "direction": "positive",
    "statement": "More inclusive health policy goes with more trust here.",
    "source": "https://example.org/alpha",
    "sourcelevel": "fulltext",
    "locator": "Table 2",
    "coder": "c1",
    "coded": "2026-11-25",
}
TEXT = st.one_of(st.text(), st.text(alphabet="-'`!?\"&%${}\\~^ #_<>=@,ab\n;.:|/", max_size=30))


@pytest.fixture(scope="module")
def alpha(toy: Collection) -> str:
    return study_file(toy, KEY).text


@given(TEXT)
def test_any_text_survives_being_written_and_read(value: str) -> None:
    text = finding_text(KEY, 1, {"statement": value, "note": value})
    (entry,) = read(text).entries
    for name in ("statement", "note"):
        assert clean_text(decode(entry.fields.get(name, ""))[0]) == clean_text(value)
    assert findings_in(text, KEY) == {f"{KEY}-1": draft(KEY, {"statement": value, "note": value})}


@pytest.mark.parametrize(
    "address",
    ["https://x.org/~a_b%20c?d=1&e=2#f", "https://x.org/a; https://y.org/b", "https://x.org/ä", "urn:isbn:123"],
)
def test_an_address_is_read_as_it_was_given(address: str) -> None:
    (entry,) = read(finding_text(KEY, 1, {"source": address})).entries
    assert entry.fields["source"] == address
    assert len(FieldReader(entry, Vocabulary([]), []).addresses("source")) == address.count(";") + 1


@given(st.text())
def test_any_address_leaves_the_entry_readable(value: str) -> None:
    found = read(finding_text(KEY, 1, {"source": value, "note": "x"}))
    assert [entry.fields["note"] for entry in found.entries] == ["x"]


def test_a_draft_has_the_fields_in_their_order_without_empty_ones() -> None:
    made = draft(KEY, {"statement": " a\x00\nb ", "policy": "health", "note": "  "})
    assert list(made.items()) == [("study", KEY), ("policy", "health"), ("statement", "a b")]


def test_a_draft_refuses_a_field_that_no_finding_has() -> None:
    with pytest.raises(UsageError, match="no field abstract"):
        draft(KEY, {"abstract": "x"})


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 1),
        ("@finding{alpha2001trust-1, a={b}}", 2),
        ("@finding{alpha2001trust-12,\n @finding{ALPHA2001trust-3, x", 13),
        ("@comment{ @finding{ alpha2001trust-7 , x={y}} }", 8),
        ("@finding{beta2001trust-5, a={b}}", 1),
        ("see alpha2001trust-9, page 2", 1),
    ],
)
def test_the_next_number_is_free_also_of_broken_and_disused_findings(text: str, number: int) -> None:
    assert next_number(text, KEY) == number


TAILS = [
    "", "\n", "\n\n", "\n\n@comment{jabref-meta: x}\n", "\n\n" + JABREF,
    "\n\n@Comment{jabref-entrytype: finding: req[a]}",
]  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("tail", TAILS, ids=range(len(TAILS)))
def test_what_was_in_a_file_stays_byte_for_byte(end: str, tail: str, alpha: str) -> None:
    old = (alpha.rstrip() + tail).replace("\n", end)
    new = appended(old, KEY, [GOOD, GOOD])
    place = next(n for n in range(len(old), -1, -1) if new.startswith(old[:n]) and new.endswith(old[n:]))
    added = new[place : len(new) - len(old) + place]
    assert added.count("finding{") == 2
    assert set(re.findall(r"\r\n|\r|\n", added)) == {end}
    assert len(re.findall("jabref-entrytype", new, re.IGNORECASE)) == 1
    assert [entry.key for entry in read(new).entries][-2:] == [f"{KEY}-4", f"{KEY}-5"]
    assert not [problem for problem in read(new).problems if problem.severity == "error"]


@given(st.text(alphabet='@finding{alph2001,=}"%\\\r\n comment-', max_size=60), st.lists(st.just(GOOD), max_size=3))
def test_anything_in_a_file_stays_when_findings_are_appended(old: str, drafts: list[dict[str, str]]) -> None:
    new = appended(old, KEY, drafts)
    assert any(new.startswith(old[:n]) and new.endswith(old[n:]) for n in range(len(old) + 1))


def test_a_canonical_file_stays_canonical(alpha: str) -> None:
    from kb.canonical import canonical_bibtex

    first = appended(alpha, KEY, [GOOD])
    second = appended(first, KEY, [GOOD])
    assert canonical_bibtex(second) == second


def test_nothing_is_appended_for_no_finding(alpha: str) -> None:
    assert appended(alpha, KEY, []) == alpha


def test_a_new_finding_starts_with_study_coder_and_today(toy: Collection) -> None:
    file = study_file(toy, KEY)
    assert start(file, KEY, coder="c7") == {"study": KEY, "coder": "c7", "coded": date.today().isoformat()}


def test_a_finding_is_copied_as_the_start_of_the_next(toy: Collection) -> None:
    file = study_file(toy, KEY)
    last = start(file, KEY, copy="")
    assert last["policy"] == "aa1"
    assert last["source"] == "https://example.org/alpha; https://example.org/alpha-too"
    assert (last["sourcelevel"], last["locator"]) == ("secondary", "as a made-up review reports it")
    assert not {"outcome", "direction", "statement", "coder"} & set(last)
    assert start(file, KEY, copy="2") == start(file, KEY, copy=f"{KEY}-2")
    with pytest.raises(UsageError, match="It has: alpha2001trust-1"):
        start(file, KEY, copy="9")


def test_findings_are_written_and_taken_back(copy_of_toy: Collection) -> None:
    path = copy_of_toy.studies[0] / f"{KEY}.bib"
    old = path.read_bytes()
    coded = write_findings(copy_of_toy, KEY, [GOOD, {**GOOD, "outcome": "intergroup-trust"}], "code alpha")
    assert coded == ((f"{KEY}-4", f"{KEY}-5"), (path,), copy_of_toy.studies[0])
    assert path.read_bytes().startswith(old.rstrip())
    assert findings_in(path.read_text("utf-8"), KEY)[f"{KEY}-4"] == draft(KEY, GOOD)
    with writing(copy_of_toy.studies[0]):
        assert undo(copy_of_toy.studies[0]).what == "code alpha"
    assert path.read_bytes() == old


@pytest.mark.parametrize("change", [{"policy": "helth"}, {"statement": "Too short."}, {"role": "moderator"}])
def test_nothing_is_written_where_one_of_the_findings_has_errors(
    change: dict[str, str], copy_of_toy: Collection
) -> None:
    path = copy_of_toy.studies[0] / f"{KEY}.bib"
    old = path.read_bytes()
    with pytest.raises(IntakeError, match=r"nothing was written\. alpha2001trust-5: "):
        write_findings(copy_of_toy, KEY, [GOOD, {**GOOD, **change}], "code alpha")
    assert path.read_bytes() == old


def test_old_mistakes_of_a_file_do_not_keep_new_findings_out(copy_of_toy: Collection) -> None:
    path = copy_of_toy.studies[0] / f"{KEY}.bib"
    path.write_text(path.read_text("utf-8").replace("{perceived-threat}", "{percieved-threat}"), "utf-8")
    assert write_findings(copy_of_toy, KEY, [GOOD], "x").keys == (f"{KEY}-4",)


def test_a_study_that_cannot_be_read_takes_no_finding(copy_of_toy: Collection) -> None:
    path = copy_of_toy.studies[0] / f"{KEY}.bib"
    path.write_text(path.read_text("utf-8").replace("= {2001}", "= {soon}"), "utf-8")
    with pytest.raises(IntakeError, match="no readable study"):
        write_findings(copy_of_toy, KEY, [GOOD], "x")


def test_a_file_in_another_encoding_is_named_and_left_alone(copy_of_toy: Collection) -> None:
    path = copy_of_toy.studies[0] / f"{KEY}.bib"
    path.write_bytes(path.read_text("utf-8").encode("latin-1"))
    with pytest.raises(IntakeError, match="bib:2 is not UTF-8"):
        write_findings(copy_of_toy, KEY, [GOOD], "x")


@pytest.mark.parametrize("key", ["alpha2001trst", "ALPHA2001TRUST", f"{KEY}-1"])
def test_an_unknown_study_gets_near_keys(key: str, toy: Collection) -> None:
    with pytest.raises(UnknownStudyError, match="Did you mean alpha2001trust"):
        study_file(toy, key)


@pytest.mark.parametrize("key", ["", "../studies/alpha2001trust", "a\x00b", "jabref-entrytype"])
def test_what_is_no_key_is_no_study(key: str, toy: Collection) -> None:
    with pytest.raises(UnknownStudyError):
        study_file(toy, key)


def test_the_first_folder_that_holds_a_study_is_written(copy_of_toy: Collection, toy: Collection) -> None:
    empty = copy_of_toy.studies[0].parent / "mine"
    empty.mkdir()
    both = copy_of_toy._replace(studies=(empty, copy_of_toy.studies[0], toy.studies[0]))
    assert write_findings(both, KEY, [GOOD], "x").folder == copy_of_toy.studies[0]
    (empty / "beta2002moderator.bib").write_bytes((toy.studies[0] / "beta2002moderator.bib").read_bytes())
    with pytest.raises(IntakeError, match="Code them apart"):
        write_all(both, {KEY: [GOOD], "beta2002moderator": [GOOD]}, "x")


def test_a_study_is_found_in_a_file_of_another_name(copy_of_toy: Collection) -> None:
    path = copy_of_toy.studies[0] / f"{KEY}.bib"
    path.rename(path.with_name("other.bib"))
    assert write_findings(copy_of_toy, KEY, [GOOD], "x").files == (path.with_name("other.bib"),)


def test_a_study_without_measure_gets_that_of_its_findings(copy_of_toy: Collection) -> None:
    path = copy_of_toy.studies[0] / "fresh2024study.bib"
    old = "@article{fresh2024study, author={Fresh, Jo}, title={A fresh study}, year={2024}, bibstatus={unconfirmed}}\n"
    path.write_text(old, "utf-8")
    assert not has_measure(study_file(copy_of_toy, "fresh2024study"), "fresh2024study")
    with pytest.raises(IntakeError, match="measure is missing"):
        write_findings(copy_of_toy, "fresh2024study", [GOOD], "x")
    write_findings(copy_of_toy, "fresh2024study", [{**GOOD, "measure": "mipex:2015"}, GOOD], "x")
    text = path.read_text("utf-8")
    assert text.startswith(old.rstrip("}\n"))
    assert read(text).entries[0].fields["measure"] == "mipex:2015"
    assert with_findings(text, "fresh2024study", [{**GOOD, "measure": "mipex:2007"}]).startswith(
        text.partition("@fin")[0]
    )


def test_a_file_that_changed_since_the_plan_is_left_alone(copy_of_toy: Collection) -> None:
    path = copy_of_toy.studies[0] / f"{KEY}.bib"
    old = path.read_bytes()
    with pytest.raises(IntakeError, match="changed in the meantime"):
        write_all(copy_of_toy, {KEY: [GOOD]}, "x", {KEY: "another text"})
    assert path.read_bytes() == old


_KILLED = """
import os, signal, sys
from pathlib import Path
from kb.collection import Collection
from kb.intake import transaction
from kb.intake.coding import write_findings
put = transaction._put
def put_and_die(path, text):
    put(path, text)
    os.kill(os.getpid(), signal.SIGKILL)
transaction._put = put_and_die
write_findings(Collection((Path(sys.argv[1]),), Path(sys.argv[2])), "alpha2001trust", [eval(sys.argv[3])], "x")
"""


def test_a_coding_killed_half_way_leaves_the_file_as_it_was(copy_of_toy: Collection) -> None:
    studies = copy_of_toy.studies[0]
    path = studies / f"{KEY}.bib"
    old = path.read_bytes()
    command = [sys.executable, "-c", _KILLED, str(studies), str(copy_of_toy.ontology), repr(GOOD)]
    done = subprocess.run(command, env={**os.environ}, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.read_bytes() != old
    recover(studies)
    assert path.read_bytes() == old
    assert write_findings(copy_of_toy, KEY, [GOOD], "x").keys == (f"{KEY}-4",)
