"""The gap map as a page and as a picture: safe whatever a record holds, small, and asking nobody for anything."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import xml.etree.ElementTree as ET
from contextlib import closing
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from kb.dimensions import dimension, dimensions
from kb.facets import CIRCLE, EVERYTHING, Choice
from kb.gap_map import Mapper
from kb.gap_map_page.page import as_script, to_html
from kb.gap_map_page.picture import to_svg
from kb.gap_map_words import NOTE
from kb.session import Session, make_session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kb.collection import Collection
    from tests.kb.running import Line

SVG = "{http://www.w3.org/2000/svg}"
ANTI, TRUST = "anti-discrimination", "social-cohesion"
OUTCOME, POLICY = dimension("outcome"), dimension("policy")


@pytest.fixture(scope="module")
def toy_session(toy: Collection) -> Iterator[Session]:
    """Return the session of the toy collection."""
    with closing(make_session(toy)) as found:
        yield found


@pytest.fixture(scope="module")
def real(whole: Collection) -> Iterator[Session]:
    """Return the session of the bundled collection."""
    with closing(make_session(whole)) as found:
        yield found


@pytest.fixture(scope="module")
def odd(hostile: Collection) -> Iterator[Session]:
    """Return the session of the hostile collection."""
    with closing(make_session(hostile)) as found:
        yield found


def page(session: Session, choice: Choice = EVERYTHING) -> str:
    return to_html(session, choice, OUTCOME, POLICY)


def element(text: str, start: str, end: str) -> str:
    """Return what stands between the only start and the first end after it."""
    assert text.count(start) == 1
    return text.partition(start)[2].partition(end)[0]


def data(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(element(text, '<script type="application/json" id="data">', "</script>"))
    return found


def picture(session: Session, choice: Choice = EVERYTHING, down: str = "outcome", across: str = "policy") -> ET.Element:
    mapper = Mapper(session.index, session.vocabulary())
    return ET.fromstring(to_svg(mapper.make(choice, dimension(down), dimension(across)), mapper, session))


def words(root: ET.Element) -> list[str]:
    return [found.text or "" for found in root.iter(f"{SVG}text")]


def test_the_page_of_the_bundled_collection_is_small_and_whole(real: Session) -> None:
    text = page(real, Choice())
    assert len(text.encode()) < 1_000_000
    held = data(text)
    place = held["fields"].index("statement") + 3
    assert [record[place] for record in held["findings"]] == [row.statement for row in real.findings()]
    assert held["start"] == {"picked": [[CIRCLE, "core"]], "search": "", "down": "outcome", "across": "policy"}
    assert held["note"] == NOTE
    assert held["version"] == real.version()


def test_the_policy_allows_its_own_script_and_style_and_nothing_else(toy_session: Session) -> None:
    text = page(toy_session)
    policy = unescape(element(text, '<meta http-equiv="Content-Security-Policy" content="', '">'))
    rules = {name: value for name, _, value in (rule.strip().partition(" ") for rule in policy.split(";"))}
    assert rules["default-src"] == "'none'"
    assert set(rules) == {"default-src", "script-src", "style-src", "base-uri", "form-action"}
    for rule, start, end in (("script-src", "<script>", "</script>"), ("style-src", "<style>", "</style>")):
        digest = hashlib.sha256(element(text, start, end).encode()).digest()
        assert rules[rule] == f"'sha256-{base64.b64encode(digest).decode()}'"
    assert not re.search(r"\son\w+=|\sstyle=|javascript:", text.partition('id="data"')[0])


def test_nothing_in_it_is_fetched(real: Session) -> None:
    text = page(real)
    program = text.replace(element(text, 'id="data">', "</script>"), "")
    assert set(re.findall(r"\b(?:https?:)?//[\w.-]+\.\w+[^\s\"'`]*", program)) == {
        "http://www.w3.org/2000/svg", "https://doi.org/${study.doi.split(",
    }  # fmt: skip
    assert not re.search(r"@import|url\((?!#)|\bsrc=|fetch\(|XMLHttpRequest|import\(|sendBeacon|WebSocket", program)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", program)
    known = " ".join(f"{row.source} {row.title} {row.statement} {row.locator} {row.doi}" for row in real.findings())
    for address in re.findall(r"https?://[^\s\"\\;]+", json.dumps(data(text), ensure_ascii=False)):
        assert address in known


@pytest.mark.parametrize(
    "text", ["</script><script>alert(1)</script>", "<!--", "]]>", "a\u2028b\u2029c", "&lt;", "\\", '"']
)
def test_no_text_ends_the_data(text: str) -> None:
    script = as_script({"x": text})
    assert not re.search("[<>&\u2028\u2029]", script)
    assert json.loads(script) == {"x": text}


def test_a_text_that_looks_like_a_place_of_the_template_stays_text(toy_session: Session) -> None:
    choice = Choice(search="{{script}} </script> \u2028")
    held = data(page(toy_session, choice))
    assert held["start"]["search"] == choice.search


def test_a_hostile_record_stays_data(odd: Session) -> None:
    text = page(odd)
    assert text.count("<script") == text.count("</script>") == 2
    held = element(text, 'id="data">', "</script>")
    assert not re.search(r"[<>&\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", held)
    assert "Mallory" in held


def test_its_facets_hold_what_the_index_says(real: Session) -> None:
    held = data(page(real))
    for order, facet in enumerate(held["facets"]):
        names = [value[0] for value in facet["values"]]
        assert names[: facet["shown"]] == [value.name for value in real.index.values(facet["name"])]
        for name, found in real.index.sets(facet["name"]).items():
            having = [
                number
                for number, record in enumerate(held["findings"])
                if names.index(name) in facet["families"][record[2][order]]
            ]
            assert sum(1 << number for number in having) == found


def test_what_is_chosen_can_be_taken_back_also_where_no_finding_has_it(toy_session: Session) -> None:
    choice = EVERYTHING.only("country", "MT", "DE").only("year", "2030").only("policy", "visa-policy")
    assert toy_session.index.number(choice) == 0
    held = data(page(toy_session, choice))
    shown = {facet["name"]: facet["values"][: facet["shown"]] for facet in held["facets"]}
    labels = {(name, value[0]): value[1] for name, values in shown.items() for value in values}
    assert [labels[name, value] for name, value in held["start"]["picked"]] == [
        "Germany", "Malta", "Visa policy (outside MIPEX)", "2030",
    ]  # fmt: skip


def test_the_picture_shows_each_cell_and_each_gap(toy_session: Session) -> None:
    root = picture(toy_session, Choice())
    mapper = Mapper(toy_session.index, toy_session.vocabulary())
    made = mapper.make(Choice(), OUTCOME, POLICY)
    kinds = [found.get("class") for found in root.iter(f"{SVG}rect")]
    assert kinds.count("cell") == 4
    places = (len(made.down) + 1) * (len(made.across) + 1)
    assert kinds.count("cell") + kinds.count("gap") + kinds.count("total") == places
    titles = [found.text or "" for found in root.iter(f"{SVG}title")]
    assert len(titles) == places + 1
    (trust,) = [title for title in titles if title.startswith("Trust and contact between people × Anti-disc")]
    assert trust.endswith("positive 1, negative 0, null 0, mixed 0, unclear 0, moderator only 1.")
    assert "▲1 m1" in words(root)
    assert f"Data version {toy_session.version()}." in " ".join(words(root))
    assert "not how strong or how sure that is" in " ".join(words(root))
    assert words(root)[0] == "Gap map: outcome groups by policy areas"


def test_the_parts_of_a_bubble_are_as_large_as_their_numbers(toy_session: Session) -> None:
    root = picture(toy_session, Choice())
    (group,) = [
        found for found in root.iter(f"{SVG}g")
        if (found.findtext(f"{SVG}title") or "").startswith("Trust and contact between people × Anti-disc")
    ]  # fmt: skip
    fills = [found.get("fill") for found in group.iter(f"{SVG}path")]
    assert fills == ["url(#fill-positive)", "url(#fill-moderator)"]
    ids = {found.get("id") for found in root.iter(f"{SVG}pattern")}
    assert {"fill-positive", "fill-moderator", "fill-null", "fill-negative", "fill-mixed", "fill-unclear"} == ids


@pytest.mark.parametrize(("down", "across"), [("outcome", "policy"), ("country", "policy"), ("policy", "country")])
def test_the_picture_is_wide_enough_for_its_columns(real: Session, down: str, across: str) -> None:
    root = picture(real, EVERYTHING, down, across)
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    assert width >= 1200
    assert width == 1200 or across == "country"
    for found in root.iter(f"{SVG}rect"):
        if found.get("class") in ("cell", "gap", "total"):
            assert float(found.get("x", "")) + float(found.get("width", "")) <= width
            assert float(found.get("y", "")) + float(found.get("height", "")) <= height
    for group in root.iter(f"{SVG}g"):
        box = group.find(f"{SVG}rect")
        assert box is not None
        bottom = float(box.get("y", "")) + float(box.get("height", ""))
        assert all(float(found.get("y", "")) < bottom for found in group.iter(f"{SVG}text"))


def test_the_picture_is_the_same_each_time_and_fetches_nothing(real: Session) -> None:
    mapper = Mapper(real.index, real.vocabulary())
    made = mapper.make(EVERYTHING, OUTCOME, POLICY)
    text = to_svg(made, mapper, real)
    assert text == to_svg(made, mapper, real)
    assert set(re.findall(r"https?://[^\s\"]+", text)) == {"http://www.w3.org/2000/svg"}
    assert "prefers-color-scheme: dark" in text
    assert not re.search(r"url\((?!#)|@import|<script|<image|xlink", text)


def test_the_picture_names_its_colours_as_every_program_knows_them(toy_session: Session) -> None:
    root = picture(toy_session)
    style = root.findtext(f"{SVG}style", "")
    assert "var(" not in style
    light, _, dark = style.partition("@media (prefers-color-scheme: dark) {\n")
    for rules in (light, dark):
        assert re.findall(r"^ *\.page { fill: (#[0-9a-f]{6}); }$", rules, re.MULTILINE)
        assert rules.count("{") >= 15
    assert ".page { fill: #ffffff; }" in light
    assert ".page { fill: #ffffff; }" not in dark


def test_the_picture_of_a_hostile_choice_is_valid_xml(odd: Session) -> None:
    choice = EVERYTHING._replace(search="<![CDATA[ ]]> & \x1b[31m \ufffe \ud800 \u202e\" '</svg>")
    for down in dimensions():
        for across in dimensions():
            if down != across:
                assert picture(odd, choice, down, across).get("role") == "img"
    assert picture(odd).get("role") == "img"
    assert "</svg>" in " ".join(words(picture(odd, choice)))


def test_a_collection_without_findings_is_all_gaps(toy_session: Session) -> None:
    root = picture(toy_session, Choice(search="no such words"), "year", "circle")
    kinds = {found.get("class") for found in root.iter(f"{SVG}rect")}
    assert "gap" in kinds
    assert not {"cell", "total"} & kinds


@pytest.mark.parametrize(("ending", "start"), [("svg", "<?xml"), ("html", "<!doctype html>")])
def test_the_command_writes_both(line: Line, tmp_path: Path, ending: str, start: str) -> None:
    path = tmp_path / f"map.{ending}"
    run = line("map", "--circle", "all", "--across", "year", "-o", str(path))
    assert (run.code, run.out) == (0, ""), run.err
    text = path.read_text("utf-8")
    assert text.startswith(start)
    assert line("map", "--circle", "all", "--across", "year", "--format", ending).out == text
