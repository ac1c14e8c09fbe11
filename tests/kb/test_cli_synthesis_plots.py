"""Pictures of a synthesis from the command line: in text, as files, and the mistakes that can be made."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from kb.synthesis.plots.look import KINDS
from tests.kb.running import CONTROL, is_one_plain_sentence

if TYPE_CHECKING:
    from pathlib import Path

    from kb.collection import Collection
    from tests.kb.running import Line

_ASKED = ["synthesis", "anti-discrimination", "--outcome", "generalised trust"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_in_text_and_as_files(line: Line, tmp_path: Path, kind: str) -> None:
    run = line(*_ASKED, "--plot", kind)
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith("Anti-discrimination × Generalised trust: ")
    assert "Not to be read as" in run.out
    for ending in ("txt", "svg", "png", "SVG"):
        path = tmp_path / f"trust.{ending}"
        run_to_file = line(*_ASKED, "--plot", kind, "-o", str(path))
        assert (run_to_file.code, run_to_file.out, run_to_file.err) == (0, "", f"Written: {path}\n")
    assert (tmp_path / "trust.txt").read_text("utf-8") == run.out
    assert ET.fromstring((tmp_path / "trust.svg").read_text("utf-8")).tag == "{http://www.w3.org/2000/svg}svg"
    assert (tmp_path / "trust.SVG").read_bytes() == (tmp_path / "trust.svg").read_bytes()
    assert (tmp_path / "trust.png").read_bytes().startswith(b"\x89PNG")
    again = line(*_ASKED, "--plot", kind, "-o", str(tmp_path / "trust.svg"))
    assert again.code == 1
    assert is_one_plain_sentence(again.err)


def test_filters_and_what_is_counted_are_said(line: Line) -> None:
    run = line(
        "synthesis", "overall", "--outcome", "perceived-threat", "--until", "2001", "--direction", "negative",
        "--by", "direction", "--plot", "timeline",
    )  # fmt: skip
    flat = " ".join(run.out.split())
    assert "Only findings with: direction negative; until 2001." in flat
    assert "These findings were chosen by what they say" in flat
    assert "- less or weaker" in flat
    assert "\nalpha2001trust  -" in run.out


def test_a_picture_of_nothing_says_so(line: Line, tmp_path: Path) -> None:
    for kind in KINDS:
        words = ["synthesis", "access-to-nationality", "--outcome", "naturalisation", "--plot", kind]
        run = line(*words)
        assert run.code == 0
        assert "No study in this circle." in run.out
        assert "n: 0 studies." in run.out
        assert "reform 1 study. Show them with --measure all." in " ".join(run.out.split())
        assert line(*words, "-o", str(tmp_path / f"{kind}.svg")).code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["synthesis", "health", "--plot", "harvest"], "Name one with --outcome"),
        (["synthesis", "health", "--outcome", "immigrants", "--plot", "harvest"], "Draw one at a time."),
        ([*_ASKED, "--plot", "harvest", "--format", "md"], "A picture has no --format."),
        ([*_ASKED, "--plot", "harvest", "-o", "trust.pdf"], "The ending of trust.pdf names no picture."),
        ([*_ASKED, "--plot", "harvest", "-o", "trust"], "The ending of trust names no picture."),
        ([*_ASKED, "--plot", "pie"], "invalid choice: 'pie'"),
    ],
)
def test_mistakes_are_told_in_a_sentence(line: Line, words: list[str], said: str) -> None:
    run = line(*words)
    assert (run.code, run.out) == (2, "")
    assert said in run.err
    assert is_one_plain_sentence(run.err)


def test_hostile_text_stays_text(hostile: Collection, line: Line, tmp_path: Path) -> None:
    place = ["--studies", str(hostile.studies[0]), "--ontology", str(hostile.ontology)]
    for kind in KINDS:
        words = ["synthesis", "overall", "--outcome", "perceived-threat", "--measure", "all", "--plot", kind, *place]
        run = line(*words, toy=False)
        assert run.code == 0, run.err
        assert "hostile2007record" in run.out
        assert not CONTROL.search(run.out)
        path = tmp_path / f"{kind}.svg"
        assert line(*words, "-o", str(path), toy=False).code == 0
        svg = path.read_text("utf-8")
        assert not CONTROL.search(svg.replace("\n", ""))
        assert {element.tag.rpartition("}")[2] for element in ET.fromstring(svg).iter()}.isdisjoint({"script", "a"})
