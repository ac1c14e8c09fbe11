"""Drawings: well formed, in words too, alike twice, and no text is taken for anything else."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from kb.synthesis.plots.canvas import breadth, wrapped
from kb.synthesis.plots.draw import FORMATS, render
from kb.synthesis.plots.draw_timeline import ticks
from kb.synthesis.plots.look import KINDS
from tests.kb.synthesis.made_up import row, rows_of, study
from tests.kb.synthesis.plots.drawn import drawn

if TYPE_CHECKING:
    from collections.abc import Callable

    from kb.collection import Collection
    from kb.store import Reader
    from kb.synthesis.plots.model import Picture

_SVG = "{http://www.w3.org/2000/svg}"
_EVIL = r"$\frac{1}{0}$ <script>alert(1)</script> & ]]> \input{x} $x$ $ " + "\u202e\x1b[31m\x00\u2028" + "W" * 300


def texts(svg: bytes) -> list[str]:
    """Return the lines of text of a drawing."""
    return [element.text or "" for element in ET.fromstring(svg.decode()).iter(f"{_SVG}text")]


def evil(kind: str) -> Picture:
    """Return a picture of a study whose every field is hostile."""
    models = dict.fromkeys(("a-1", "b-1", "c-1"), _EVIL)
    rows = [row(f"{key}-1", "+", estimate="0.1", se="0.1", p=_EVIL) for key in "abc"]
    studies = {
        key: study(key, authors=f"{_EVIL}, X", design="panel; $d$", data=f"survey-{n}", year="$2015$")
        for n, key in enumerate("abc")
    }
    return drawn(kind, rows, studies, models=models)


def plain(kind: str) -> Picture:
    studies = {key: study(key, authors=f"Name{key}, X", data=f"survey-{n}:2002-2008", year=f"201{n}")
               for n, key in enumerate("abcdef")}  # fmt: skip
    return drawn(kind, rows_of(dict(zip("abcdef", "+-0m?n", strict=True))), studies)


@cache
def drawing(of: Callable[[str], Picture], kind: str, form: str = "svg") -> bytes:
    """Return a picture as a file, drawn once for all tests."""
    return render(of(kind), form)


@pytest.mark.parametrize("kind", KINDS)
def test_a_drawing_is_xml_that_stands_alone_and_says_what_it_shows(kind: str) -> None:
    svg = drawing(plain, kind)
    root = ET.fromstring(svg.decode())
    assert svg.startswith(b"<svg ")
    assert root.get("role") == "img"
    styles = [element.get("style") or "" for element in root.iter(f"{_SVG}text")]
    assert all("font-family: 'DejaVu Sans', Verdana, sans-serif" in style for style in styles)
    title, about = root.find(f"{_SVG}title"), root.find(f"{_SVG}desc")
    assert title is not None
    assert title.text == plain(kind).title
    assert about is not None
    assert "favourable result in 1, an unfavourable one in 1" in (about.text or "")
    assert "Not to be read as" in (about.text or "")
    assert set(re.findall(rb"https?://[^\"'<> ]+", svg)) == {
        b"http://www.w3.org/2000/svg", b"http://www.w3.org/1999/xlink",
    }  # fmt: skip
    said = " ".join(texts(svg))
    assert "Not to be read as" in said
    assert "n: 6 studies (core, direct). Data version 0123456789ab; last recorded search: 2026-11-25." in said
    if kind != "forest":
        for key in "abcdef":
            assert f"Name{key} 201" in said


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_text_is_shown_as_text(kind: str) -> None:
    svg = drawing(evil, kind)
    root = ET.fromstring(svg.decode())
    assert {element.tag.removeprefix(_SVG) for element in root.iter()} <= {
        "svg", "title", "desc", "defs", "style", "g", "path", "text", "use", "clipPath", "rect",
    }  # fmt: skip
    assert not re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", svg)
    said = " ".join(texts(svg))
    assert r"$\frac{1}{0}$" in said
    assert "\u202e" not in said
    assert render(evil(kind), "png").startswith(b"\x89PNG\r\n")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_same_picture_gives_the_same_bytes(kind: str, form: str) -> None:
    assert render(plain(kind), form) == drawing(plain, kind, form)


def test_another_process_with_other_settings_gives_the_same_bytes(tmp_path: object) -> None:
    """Neither the order of hashes, nor the day, nor the user's settings of matplotlib show in a drawing."""
    script = (
        "import sys; from tests.kb.synthesis.plots.test_draw import plain; "
        "from kb.synthesis.plots.draw import render; sys.stdout.buffer.write(render(plain('harvest'), 'svg'))"
    )
    settings = f"{tmp_path}/matplotlibrc"
    with open(settings, "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write("font.family: serif\nsvg.fonttype: path\nsavefig.bbox: tight\n")
    env = {**os.environ, "PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "0", "MATPLOTLIBRC": settings}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, env=env, timeout=60)
    assert done.stdout == drawing(plain, "harvest")


@pytest.mark.parametrize("kind", KINDS)
def test_no_text_runs_out_of_the_sheet(kind: str) -> None:
    for of in (plain, evil):
        svg = drawing(of, kind).decode()
        width, height = (float(size) for size in re.findall(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)[0])
        number = 0
        for element in ET.fromstring(svg).iter(f"{_SVG}text"):
            style, place = element.get("style") or "", element.get("transform") or ""
            size = re.search(r"font(?:-size)?: ([\d.]+)px", style)
            spot = re.search(r"translate\(([-\d.]+) ([-\d.]+)\)", place)
            x, y = map(float, spot.groups() if spot else (element.get("x", 0), element.get("y", 0)))
            assert size, style
            wide = breadth(element.text or "", float(size[1]), bold="700" in style or "bold" in style) * 72
            anchor = {"middle": 0.5, "end": 1.0}.get((re.search(r"text-anchor: (\w+)", style) or ["", ""])[1], 0.0)
            assert 0 <= y <= height
            if "rotate(-90" not in place:
                assert x - wide * anchor >= 0, element.text
                assert x + wide * (1 - anchor) <= width, element.text
            number += 1
        assert number > 10


def test_a_hundred_studies_stand_on_shelves() -> None:
    rows = rows_of({f"s{n:03}": "+" for n in range(100)})
    picture = drawn("harvest", rows, {one.study: study(one.study, data="ess") for one in rows})
    svg = render(picture, "svg")
    assert sum("[s" in text for text in texts(svg)) == 100
    width, height = (float(size) for size in re.findall(rb'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)[0])
    assert width < 1000
    assert height > 8 * 100


def test_the_picture_of_pixels_is_not_blank_and_holds_blue() -> None:
    from matplotlib.image import imread

    pixels = imread(io.BytesIO(drawing(plain, "harvest", "png")))
    blue = (abs(pixels[..., :3] - [0x0B / 255, 0x5F / 255, 0xA5 / 255]) < 0.02).all(axis=2)
    assert blue.sum() > 500
    assert 0.5 < pixels[..., :3].mean() < 0.999


def test_forests_are_drawn_where_estimates_are_comparable() -> None:
    rows = [row(f"{key}-1", "+", estimate=str(n), se="0.5") for n, key in enumerate("abc", start=1)]
    svg = render(drawn("forest", rows, models={one.finding: "OLS" for one in rows}), "svg")
    said = texts(svg)
    assert "2 [-0.484, 4.48]" in said
    assert "1 [0.02, 1.98]" in said
    assert "Random-effects summary" in said


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [(2015, 2015, [2015]), (2010, 2013, [2010, 2011, 2012, 2013]), (1990, 2024, list(range(1990, 2025, 5)))],
)
def test_years_on_the_axis_are_round_and_few(first: int, last: int, found: list[int]) -> None:
    assert ticks(first, last) == found


def test_text_is_broken_where_it_is_too_wide() -> None:
    assert wrapped("Immigrant-native gap", breadth("Immigrant-", 9), 9) == ["Immigrant-", "native gap"]
    lines = wrapped("W" * 50, 1.0, 9)
    assert "".join(lines) == "W" * 50
    assert max(breadth(line, 9) for line in lines) <= 1.0
    assert wrapped("one two three", 0.1, 9, most=1)[0].endswith("…")


def test_without_the_library_it_says_what_to_install(toy: Collection, toy_reader: Reader) -> None:
    script = (
        "import sys; sys.modules['matplotlib'] = None; sys.modules['matplotlib.figure'] = None\n"
        "from kb.cli import main\n"
        "words = ['synthesis', 'overall', '--outcome', 'perceived-threat', '--plot', 'harvest', '-o', 'x.svg']\n"
        "sys.exit(main([*words, '--studies', sys.argv[1]]))"
    )
    command = [sys.executable, "-c", script, str(toy.studies[0])]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr == "mipex-kb: Drawing needs matplotlib. Install it with: pip install 'mipex-kb[pictures]'\n"
