"""The bundled studies: names, form, keys, sources and codes of every file in studies/."""

from __future__ import annotations

import functools
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kb.bibtex import read
from kb.canonical import canonical_bibtex
from kb.namespaces import doi_iri
from kb.records import read_records
from kb.synthesis.rules import forbidden_words
from kb.text import clean_text, plain_letters
from kb.vocabulary import Vocabulary, read_turtle

if TYPE_CHECKING:
    from collections.abc import Callable

    from kb.model import Finding, Record, Study
    from kb.problems import Problem

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "studies").glob("*.bib"))


def each_file(check: Callable[[Path], None]) -> Callable[[], None]:
    """Run a check on every file, and name all files that fail it."""

    @functools.wraps(check)
    def run() -> None:
        wrong = []
        for path in FILES:
            try:
                check(path)
            except AssertionError as error:
                wrong.append(f"{path.name}: {str(error).splitlines()[0] if str(error) else 'fails'}")
        assert wrong == []

    del run.__wrapped__  # pytest would read the arguments of the check
    return run


@cache
def words() -> Vocabulary:
    return read_turtle(sorted((ROOT / "ontology").glob("*.ttl")))


@cache
def records(path: Path) -> tuple[Record, list[Problem]]:
    return read_records(path.read_bytes().decode("utf-8"), path.name, words())


def study(path: Path) -> Study:
    return next(study for study in records(path)[0].studies if study.key == path.stem)


def findings(path: Path) -> tuple[Finding, ...]:
    return records(path)[0].findings


def circles(measures: tuple[str, ...]) -> set[str]:
    return {words().top("measure", measure) for measure in measures}


def test_there_are_studies() -> None:
    assert FILES


def test_the_folder_holds_nothing_else() -> None:
    assert [path.name for path in (ROOT / "studies").iterdir() if path.suffix != ".bib"] == []


@each_file
def test_a_file_is_named_after_its_one_study(path: Path) -> None:
    assert [study.key for study in records(path)[0].studies] == [path.stem]
    assert re.fullmatch(r"[a-z]+[0-9]{4}[a-z0-9]+", path.stem)


