"""One study whole: its fields, its findings, and the words for a key that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.build import ensure
from kb.errors import UnknownStudyError
from kb.export import study_text
from kb.studies import reference, study_documents

if TYPE_CHECKING:
    from kb.collection import Collection
    from kb.store import Reader
    from kb.studies import StudyDocument


def one(reader: Reader, key: str) -> StudyDocument:
    (document,) = study_documents(reader, [key])
    return document


def edited(collection: Collection, name: str, old: str, new: str) -> Reader:
    path = collection.studies[0] / f"{name}.bib"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return ensure(collection)[0]


def test_a_study_has_its_fields_as_coded(toy_reader: Reader) -> None:
    assert one(toy_reader, "alpha2001trust").fields == {
        "type": "article",
        "authors": "Alpha, Anna; Müller, Jörg; O'Neil, Pat",
        "year": "2001",
        "title": "Made-up study of equal treatment and trust",
        "container": "Journal of Made-up Results",
        "volume": "12",
        "number": "3",
        "pages": "1–20",
        "doi": "10.5555/toy.2001.1",
        "measure": "mipex:2007",
        "measurestatus": "seen",
        "circle": "core",
        "design": "cross-sectional",
        "data": "ess:2-3",
        "countries": "AT; BE; DE",
        "period": "2004/2006",
        "n": "12,345",
        "bibstatus": "confirmed",
        "bibsource": "https://example.org/alpha",
    }


def test_several_data_sources_keep_their_rounds(toy_reader: Reader) -> None:
    assert one(toy_reader, "beta2002moderator").fields["data"] == "ess:3; evs"


def test_a_review_names_the_keys_that_it_includes(toy_reader: Reader) -> None:
    fields = one(toy_reader, "epsilon2005review").fields
    assert fields["includes"] == "alpha2001trust"
    assert fields["note"] == "The result was not visible in what was read."


def test_a_chapter_has_its_editor_and_publisher(toy_reader: Reader) -> None:
    fields = one(toy_reader, "gamma2003index").fields
    assert (fields["editors"], fields["container"], fields["publisher"]) == (
        "Editor, Eve", "Made-up handbook", "Made-up Press",
    )  # fmt: skip


def test_findings_come_by_number_with_what_their_row_leaves_out(toy_reader: Reader) -> None:
    document = one(toy_reader, "alpha2001trust")
    assert [row.finding for row in document.findings] == [f"alpha2001trust-{number}" for number in (1, 2, 3)]
    assert document.more["alpha2001trust-1"] == {"model": "made-up model", "coder": "c1", "coded": "2026-11-25"}
    assert document.more["alpha2001trust-3"] == {"coder": "c2", "coded": "2026-11-25"}


def test_the_tenth_finding_comes_after_the_ninth(copy_of_toy: Collection) -> None:
    path = copy_of_toy.studies[0] / "delta2004reform.bib"
    study, _, finding = path.read_text("utf-8").partition("@finding")
    more = "".join(f"@finding{finding.replace('reform-1,', f'reform-{number},')}" for number in (10, 9, 2, 1))
    path.write_text(study + more, "utf-8")
    reader, _ = ensure(copy_of_toy)
    with reader:
        found = [row.finding.rpartition("-")[2] for row in one(reader, "delta2004reform").findings]
    assert found == ["1", "2", "9", "10"]


def test_an_uncoded_study_is_shown_as_such(toy_reader: Reader) -> None:
    document = one(toy_reader, "epsilon2005review")
    assert document.findings == []
    assert "Uncoded: no finding yet." in study_text(document)


def test_studies_come_in_the_order_asked_for_and_once(toy_reader: Reader) -> None:
    keys = ["gamma2003index", "alpha2001trust", "gamma2003index"]
    assert [document.key for document in study_documents(toy_reader, keys)] == ["gamma2003index", "alpha2001trust"]


def test_no_key_is_no_study(toy_reader: Reader) -> None:
    assert study_documents(toy_reader, []) == []


def test_the_key_of_a_finding_means_its_study(toy_reader: Reader) -> None:
    assert one(toy_reader, "alpha2001trust-3").key == "alpha2001trust"


def test_findings_can_be_left_out(toy_reader: Reader) -> None:
    (document,) = study_documents(toy_reader, ["alpha2001trust"], findings=False)
    assert document.findings == []
    assert document.more == {}


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("alpha2001trst", "Did you mean alpha2001trust?"),
        ("alpha2001trst-1", "Did you mean alpha2001trust?"),
        ("delta2", "Did you mean delta2004reform?"),
        ("ALPHA2001TRUST", "Did you mean alpha2001trust?"),
        ("nothing at all", "mipex-kb sparql --named studies"),
        ('" } #', "mipex-kb sparql --named studies"),
    ],
)
def test_a_key_that_is_not_there_gets_a_suggestion(key: str, hint: str, toy_reader: Reader) -> None:
    with pytest.raises(UnknownStudyError) as caught:
        study_documents(toy_reader, [key])
    assert hint in str(caught.value)


def test_unknown_fields_and_addresses_are_shown(copy_of_toy: Collection) -> None:
    new = "year      = {2004},\n  keywords = {a, b},\n  url = {https://example.org/paper?x=1},"
    with edited(copy_of_toy, "delta2004reform", "year      = {2004},", new) as reader:
        fields = one(reader, "delta2004reform").fields
    assert fields["other"] == "keywords = a, b"
    assert fields["url"] == "https://example.org/paper?x=1"


def test_a_finding_whose_key_has_no_number_is_shown_all_the_same(copy_of_toy: Collection) -> None:
    with edited(copy_of_toy, "delta2004reform", "@finding{delta2004reform-1", "@finding{deltafinding") as reader:
        document = one(reader, "delta2004reform")
    assert document.key == "delta2004reform"


def test_a_journal_is_named_as_its_own_file_names_it(copy_of_toy: Collection) -> None:
    old, new = "Journal of Made-up Results", "Journal of Made-Up Results"
    with edited(copy_of_toy, "delta2004reform", old, new) as reader:
        found = [one(reader, key).fields["container"] for key in ("alpha2001trust", "delta2004reform")]
    assert found == [old, new]


def test_a_shared_author_may_be_written_in_two_ways(copy_of_toy: Collection) -> None:
    with edited(copy_of_toy, "epsilon2005review", "Alpha, Anna", "ALPHA, Anna") as reader:
        found = [one(reader, key).fields["authors"] for key in ("alpha2001trust", "epsilon2005review")]
    assert found == ["Alpha, Anna; Müller, Jörg; O'Neil, Pat", "Epsilon, Eli; ALPHA, Anna"]


def test_a_reference_reads_like_one(toy_reader: Reader) -> None:
    assert reference(one(toy_reader, "alpha2001trust").fields) == (
        "Alpha, Anna; Müller, Jörg; O'Neil, Pat (2001). Made-up study of equal treatment and trust. "
        "Journal of Made-up Results 12(3), 1–20. https://doi.org/10.5555/toy.2001.1"
    )
    assert reference(one(toy_reader, "beta2002moderator").fields) == (
        "Made-up Institute of Examples; Beta, Ben (2012). Made-up moderator: policy and discrimination. "
        "Made-up Institute of Examples."
    )
    assert reference({"editors": "Ed, Ed", "year": "2000", "title": "Why?"}) == "Ed, Ed (2000). Why?"
