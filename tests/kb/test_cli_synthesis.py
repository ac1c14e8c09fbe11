"""The command ``synthesis`` on the toy collection: its filters, formats and mistakes."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from tests.kb.running import CONTROL, is_one_plain_sentence

if TYPE_CHECKING:
    from pathlib import Path

    from kb.collection import Collection
    from tests.kb.running import Line


def blocks(text: str) -> dict[tuple[str, str, str, str], int]:
    """Return the studies of the blocks that have any."""
    rows = csv.DictReader(io.StringIO(text))
    return {
        (row["outcomes"], row["circle"], row["role"], row["kind"]): int(row["studies"])
        for row in rows
        if row["studies"] != "0"
    }


def test_one_policy_and_one_outcome(line: Line) -> None:
    run = line("synthesis", "anti-discrimination", "--outcome", "generalised trust")
    assert (run.code, run.err) == (0, "")
    flat = " ".join(run.out.split())
    assert flat.startswith("Anti-discrimination × Generalised trust ===")
    assert (
        "1 study (1 finding; 1 evidence base). More inclusive policy goes with a favourable result in 1, an "
        "unfavourable one in 0, no association in 0, mixed results in 0; unclear in 0; on outcomes that are neither "
        "good nor bad in 0."
    ) in flat
    assert "No sign test and no interval: 1 study is favourable or unfavourable, and fewer than 6 cannot tell" in flat
    assert (
        "- alpha2001trust (Alpha and others 2001): favourable; ▲1; cross-sectional; 3 countries; data ess:2-3;" in flat
    )
    assert "Findings that print an estimate: 1 of 1; with a standard error too: 1." in flat
    assert "relation that is changed favourably in 1" in flat
    assert "last recorded search: not recorded" in flat
    assert "makers of MIPEX" not in flat


def test_without_an_outcome_each_group_has_a_short_block(line: Line) -> None:
    run = line("synthesis", "overall", "--measure", "all")
    assert run.code == 0
    heads = [
        one for one, rule in zip(run.out.splitlines(), run.out.splitlines()[1:], strict=False) if rule[:3] == "---"
    ]
    assert heads[:2] == ["Identity and belonging", "Attitudes to immigrants"]
    assert "mipex-kb synthesis overall --outcome anti-immigrant-attitudes" in " ".join(run.out.split())
    assert "Comparable circle: another index of the same policies. 1 study" in " ".join(run.out.split())


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["anti-discrim"], {
            ("social-cohesion", "core", "direct", "primary"): 1, ("social-cohesion", "core", "moderator", "primary"): 1,
        }),
        (["anti-discrimination", "--role", "direct"], {("social-cohesion", "core", "direct", "primary"): 1}),
        (["labour market mobility", "--outcome", "immigrants"], {("employment", "core", "direct", "primary"): 1}),
        (["labour market mobility", "--exact"], {}),
        (["access-to-nationality", "--measure", "reform", "--outcome", "naturalisation"],
         {("naturalisation", "reform", "direct", "primary"): 1}),
        (["overall", "--measure", "index:mcp"], {("identity-and-belonging", "comparable", "direct", "primary"): 1}),
        (["overall", "--until", "1999"], {}),
        (["overall", "--country", "Belgium", "--population", "majority", "--search", "perceived THREAT"],
         {("anti-immigrant-attitudes", "core", "direct", "primary"): 1}),
        (["health", "--data", "evs", "--source-level", "abstract", "--since", "2010", "--design", "observational"],
         {("health", "core", "direct", "primary"): 1}),
        (["overall", "--outcome", "perceived-threat", "--outcome", "life at school"],
         {("perceived-threat", "core", "direct", "primary"): 1}),
    ],
)  # fmt: skip
def test_filters_choose_the_findings(line: Line, words: list[str], found: dict[tuple[str, ...], int]) -> None:
    run = line("synthesis", *words, "--format", "csv")
    assert run.code == 0, run.err
    assert blocks(run.out) == found


def test_by_direction(line: Line) -> None:
    run = line("synthesis", "overall", "--outcome", "perceived-threat", "--by", "direction", "--format", "json")
    (found,) = json.loads(run.out)
    assert found["by"] == "direction"
    assert found["blocks"][0]["classes"]["negative"]["finding_keys"] == ["alpha2001trust-2"]
    by_appraisal = json.loads(line("synthesis", "overall", "--outcome", "perceived-threat", "--format", "json").out)
    assert by_appraisal[0]["blocks"][0]["classes"]["favourable"]["finding_keys"] == ["alpha2001trust-2"]


def test_nothing_found_is_said_and_what_hides_it(line: Line) -> None:
    run = line("synthesis", "access-to-nationality", "--outcome", "naturalisation")
    flat = " ".join(run.out.split())
    assert run.code == 0
    assert "0 studies: the collection holds no finding on this that was asked for." in flat
    assert (
        "In other circles, with direct findings of primary studies: reform 1 study. Show them with --measure all."
        in flat
    )
    none = line("synthesis", "education")
    assert (none.code, none.out) == (0, "There is no finding on Education that was asked for.\n")


def test_formats_and_files(line: Line, tmp_path: Path) -> None:
    words = ["synthesis", "health", "--outcome", "health"]
    for ending, start in (("txt", "Health × "), ("md", "# Health × "), ("json", "[\n"), ("csv", "policy,outcomes,")):
        path = tmp_path / f"health.{ending}"
        run = line(*words, "-o", str(path))
        assert (run.code, run.out) == (0, "")
        assert path.read_text("utf-8").startswith(start)
    again = line(*words, "-o", str(tmp_path / "health.md"))
    assert again.code == 1
    assert is_one_plain_sentence(again.err)
    assert line(*words, "-o", str(tmp_path / "health.md"), "--force").code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["synthesis", "no-such-policy"], "no-such-policy"),
        (["synthesis", "health", "--outcome", "no-such-outcome"], "no-such-outcome"),
        (["synthesis"], "POLICY"),
        (["synthesis", "health", "--by", "opinion"], "invalid choice: 'opinion'"),
        (["synthesis", "health", "-o", "health.pdf"], "The ending of health.pdf names no format."),
        (["synthesis", "health", "--since", "last year"], "'last year' is no year."),
    ],
)
def test_mistakes_are_told_in_a_sentence(line: Line, words: list[str], said: str) -> None:
    run = line(*words)
    assert (run.code, run.out) == (2, "")
    assert said in run.err
    assert is_one_plain_sentence(run.err)


def test_hostile_text_stays_text(hostile: Collection, line: Line) -> None:
    studies, ontology = str(hostile.studies[0]), str(hostile.ontology)
    place = ["--studies", studies, "--ontology", ontology]
    shown = json.loads(line("evidence", "--measure", "all", "--format", "json", *place, toy=False).out)
    rows = shown["findings"] if isinstance(shown, dict) else shown
    assert rows
    for form in ("text", "md", "csv", "json"):
        for policy in {row["policy"] for row in rows}:
            outcomes = [word for row in rows if row["policy"] == policy for word in ("--outcome", row["outcome"])]
            words = ["synthesis", policy, *outcomes, "--measure", "all", "--format", form, *place]
            run = line(*words, toy=False)
            assert run.code == 0, run.err
            assert not CONTROL.search(run.out)
