"""Generated collections: the same for a seed, readable without a mistake, and of the shape of the bundled one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import pytest

from benchmarks.collections import write_collection
from kb.collection import bundled
from kb.records import read_records
from kb.vocabulary import read_turtle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from kb.model import Finding, Study
    from kb.problems import Problem

STUDIES = 700


class Sample(NamedTuple):
    """What was read from a folder of studies."""

    studies: list[Study]
    findings: list[Finding]
    problems: list[Problem]

    def per_study(self, number: Callable[[Study], int]) -> float:
        """Return how many there are of something in a study on average."""
        return sum(map(number, self.studies)) / len(self.studies)

    def share(self, has: Callable[[Study], object]) -> float:
        """Return the share of the studies that have something."""
        return sum(bool(has(study)) for study in self.studies) / len(self.studies)


def sample(folder: Path) -> Sample:
    found = Sample([], [], [])
    words = read_turtle(sorted(bundled().ontology.glob("*.ttl")))
    for path in sorted(folder.glob("*.bib")):
        record, problems = read_records(path.read_text("utf-8"), str(path), words)
        found.studies.extend(record.studies)
        found.findings.extend(record.findings)
        found.problems.extend(problems)
    return found


@pytest.fixture(scope="module")
def real() -> Sample:
    return sample(bundled().studies[0])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    folder = tmp_path_factory.mktemp("made") / "collection"
    write_collection(folder, STUDIES)
    return sample(folder / "studies")


def close(found: float, expected: float, tolerance: float = 0.15) -> bool:
    return abs(found - expected) <= tolerance * expected + 0.01


def shares(values: Iterable[str], most: int = 8) -> dict[str, float]:
    counts = Counter(values)
    return {value: number / counts.total() for value, number in counts.most_common(most)}


def test_every_study_is_read_without_a_mistake(made: Sample) -> None:
    assert len({study.key for study in made.studies}) == STUDIES
    assert [problem for problem in made.problems if problem.severity == "error"] == []


def test_there_are_as_many_findings_of_a_study(made: Sample, real: Sample) -> None:
    assert close(len(made.findings) / STUDIES, len(real.findings) / len(real.studies))
    sizes = [Counter(Counter(finding.study for finding in one.findings).values()) for one in (made, real)]
    for number in (1, 2, 3):
        assert close(sizes[0][number] / sizes[0].total(), sizes[1][number] / sizes[1].total(), 0.25)


@pytest.mark.parametrize("name", ["policy", "outcome", "role", "direction", "source_level"])
def test_findings_are_coded_alike(name: str, made: Sample, real: Sample) -> None:
    expected = shares(getattr(finding, name) for finding in real.findings)
    found = Counter(getattr(finding, name) for finding in made.findings)
    for value, share in expected.items():
        assert close(found[value] / found.total(), share, 0.5), value


@pytest.mark.parametrize(
    "name", ["countries", "data", "designs", "measures", "doi", "bib_sources", "volume", "editors"]
)
def test_studies_have_as_much_of_everything(name: str, made: Sample, real: Sample) -> None:
    def number(study: Study) -> int:
        return len(getattr(study, name))

    assert close(made.share(number), real.share(number), 0.25)
    assert close(made.per_study(number), real.per_study(number), 0.35)


def test_texts_are_as_long_and_authors_as_many(made: Sample, real: Sample) -> None:
    assert close(made.per_study(lambda study: len(study.title)), real.per_study(lambda study: len(study.title)))
    assert close(made.per_study(lambda study: len(study.authors)), real.per_study(lambda study: len(study.authors)))
    lengths = [sum(len(f.statement) for f in one.findings) / len(one.findings) for one in (made, real)]
    assert close(*lengths)


def test_authors_write_as_often(made: Sample, real: Sample) -> None:
    again = [len({a for s in one.studies for a in s.authors}) / sum(len(s.authors) for s in one.studies)
             for one in (made, real)]  # fmt: skip
    assert close(*again)


def test_a_seed_gives_the_same_files_and_another_one_others(tmp_path: Path) -> None:
    texts = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_collection(tmp_path / name, 12, seed)
        texts.append({path.name: path.read_bytes() for path in (tmp_path / name / "studies").iterdir()})
    assert len(texts[0]) == 12
    assert texts[0] == texts[1]
    assert not texts[0].items() & texts[2].items()
