"""Every sentence of a briefing rests on findings that exist, and says of them what a new count says too."""

from __future__ import annotations

import csv
import io
import re
import shlex
from functools import cache
from statistics import median
from typing import TYPE_CHECKING

import pytest

from kb.briefing.fill import template
from kb.briefing.material import gather
from kb.briefing.model import Number, Table, Term
from kb.briefing.telling import told
from kb.cli import main
from kb.evidence import Question, answer
from kb.export import short_citation
from kb.studies import more_of
from kb.synthesis.known import background, protocol_of
from kb.synthesis.make import group_of, is_review
from kb.synthesis.profile import data_years, number_of_countries
from kb.synthesis.rules import forbidden_words
from kb.text import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.briefing.model import Document, Sentence
    from kb.evidence import Row
    from kb.session import Session

REASONS = {"scheme", "absence", "method", "record"}


def numbers(document: Document) -> Iterator[Number]:
    for sentence in document.sentences():
        yield from sentence.numbers
    for table in tables(document):
        for row in table.rows:
            yield from row.numbers


def tables(document: Document) -> Iterator[Table]:
    return (block for section in document.sections for block in section.blocks if isinstance(block, Table))


def cited(rows: dict[str, Row]) -> list[str]:
    return sorted({row.study for row in rows.values()})


def terms(sentence: Sentence) -> list[Term]:
    return [piece for piece in sentence.pieces if isinstance(piece, Term)]


@pytest.fixture(scope="module")
def rows(real: Session) -> dict[str, Row]:
    """Return all findings by key."""
    return {row.finding: row for row in real.findings()}


def test_every_sentence_has_findings_that_exist_or_a_reason_to_have_none(
    briefings: dict[str, Document], rows: dict[str, Row]
) -> None:
    seen = 0
    for document in briefings.values():
        for sentence in document.sentences():
            assert bool(sentence.keys) != bool(sentence.why), sentence.text
            assert sentence.why in {"", *REASONS}
            assert set(sentence.keys) <= set(rows)
            assert {key for number in sentence.numbers for key in number.keys} <= set(sentence.keys)
            if sentence.why:
                assert sentence.numbers == ()
            seen += bool(sentence.keys)
    assert seen > 300


def test_every_number_is_what_a_new_count_of_its_findings_gives(
    briefings: dict[str, Document], rows: dict[str, Row], real: Session
) -> None:
    behind = background(real, (study.study for study in real.studies()), protocol_of(real))
    units: dict[str, int] = {}
    for document in briefings.values():
        for number in numbers(document):
            of = [rows[key] for key in number.keys]
            studies = {row.study for row in of}
            records = [study for study in real.studies() if study.study in studies]
            places = [number_of_countries(study, behind.known.coverage.get(study.study, "")) for study in records]
            known = [place for place in places if place is not None]
            years = [year for study in records for year in data_years(study)]
            if number.unit in ("median of countries", "fewest countries", "most countries"):
                assert len(known) == len(records)
            counts: dict[str, float] = {
                "studies": len(studies),
                "findings": len(of),
                "bases": real.bases().count(studies)[0],
                "groups": len({group_of(row, real.vocabulary()) for row in of}),
                "median of countries": median(known or [0]),
                "fewest countries": min(known, default=0),
                "most countries": max(known, default=0),
                "first year": min(years, default=0),
                "last year": max(years, default=0),
            }
            if number.unit in counts:
                assert number.value == counts[number.unit], number
                assert number.text.split(" ")[0] == f"{number.value:g}"
            units[number.unit] = units.get(number.unit, 0) + 1
    assert set(units) == {*counts, "P", "low end", "high end"}
    assert units["studies"] > 1000


def test_no_number_hides_in_words(briefings: dict[str, Document]) -> None:
    for document in briefings.values():
        for sentence in document.sentences():
            own = "".join(piece for piece in sentence.pieces if isinstance(piece, str))
            assert not re.search(r"\d", own), sentence.text


def test_every_word_that_is_not_the_templates_is_in_the_collection(
    briefings: dict[str, Document], rows: dict[str, Row], real: Session
) -> None:
    words = real.vocabulary()
    labels = {kind: {concept.label for concept in words.concepts(kind)} for kind in words.kinds()}
    labels["policy"] |= {concept.definition for concept in words.concepts("policy")}
    notes = {key: fields.get("note", "") for key, fields in more_of(real.reader, cited(rows)).items()}
    kinds: set[str] = set()
    for document in briefings.values():
        for sentence in document.sentences():
            for term in terms(sentence):
                kinds.add(term.kind)
                if term.kind == "statement":
                    assert [clean_text(rows[key].statement) for key in sentence.keys] == [term.text]
                elif term.kind == "citation":
                    assert [clean_text(short_citation(rows[key])) for key in sentence.keys] == [term.text]
                elif term.kind == "relation":
                    assert [rows[key].relation for key in sentence.keys] == [term.text]
                elif term.kind == "note":
                    (key,) = sentence.keys
                    assert clean_text(notes[key]) == term.text
                elif term.kind == "version":
                    assert term.text == real.version()
                elif term.kind in labels:
                    fitting = {label.casefold() for label in map(clean_text, labels[term.kind])}
                    assert term.text.casefold() in fitting or term.text in labels["direction"], term
                else:
                    assert term.kind in ("command", "date", "rule", "direction"), term
    assert {
        "statement",
        "citation",
        "policy",
        "outcome",
        "population",
        "design",
        "measure",
        "data",
        "command",
        "note",
    } <= kinds


