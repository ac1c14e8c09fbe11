"""Records to the rows of the tables, as the store would give them: for a build that reads the records anyway."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.evidence import Row
from kb.quads import appraisal_of, measures_as_coded
from kb.tables import StudyRow

if TYPE_CHECKING:
    from kb.model import Finding, Record, Study
    from kb.vocabulary import Vocabulary


def rows_of(record: Record, vocabulary: Vocabulary) -> tuple[list[StudyRow], list[Row]]:
    """Return the rows of the studies and findings of a file."""
    studies = {study.key: study for study in record.studies}
    return (
        [_study_row(study, vocabulary) for study in record.studies],
        [_finding_row(finding, studies[finding.study], vocabulary) for finding in record.findings],
    )


def _study_row(study: Study, vocabulary: Vocabulary) -> StudyRow:
    return StudyRow(
        study=study.key,
        type=study.type,
        authors="; ".join(map(str, study.authors)),
        year=str(study.year),
        title=study.title,
        container=study.container,
        doi=study.doi,
        circle=vocabulary.circle(study.measures),
        measure=measures_as_coded(study.measures),
        measure_status=study.measure_status,
        design="; ".join(study.designs),
        data="; ".join(sorted(f"{use.source}:{use.rounds}" if use.rounds else use.source for use in study.data)),
        countries="; ".join(study.countries),
        period=study.period,
        n=study.n,
        bib_status=study.bib_status,
    )


def _finding_row(finding: Finding, study: Study, vocabulary: Vocabulary) -> Row:
    policy = vocabulary.get("policy", finding.policy)
    outcome = vocabulary.get("outcome", finding.outcome)
    estimate = finding.estimate
    return Row(
        finding=finding.key,
        study=finding.study,
        authors="; ".join(map(str, study.authors)),
        year=str(study.year),
        title=study.title,
        doi=study.doi,
        policy=finding.policy,
        policy_label=policy.label if policy else "",
        outcome=finding.outcome,
        outcome_label=outcome.label if outcome else "",
        outcome_group=next(iter(outcome.broader), "") if outcome else "",
        population="; ".join(finding.populations),
        role=finding.role,
        relation=str(finding.relation) if finding.relation else "",
        direction=finding.direction,
        appraisal=appraisal_of(finding, vocabulary),
        statement=finding.statement,
        estimate=estimate.value,
        se=estimate.se,
        p=estimate.p,
        n=estimate.n,
        measure=measures_as_coded(finding.measures or study.measures),
        design="; ".join(study.designs),
        countries="; ".join(study.countries),
        source="; ".join(finding.sources),
        source_level=finding.source_level,
        locator=finding.locator,
    )
