"""The pictures in text: as written by hand, and as they were last looked at (write those anew: run this module)."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kb.cli import main
from kb.evidence import Question
from kb.synthesis.make import synthesise
from kb.synthesis.plots.build import picture, source
from kb.synthesis.plots.look import KINDS
from kb.synthesis.text_plots import as_text
from tests.conftest import TESTS
from tests.kb.running import CONTROL
from tests.kb.synthesis.made_up import row, rows_of, study
from tests.kb.synthesis.plots.drawn import drawn

if TYPE_CHECKING:
    from kb.session import Session

GOLDEN = Path(__file__).with_name("golden")
SEEN = {
    **{f"toy-{kind}": f"anti-discrimination --outcome social-cohesion --measure all --plot {kind}" for kind in KINDS},
    "whole-effect-direction": "overall --outcome anti-immigrant-attitudes --plot effect-direction",
    "whole-harvest": "labour-market-mobility --outcome employment --measure reform --plot harvest",
    "whole-forest": "access-to-nationality --outcome naturalisation --measure reform --plot forest",
    "whole-timeline": "access-to-nationality --outcome naturalisation --measure all --plot timeline",
}
_VERSION = re.compile(r"(Data\s+version\s+)[0-9a-f]{12}")


def seen(name: str, path: Path) -> str:
    """Return what the command prints, with a version that stays."""
    words = ["synthesis", *shlex.split(SEEN[name]), "-o", str(path)]
    assert main([*words, "--studies", str(TESTS / "toy")] if name.startswith("toy") else words) == 0
    return _VERSION.sub(r"\g<1>0123456789ab", path.read_text("utf-8"))


@pytest.mark.parametrize("name", SEEN)
def test_pictures_are_as_they_were_last_looked_at(name: str, tmp_path: Path) -> None:
    expected = (GOLDEN / f"{name}.txt").read_text("utf-8")
    assert seen(name, tmp_path / "picture.txt") == expected
    assert {path.stem for path in GOLDEN.iterdir()} == set(SEEN)


def section(text: str) -> list[str]:
    """Return the lines between the split in words and the legend."""
    lines = text.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("----"))
    first = lines.index("", start) + 1
    return lines[first : next(n for n, line in enumerate(lines) if line.startswith("One ")) - 1]


def test_arrows_by_hand() -> None:
    rows = [*rows_of({"alpha": "++", "beta": "0", "gamma": "m", "delta": "?"}),
            row("alpha-3", "-", outcome="threat", direction="positive")]  # fmt: skip
    countries = "; ".join(f"C{n}" for n in range(12))
    studies = {key: study(key, data=f"survey-{n}", countries=countries if n else "")
               for n, key in enumerate(["alpha", "beta", "gamma", "delta"])}  # fmt: skip
    text = section(as_text(drawn("effect-direction", rows, studies)))
    assert text == [
        "Study A    B    Countries   Read",
        "beta  ↔n   ·    12 medium   a",
        "alpha ▲f2  ▲u   ?           a",
        "gamma ↔m   ·    12 medium   a",
        "delta ?    ·    12 medium   a",
        "",
        "A Trust (more is good)",
        "B Threat (more is bad)",
    ]


def test_bars_by_hand() -> None:
    """Two favourable, of a natural experiment and a panel, and one unfavourable at one point in time."""
    studies = {
        "a": study("a", design="natural-experiment", data="survey-1"),
        "b": study("b", design="panel", data="survey-2"),
        "c": study("c", data="survey-3"),
    }
    rows = [*rows_of({"a": "+", "c": "-"}), row("b-1", "+", source_level="fulltext")]
    assert section(as_text(drawn("harvest", rows, studies))) == [
        "                                █",
        "                                █ █",
        "█                               █ █",
        "a                               a f",
        "──────────────  ──────────────  ──────────────  ────────  ────────  ────────────",
        "unfavourable    no association  favourable      mixed     unclear   neither good",
        "                                                                    nor bad",
        "1               0               2               0         0         0",
        "",
        "- unfavourable: c a",
        "- favourable: a a, b f",
    ]


def test_years_by_hand() -> None:
    """Room for 77 columns from 2000 to 2019: four columns a year; a's data from 2000 to 2003 are columns 0 to 12."""
    studies = {
        "a": study("a", data="survey-1:2000-2003", year="2010"),
        "b": study("b", data="survey-2", year="2019"),
        "c": study("c", data="survey-3", year="forthcoming"),
    }
    text = section(as_text(drawn("timeline", rows_of({"a": "+", "b": "0", "c": "m"}), studies)))
    assert text == [
        f"   2000{' ' * 32}2009{' ' * 33}2019",
        f"a  {'─' * 13}{' ' * 27}f",
        f"b  {' ' * 76}n",
        "c   m year not known",
    ]


def test_estimates_by_hand() -> None:
    """1, 2, 3 with errors 0.5: the mean 2 lies within -0.484 and 4.484, a new study within -11.2 and 15.2."""
    rows = [row(f"{key}-1", "+", estimate=str(n), se="0.5") for n, key in enumerate("abc", start=1)]
    text = as_text(drawn("forest", rows, models={one.finding: "OLS" for one in rows}))
    lines = {line.split()[0]: line for line in text.splitlines() if line}
    assert lines["a-1"].endswith("1 [0.02, 1.98]")
    assert lines["summary"].endswith("2 [-0.484, 4.48]")
    assert lines["a"].startswith("a new study")
    assert lines["a"].endswith("-11.2 to 15.2")
    assert lines["a-1"].index("*") < lines["b-1"].index("*") < lines["c-1"].index("*")
    assert "-*-" in lines["c-1"]


@pytest.mark.parametrize("kind", KINDS)
def test_many_outcomes_and_long_names_stay_within_the_line(kind: str) -> None:
    rows = [row(f"{'k' * 40}{n}-1", "+", outcome=f"outcome-{n}", estimate="1") for n in range(30)]
    studies = {one.study: study(one.study, data="ess", year=str(1990 + n)) for n, one in enumerate(rows)}
    text = as_text(drawn(kind, rows, studies))
    assert max(map(len, text.splitlines())) <= 80
    if kind == "effect-direction":
        assert sum(line.startswith("Study ") for line in text.splitlines()) > 1
        assert "\nDD outcome-" in text


def test_the_whole_collection_fits_80_columns_and_no_study_is_left_out(whole_session: Session) -> None:
    for policy in ("overall", "health"):
        groups = ("anti-immigrant-attitudes", "health-care", "naturalisation", "employment")
        for found in synthesise(whole_session, Question((policy,), groups, measure=("all",))):
            behind = source(whole_session, found)
            keys = {key for block in found.blocks for key in block.everything.studies}
            for kind in KINDS:
                text = as_text(picture(found, kind, behind))
                assert max(map(len, text.splitlines())) <= 80, kind
                assert not CONTROL.search(text), kind
                if kind != "forest":
                    assert {key for key in keys if key not in text} == set(), kind


if __name__ == "__main__":
    for each in SEEN:
        (GOLDEN / f"{each}.txt").write_text(seen(each, GOLDEN / f".{each}.txt"), "utf-8")
        (GOLDEN / f".{each}.txt").unlink()