def test_counts_are_of_direct_findings_of_primary_core_studies_on_this_policy_alone(
    briefings: dict[str, Document], rows: dict[str, Row], real: Session
) -> None:
    words = real.vocabulary()
    for policy, document in briefings.items():
        for section in document.sections:
            if (
                section.heading not in (template()["head"]["title"], template()["found"]["title"])
                and section.level == 1
            ):
                continue
            for block in section.blocks:
                for part in block.rows if isinstance(block, Table) else block.sentences:
                    for row in (rows[key] for key in part.keys):
                        assert row.role == "direct"
                        assert real.index.of("circle", row) == ["core"]
                        assert not is_review(row, words)
                        assert policy in (row.policy, *(c.notation for c in words.ancestors("policy", row.policy)))


def test_the_counts_of_one_group_by_hand(briefings: dict[str, Document]) -> None:
    """Access to nationality by citizenship: of Vink's three findings two are favourable, fewer than 70 per cent."""
    document = briefings["access-to-nationality"]
    (section,) = (section for section in document.sections if section.heading == "Citizenship and status")
    sentence = next(iter(section.blocks)).sentences[0]  # type: ignore[union-attr]
    favourable, unfavourable, null, mixed, unclear, unappraised = sentence.numbers[-6:]
    assert favourable.keys == (
        "dronkers2012explaining-1", "huddleston2019nationality-1", "paparusso2019immigrant-1", "reichel2011legal-1",
        "reichel2011legal-2",
    )  # fmt: skip
    assert mixed.keys == ("vink2013immigrant-1", "vink2013immigrant-2", "vink2013immigrant-3")
    assert unclear.keys == ("huddleston2020naturalisation-1", "huddleston2020naturalisation-2")
    assert (unfavourable.keys, null.keys, unappraised.keys) == ((), (), ())
    assert [number.value for number in sentence.numbers] == [6, 10, 2, 1, 4, 0, 0, 1, 1, 0]


def starting(document: Document, start: str) -> Sentence:
    (found,) = (sentence for sentence in document.sentences() if sentence.text.startswith(start))
    return found


def values(sentence: Sentence) -> list[float]:
    return [number.value for number in sentence.numbers]


@pytest.mark.parametrize(
    ("policy", "seen", "missing", "elsewhere"),
    [
        ("access-to-nationality", [7, 15, 8], [15, 14, 4, 11, 8, 12], [2, 21]),
        ("anti-discrimination", [8, 10, 2], [10, 10, 5, 6, 4, 7], [6, 19]),
    ],
)
def test_what_is_not_known_is_counted_as_by_hand(
    policy: str, seen: list[int], missing: list[int], elsewhere: list[int], briefings: dict[str, Document]
) -> None:
    """Counted in the files: fields measurestatus, countries, coverage, period, data and measure; levels of findings."""
    document = briefings[policy]
    assert values(starting(document, "The use of MIPEX was seen for")) == seen
    assert values(starting(document, f"Of {missing[0]} studies, not recorded")) == missing
    assert values(starting(document, "Findings read only in another text")) == elsewhere


def test_other_circles_count_reviews_and_links_apart(
    briefings: dict[str, Document], rows: dict[str, Row], real: Session
) -> None:
    assert starting(briefings["anti-discrimination"], "One law, reform or programme:").text == (
        "One law, reform or programme: 1 finding of 1 study, in 1 group of outcomes; apart from these: 2 findings of "
        "2 reviews; see mipex-kb evidence anti-discrimination --measure reform."
    )
    reform = starting(briefings["access-to-nationality"], "One law, reform or programme:")
    assert values(reform) == [50, 22, 14, 1, 1, 3, 1, 14]
    direct = [rows[key] for key in reform.numbers[0].keys]
    assert not [row for row in direct if row.role != "direct" or is_review(row, real.vocabulary())]
    assert {row.study for row in map(rows.get, reform.numbers[-1].keys) if row} <= {row.study for row in direct}
    text = " ".join(sentence.text for sentence in briefings["access-to-nationality"].sentences())
    assert "Some studies of one law, reform or programme are; they stand apart below." in text
    status = starting(briefings["access-to-nationality"], "Holding a status")
    assert "Designs that allow" not in status.text