@each_file
def test_a_file_is_plain_text_in_canonical_form(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    assert canonical_bibtex(text, path.name) == text
    assert "\r" not in text
    assert text.endswith("}\n")
    assert [line for line in text.split("\n") if line != line.rstrip()] == []


@each_file
def test_a_file_reads_without_problems(path: Path) -> None:
    assert [str(problem) for problem in records(path)[1]] == []


@each_file
def test_no_field_quotes_the_publication(path: Path) -> None:
    for entry in read(path.read_text("utf-8")).entries:
        assert not {"abstract", "annote", "annotation", "keywords", "quote", "quotation"} & set(entry.fields), entry.key


@each_file
def test_texts_are_unicode_without_residue(path: Path) -> None:
    for entry in read(path.read_text("utf-8")).entries:
        for name, value in entry.fields.items():
            assert value == clean_text(value), f"{entry.key} {name}"
            assert not re.search(r"\\[A-Za-z'\"`^~=.]|<[a-z/][^>]*>|&[a-z]+;|\ufffd", value), f"{entry.key} {name}"


@each_file
def test_findings_are_numbered_without_gaps(path: Path) -> None:
    assert [finding.key for finding in findings(path)] == [
        f"{path.stem}-{number}" for number in range(1, len(findings(path)) + 1)
    ]


@each_file
def test_every_entry_of_a_file_became_a_record(path: Path) -> None:
    entries = [entry.key for entry in read(path.read_text("utf-8")).entries]
    record = records(path)[0]
    assert sorted(entries) == sorted([*(s.key for s in record.studies), *(f.key for f in record.findings)])


@each_file
def test_every_finding_says_what_it_found_and_where_it_was_read(path: Path) -> None:
    for finding in findings(path):
        assert len(finding.statement) > 20, finding.key
        assert finding.statement.endswith("."), finding.key
        assert finding.sources, finding.key
        assert finding.source_level, finding.key
        assert finding.populations, finding.key
        assert finding.coder, finding.key
        assert finding.coded, finding.key


@each_file
def test_no_statement_holds_a_word_that_a_synthesis_may_not_use(path: Path) -> None:
    for finding in findings(path):
        assert forbidden_words(finding.statement) == [], finding.key


@each_file
def test_statements_of_a_study_differ(path: Path) -> None:
    counts = Counter(finding.statement for finding in findings(path))
    assert [statement for statement, count in counts.items() if count > 1] == []


@each_file
def test_no_finding_is_coded_twice(path: Path) -> None:
    def code(finding: Finding) -> tuple[object, ...]:
        return (
            finding.policy, finding.outcome, finding.populations, finding.role, finding.relation, finding.direction,
            finding.measures, finding.estimate, finding.statement,
        )  # fmt: skip

    counts = Counter(map(code, findings(path)))
    assert [found for found, count in counts.items() if count > 1] == []


@each_file
def test_outcomes_are_outcomes_and_not_groups(path: Path) -> None:
    for finding in findings(path):
        concept = words().get("outcome", finding.outcome)
        assert concept is not None, finding.key
        assert concept.valence is not None, f"{finding.key}: {finding.outcome} is a group"


@each_file
def test_every_moderator_has_a_relation_and_an_appraisal(path: Path) -> None:
    for finding in findings(path):
        if finding.role == "moderator":
            assert finding.relation is not None, finding.key
            assert finding.appraisal, finding.key
        else:
            assert finding.relation is None, finding.key


@each_file
def test_every_study_says_what_measured_the_policy_and_whether_its_reference_was_seen(path: Path) -> None:
    found = study(path)
    assert found.measures
    assert found.bib_status in ("confirmed", "unconfirmed")
    if "core" in circles(found.measures):
        assert found.measure_status in ("seen", "believed")


@each_file
def test_a_confirmed_reference_says_where_it_was_seen(path: Path) -> None:
    found = study(path)
    if found.bib_status == "confirmed":
        assert found.bib_sources


@each_file
def test_unconfirmed_fields_are_fields_that_are_there(path: Path) -> None:
    entry = next(entry for entry in read(path.read_text("utf-8")).entries if entry.key == path.stem)
    assert set(study(path).unconfirmed) <= set(entry.fields)


@each_file
def test_an_unconfirmed_record_shows_no_doi_volume_or_pages_that_nobody_saw(path: Path) -> None:
    found = study(path)
    if found.bib_status == "unconfirmed" and not found.bib_sources:
        assert (found.doi, found.volume, found.pages) == ("", "", "")


@each_file
def test_the_year_is_plausible_and_agrees_with_the_key(path: Path) -> None:
    assert 1990 <= study(path).year <= 2026


@each_file
def test_periods_end_before_the_study_appeared(path: Path) -> None:
    if period := study(path).period:
        assert int(period[-4:]) <= study(path).year


@each_file
def test_people_have_names_without_leftovers(path: Path) -> None:
    found = study(path)
    assert found.authors or found.editors
    for person in (*found.authors, *found.editors):
        assert not re.search(r"[{}\\;&]|\band others\b|\bet al\b", str(person)), person
        assert person.family.casefold() != "others"


@each_file
def test_the_title_is_known_and_not_in_square_brackets(path: Path) -> None:
    title = study(path).title
    assert not title.startswith("[")
    assert not title.isupper()
    assert not title.endswith(",")
    assert not title.endswith(".") or re.search(r"[A-Z]\.\Z", title)


@each_file
def test_a_doi_is_bare(path: Path) -> None:
    doi = study(path).doi
    assert doi == "" or re.fullmatch(r"10\.\d{4,9}/\S+", doi)
    assert "%" not in doi
    assert not doi.endswith((".", ",", ";"))
    assert doi_iri(doi).isascii()


@each_file
def test_no_path_of_a_machine_is_stored(path: Path) -> None:
    assert not re.search(r"file://|/home/|/work/|/tmp/|[A-Z]:\\", path.read_text("utf-8"))


def test_keys_are_unique_over_all_files() -> None:
    counts = Counter(key.casefold() for path in FILES for key, _ in records(path)[0].lines)
    assert [key for key, count in counts.items() if count > 1] == []


def test_dois_are_unique_over_all_files() -> None:
    counts = Counter(study(path).doi.lower() for path in FILES if study(path).doi)
    assert [doi for doi, count in counts.items() if count > 1] == []


def test_no_study_is_there_under_two_keys() -> None:
    def same(found: Study) -> tuple[str, int, str]:
        people = found.authors or found.editors
        title = "".join(letter for letter in plain_letters(found.title) if letter.isalnum())
        return plain_letters(people[0].family), found.year, title

    counts = Counter(same(study(path)) for path in FILES)
    assert [found for found, count in counts.items() if count > 1] == []


def test_studies_that_others_include_or_relate_to_are_no_typing_errors() -> None:
    keys = {path.stem for path in FILES}
    for path in FILES:
        found = study(path)
        assert path.stem not in (*found.includes, *found.related)
        for key in (*found.includes, *found.related):
            assert key in keys or re.fullmatch(r"[a-z]+[0-9]{4}[a-z0-9]+", key), f"{path.stem}: {key}"
            assert key.casefold() == key


def test_only_reviews_include_other_studies() -> None:
    for path in FILES:
        if study(path).includes:
            assert {"review", "meta-analysis"} & set(study(path).designs), path.stem
