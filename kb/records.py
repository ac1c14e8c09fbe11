"""Entries to records: the fields of a study or finding, read, cleaned and checked one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb import fields as f
from kb.bibtex import read
from kb.fieldreader import FieldReader, other_fields
from kb.model import DataUse, Estimate, Finding, Record, Study

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.bibtex import Entry
    from kb.problems import Problem
    from kb.vocabulary import Vocabulary


def read_records(text: str, file: str, vocabulary: Vocabulary) -> tuple[Record, list[Problem]]:
    """Read the studies and findings of one BibTeX text.

    An entry that lacks what it cannot do without is left out; a field that is wrong is left out alone. Either is a
    problem with the file, line, key and remedy.
    """
    bibliography = read(text, file)
    problems = list(bibliography.problems)
    parents = {
        entry.fields["crossref"].strip().casefold() for entry in bibliography.entries if "crossref" in entry.fields
    }
    studies: dict[str, Study] = {}
    findings: list[Finding] = []
    for entry in bibliography.entries:
        if entry.kind == f.FINDING or (entry.key.casefold() in parents and "measure" not in entry.fields):
            continue
        study = read_study(entry, FieldReader(entry, vocabulary, problems))
        if study:
            studies[study.key] = study
    for entry in bibliography.entries:
        if entry.kind != f.FINDING:
            continue
        reader = FieldReader(entry, vocabulary, problems)
        finding = read_finding(entry, reader)
        if finding is None:
            continue
        if finding.study not in studies:
            reader.error(
                "study", f"This finding belongs to {finding.study}, which is no readable study of this file.",
                "Put the finding into the file of its study, or correct the field study; it is left out until then.",
            )  # fmt: skip
            continue
        if finding.key.rpartition("-")[0] != finding.study:
            reader.error(
                "",
                f"The key of a finding of {finding.study} is {finding.study}-1, -2 and so on.",
                "Rename it.",
            )
        findings.append(finding)
    problems += _without_measure(bibliography.entries, studies, {finding.study for finding in findings})
    lines = tuple((entry.key, entry.line()) for entry in bibliography.entries)
    return Record(tuple(studies.values()), tuple(findings), lines), problems


def _without_measure(entries: list[Entry], studies: dict[str, Study], coded: set[str]) -> Iterator[Problem]:
    """Yield a problem for each study with findings that does not say what stood for the policy."""
    for entry in entries:
        if entry.key in coded and not entry.fields.get("measure", "").strip() and entry.key in studies:
            remedy = "Say what stood for the policy, such as mipex:2015, index:NAME or reform:NAME."
            yield entry.problem("The field measure is missing or empty.", remedy, "measure")


def read_study(entry: Entry, reader: FieldReader) -> Study | None:
    """Read a study in BibTeX or biblatex; none where its title or year is missing or wrong."""
    title = reader.text("title", required=True)
    if subtitle := reader.text("subtitle"):
        title = f"{title}: {subtitle}"
    year = reader.year()
    reader.forbidden(f.FORBIDDEN_FIELDS)
    if entry.kind not in f.BIBO_CLASSES:
        reader.error(
            "", f"@{entry.kind} is no type of publication.", f"Use one of: {', '.join(sorted(f.BIBO_CLASSES))}."
        )
    authors, editors = reader.names("author"), reader.names("editor")
    if not authors and not editors and "author" not in entry.fields:
        reader.error("author", "This study has no author.", "Add the field author, with ' and ' between people.")
    study = Study(
        key=entry.key,
        type=entry.kind,
        title=title,
        year=year or 0,
        authors=authors,
        editors=editors,
        container=reader.first("journal", "journaltitle", "booktitle"),
        publisher=reader.first("publisher", "institution", "school", "organization"),
        volume=reader.text("volume"),
        number=reader.first("number", "issue"),
        pages=reader.text("pages"),
        doi=reader.doi(),
        url=next(iter(reader.addresses("url")), ""),
        measures=reader.concepts("measure"),
        measure_status=reader.one_of("measurestatus", f.MEASURE_STATUS),
        designs=reader.concepts("design"),
        data=tuple(DataUse(source, rounds) for source, rounds in reader.data_uses()),
        countries=reader.concepts("countries"),
        coverage=reader.text("coverage"),
        period=reader.period(),
        n=reader.number("n"),
        bib_status=reader.one_of("bibstatus", f.BIB_STATUS, required=True),
        bib_sources=reader.addresses("bibsource"),
        unconfirmed=reader.items("unconfirmed"),
        includes=reader.items("includes"),
        related=reader.items("related"),
        note=reader.text("note"),
        other=reader.others((*f.STUDY_FIELDS, *f.BIBLATEX_FIELDS), f.FORBIDDEN_FIELDS, other_fields()),
    )
    return study if title and year else None


def read_finding(entry: Entry, reader: FieldReader) -> Finding | None:
    """Read a finding; none where its study, policy, outcome, role, direction or statement is missing or wrong."""
    role = reader.concept("role", required=True)
    relation = reader.relation()
    if role == "moderator" and relation is None and "relation" not in entry.fields:
        reader.error(
            "role", "A moderator finding needs the relation that it changes.", "Add relation = {one -> other}."
        )
    if role == "direct" and relation is not None:
        reader.error("relation", "Only a moderator finding has a relation.", "Take relation out, or correct the role.")
    outcome = reader.concept("outcome", required=True)
    appraisal = reader.concept("appraisal")
    if role == "moderator" and outcome and not appraisal:
        reader.error("role", "The appraisal of a moderator cannot be derived.", "Add the field appraisal.")
    if role == "direct" and appraisal and reader.valence(outcome) in (1, -1):
        reader.error("appraisal", "The appraisal follows from direction and outcome here.", "Take appraisal out.")
    finding = Finding(
        key=entry.key,
        study=reader.text("study", required=True),
        policy=reader.concept("policy", required=True),
        outcome=outcome,
        role=role,
        direction=reader.concept("direction", required=True),
        statement=reader.text("statement", required=True),
        populations=reader.concepts("population", required=True),
        relation=relation,
        appraisal=appraisal,
        measures=reader.concepts("measure"),
        estimate=Estimate(
            reader.number("estimate"), reader.number("se"), reader.number("p"), reader.number("n"), reader.text("model")
        ),
        sources=reader.addresses("source", required=True),
        source_level=reader.concept("sourcelevel", required=True),
        locator=reader.text("locator"),
        coder=reader.text("coder"),
        coded=reader.date("coded"),
        verifier=reader.text("verifier"),
        verified=reader.date("verified"),
        note=reader.text("note"),
        other=reader.others(f.FINDING_FIELDS, f.FORBIDDEN_FIELDS),
    )
    reader.forbidden(f.FORBIDDEN_FIELDS)
    needed = (finding.study, finding.policy, finding.outcome, finding.role, finding.direction, finding.statement)
    return finding if all(needed) else None