def test_results_against_the_policy_are_named_and_told_wherever_they_stand(briefings: dict[str, Document]) -> None:
    document = briefings["access-to-nationality"]
    assert starting(document, "Groups with studies that count as unfavourable").text == (
        "Groups with studies that count as unfavourable (number of studies): Employment (1); as no association: "
        "Identity and belonging (1)."
    )
    for key, name in (("nbb2022integration-7", "unfavourable"), ("simonsen2016host-1", "no association")):
        assert [s.text for s in document.sentences() if s.keys == (key,) and f"; {name}; read in" in s.text]
    assert any("National Bank of Belgium" in reference.text for reference in document.references)
    overall = starting(briefings["overall"], "Groups with studies that count as unfavourable")
    assert "(number of studies): none; as no association: Employment (6)," in overall.text


def test_where_no_data_set_is_known_no_number_of_bases_is_told(briefings: dict[str, Document]) -> None:
    texts = [sentence.text for document in briefings.values() for sentence in document.sentences()]
    assert [text for text in texts if re.search(r"\b0 evidence bases", text)] == []
    assert [text for text in texts if "2 studies (2 findings; data set not named for 2 studies)." in text]


def test_studies_that_follow_each_other_are_named_as_such(briefings: dict[str, Document]) -> None:
    sentence = starting(briefings["anti-discrimination"], "Studies recorded as related")
    assert sentence.numbers[0].keys == ("nbb2020economic-3", "nbb2022integration-2")
    texts = [sentence.text for sentence in briefings["access-to-nationality"].sentences()]
    assert [text for text in texts if text.startswith("Studies recorded as related")] == []


def test_a_note_is_told_but_where_it_points_elsewhere_or_uses_words_left_out(
    real: Session, rows: dict[str, Row]
) -> None:
    material, row = gather(real, "anti-discrimination"), rows["roeder2012trust-1"]
    assert told(material, row).text.endswith("; it gives no result for a policy.")
    for note in (
        "About change, where the two findings before are about the level.",
        "The law is said to be effective.",
    ):
        text = told(material._replace(notes={row.finding: note}), row).text
        assert text.endswith(
            "(Röder and Mühlau 2012; favourable; read in another text) A note stands with it in the collection."
        )
    assert told(material._replace(notes={}), row).text.endswith("read in another text)")


def test_no_briefing_holds_a_forbidden_word(briefings: dict[str, Document]) -> None:
    for document in briefings.values():
        texts = [document.title, document.subtitle, document.how_to_read, *document.notes_head]
        texts += [section.heading for section in document.sections]
        texts += [sentence.text for sentence in document.sentences()]
        texts += [row.label.text for table in tables(document) for row in table.rows]
        assert [text for text in texts if forbidden_words(text)] == []


def test_a_statement_with_such_a_word_is_told_from_its_codes(real: Session, rows: dict[str, Row]) -> None:
    row = rows["ziller2014societal-1"]._replace(statement="Effective laws lead people to know their rights.")
    assert told(gather(real, "anti-discrimination"), row).text == (
        "More inclusive policy on anti-discrimination goes with more of this: Knowledge of rights. "
        "(Ziller 2014; favourable; read in the abstract, told from its codes)"
    )


def test_statements_of_the_bundled_collection_are_told_as_they_stand(briefings: dict[str, Document]) -> None:
    texts = [sentence.text for document in briefings.values() for sentence in document.sentences()]
    assert len([text for text in texts if "; read in the abstract" in text]) > 50
    assert [text for text in texts if template()["coded"]["note"] in text] == []


def test_all_results_that_occur_are_told_and_what_is_left_out_is_counted(
    briefings: dict[str, Document], real: Session
) -> None:
    for policy, document in briefings.items():
        in_groups: dict[str, set[str]] = {}
        for section in document.sections:
            if section.level == 2:
                in_groups[section.heading] = {
                    key
                    for block in section.blocks
                    for part in (block.rows if isinstance(block, Table) else block.sentences)
                    for key in part.keys
                }
        direct = [
            row
            for row in answer(real.reader, Question((policy,), role=("direct",))).rows
            if not is_review(row, real.vocabulary())
        ]
        shown = set().union(*in_groups.values()) if in_groups else set()
        assert shown == {row.finding for row in direct}


@pytest.mark.parametrize("policy", ["access-to-nationality", "overall"])
def test_every_command_works_and_lists_what_the_sentence_says(
    policy: str, briefings: dict[str, Document], capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    seen = set()

    @cache
    def printed_by(*words: str) -> str:
        assert main(list(words)) == 0
        return capfdbinary.readouterr().out.decode()

    for sentence in briefings[policy].sentences():
        for term in terms(sentence):
            if term.kind != "command":
                continue
            program, name, *words = shlex.split(term.text)
            assert program == "mipex-kb"
            seen.add(name)
            listing = ["--format", "csv"] if name == "evidence" else []
            printed = printed_by(name, *words, *listing)
            if listing:
                listed = {row["finding"] for row in csv.DictReader(io.StringIO(printed))}
                assert set(sentence.keys) <= listed, term.text
    assert seen == {"brief", "synthesis", "evidence"}
