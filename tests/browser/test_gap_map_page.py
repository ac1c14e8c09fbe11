"""The page of the gap map in a real browser: its numbers against the map's, its keys, its links, its looks."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from kb.dimensions import dimension
from kb.facets import CIRCLE, EVERYTHING, Choice
from kb.gap_map import Mapper
from kb.gap_map_files import map_data
from kb.gap_map_page.page import to_html
from kb.session import Session, make_session
from tests.chromium import asked, browser, complaints, needs_browser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement

    from kb.collection import Collection

pytestmark = needs_browser
ANTI, TRUST, NATURALISATION = "anti-discrimination", "social-cohesion", "access-to-nationality"


@pytest.fixture(scope="module")
def session(whole_session: Session) -> Session:
    """Return the session of the bundled collection."""
    return whole_session


@pytest.fixture(scope="module")
def folder(session: Session, hostile: Collection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the page of the bundled collection and that of the hostile one."""
    found = tmp_path_factory.mktemp("page")
    axes = dimension("outcome"), dimension("policy")
    found.joinpath("map.html").write_text(to_html(session, Choice(), *axes), "utf-8")
    with closing(make_session(hostile)) as odd:
        found.joinpath("hostile.html").write_text(to_html(odd, EVERYTHING, *axes), "utf-8")
    return found


@pytest.fixture(scope="module")
def driver(folder: Path) -> Iterator[Chrome]:
    """Return a browser that all tests of this module share."""
    with browser(folder) as found:
        yield found


@pytest.fixture
def page(driver: Chrome, folder: Path) -> Iterator[Chrome]:
    """Return the browser at the fresh page, and see to it that nothing was complained of or fetched meanwhile."""
    driver.get("about:blank")
    complaints(driver)
    asked(driver)
    driver.get((folder / "map.html").as_uri())
    yield driver
    assert complaints(driver) == []
    assert {url.partition("#")[0] for url in asked(driver)} == {(folder / "map.html").as_uri()}


def one(page: Chrome, css: str) -> WebElement:
    return page.find_element("css selector", css)


def cell(page: Chrome, down: str, across: str) -> WebElement:
    return one(page, f'td button[data-down="{down}"][data-across="{across}"]')


def said(button: WebElement) -> str:
    """Return what is read out of a cell."""
    parts = button.find_elements("css selector", ":scope > :not([aria-hidden])")
    return "".join(str(part.get_attribute("textContent")) for part in parts)


def press(page: Chrome, *keys: str) -> None:
    from selenium.webdriver import ActionChains

    ActionChains(page).send_keys(*keys).perform()


def focus(page: Chrome) -> tuple[str, str]:
    """Return the row and column of the cell that has the focus."""
    found = page.switch_to.active_element
    return str(found.get_attribute("data-down")), str(found.get_attribute("data-across"))


def pick(page: Chrome, facet: str, *values: str) -> None:
    """Turn some values of a filter on or off, as a click does."""
    details = one(page, f'details.facet[data-facet="{facet}"]')
    if not details.get_attribute("open"):
        details.find_element("css selector", "summary").click()
    for value in values:
        box = details.find_element("css selector", f'input[value="{value}"]')
        page.execute_script("arguments[0].scrollIntoView({block: 'center'})", box)
        box.click()


def choose(page: Chrome, select: str, value: str) -> None:
    from selenium.webdriver.support.select import Select

    Select(one(page, f"#{select}")).select_by_value(value)


def numbers(page: Chrome) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(page.execute_script("return JSON.stringify(gapMap())"))
    return found


def wanted(session: Session, choice: Choice, down: str = "outcome", across: str = "policy") -> dict[str, Any]:
    """Return the numbers of the same map as the library counts them."""
    mapper = Mapper(session.index, session.vocabulary())
    data = map_data(mapper.make(choice, dimension(down), dimension(across)), mapper, session)
    found: dict[str, Any] = json.loads(json.dumps(data))
    for axis in ("down", "across"):
        values = found[axis]["values"]
        found[axis] = [{key: v for key, v in value.items() if key not in ("label", "above")} for value in values]
    return {name: found[name] for name in ("all", "down", "across", "cells")}


def test_it_opens_with_the_core_circle_and_counts_as_the_library(page: Chrome, session: Session) -> None:
    assert numbers(page) == wanted(session, Choice())
    assert "gap map, outcome groups by policy areas" in one(page, "h1").text
    assert one(page, "#summary").text.startswith("Circle core. 125 studies (236 findings, ")


@pytest.mark.parametrize(
    ("choice", "down", "across"),
    [
        (EVERYTHING, "outcome", "policy"),
        (EVERYTHING, "country", "data"),
        (EVERYTHING, "year", "circle"),
        (EVERYTHING, "design", "population"),
        (Choice().only("policy", "overall").only("direction", "positive", "null"), "outcome", "policy"),
        (EVERYTHING.only(CIRCLE, "reform").only("outcome", "immigrants"), "outcome", "year"),
        (EVERYTHING.only("population", "muslims").only("design", "observational"), "population", "design"),
        (EVERYTHING.only("source-level", "fulltext", "secondary").only("year", "2010-2014"), "year", "policy"),
        (EVERYTHING.only("country", "DE", "AT").only("data", "ess"), "country", "outcome"),
        (EVERYTHING.only("outcome", "naturalisation").only("role", "direct"), "outcome", "policy"),
        (Choice(search="  Trust   EUROPEAN "), "outcome", "policy"),
        (EVERYTHING._replace(search="röder MÜHLAU"), "policy", "outcome"),
        (EVERYTHING.only("appraisal", "unfavourable").only("year", "2015", "2020"), "year", "country"),
        (EVERYTHING._replace(search="no such words"), "outcome", "policy"),
    ],
)
def test_its_numbers_are_those_of_the_library(
    page: Chrome, session: Session, choice: Choice, down: str, across: str
) -> None:
    from urllib.parse import urlencode

    parts = [("down", down), ("across", across), ("search", choice.search), *choice.picked]
    page.execute_async_script(
        "addEventListener('hashchange', () => arguments[1](), {once: true}); location.hash = arguments[0]",
        urlencode(parts),
    )
    found = numbers(page)
    assert found["all"]["findings"] == session.index.number(choice)
    assert found == wanted(session, choice, down, across)


def test_it_opens_with_what_the_command_chose_also_where_there_is_nothing(
    driver: Chrome, folder: Path, session: Session
) -> None:
    for picked in ({"policy": "visa-policy", "country": "MT"}, {"year": "2035"}, {"outcome": "naturalisation"}):
        choice = Choice()
        for facet, value in picked.items():
            choice = choice.only(facet, value)
        axes = dimension("year"), dimension("policy")
        folder.joinpath("chosen.html").write_text(to_html(session, choice, *axes), "utf-8")
        driver.get((folder / "chosen.html").as_uri())
        assert numbers(driver) == wanted(session, choice, "year", "policy")


def test_filters_search_and_dimensions_change_what_is_counted(page: Chrome, session: Session) -> None:
    pick(page, "circle", "core", "reform")
    pick(page, "direction", "positive")
    choice = EVERYTHING.only(CIRCLE, "reform").only("direction", "positive")
    assert numbers(page) == wanted(session, choice)
    assert one(page, "#summary").text.startswith("Circle reform; Direction Positive. ")
    held = one(page, 'details.facet[data-facet="direction"]')
    counts = session.index.counts(choice, "direction")
    for box in held.find_elements("css selector", "input"):
        shown = box.find_element("xpath", "..").find_element("css selector", "span").text
        assert int(shown) == counts[str(box.get_attribute("value"))]
    one(page, "#search").send_keys("naturali")
    choice = choice._replace(search="naturali")
    assert numbers(page) == wanted(session, choice)
    choose(page, "down", "year")
    choose(page, "across", "country")
    assert numbers(page) == wanted(session, choice, "year", "country")
    one(page, "#swap").click()
    assert numbers(page) == wanted(session, choice, "country", "year")
    page.refresh()
    assert numbers(page) == wanted(session, choice, "country", "year")
    choose(page, "down", "year")
    assert numbers(page) == wanted(session, choice, "year", "country")
    one(page, "#none").click()
    assert numbers(page) == wanted(session, EVERYTHING, "year", "country")
    one(page, "#reset").click()
    assert numbers(page) == wanted(session, Choice())


def test_a_click_shows_the_findings_with_their_sources(page: Chrome, session: Session) -> None:
    choice = Choice().only("outcome", TRUST).only("policy", ANTI)
    cell(page, TRUST, ANTI).click()
    rows = session.select(choice)
    assert rows
    panel = one(page, "#findings")
    assert panel.is_displayed()
    assert one(page, "#place").text == "Trust and contact between people × Anti-discrimination"
    shown = {item.get_attribute("id") for item in panel.find_elements("css selector", "article li")}
    assert shown == {f"finding-{row.finding}" for row in rows}
    text = panel.text
    for row in rows:
        assert row.statement in text
        for source in row.source.split("; "):
            assert panel.find_element("link text", source).get_attribute("rel") == "noopener noreferrer"
    links = {link.get_attribute("href") for link in panel.find_elements("css selector", "a")}
    assert {f"https://doi.org/{row.doi}" for row in rows if row.doi} <= links
    one(page, "#close").click()
    assert not panel.is_displayed()
    assert focus(page) == (TRUST, ANTI)


def test_a_gap_says_so(page: Chrome) -> None:
    found = cell(page, "health-care", NATURALISATION)
    assert said(found) == "Access to health care × Access to nationality: No study."
    found.click()
    assert one(page, "#counts").text == "No study."
    one(page, "#close").click()
    one(page, "#gaps summary").click()
    assert "Access to health care: no study on " in one(page, "#gaps").text


def test_the_keyboard_is_enough(page: Chrome) -> None:
    from selenium.webdriver import Keys

    page.execute_script("document.getElementById('none').focus()")
    while focus(page) != ("*", "*"):
        press(page, Keys.TAB)
        assert page.switch_to.active_element.tag_name != "body"
    assert len(page.find_elements("css selector", 'td button[tabindex="0"]')) == 1
    press(page, Keys.ARROW_DOWN, Keys.ARROW_RIGHT)
    assert focus(page) == ("employment", "overall")
    press(page, Keys.ARROW_UP, Keys.ARROW_UP, Keys.ARROW_LEFT, Keys.ARROW_LEFT)
    assert focus(page) == ("*", "*")
    press(page, Keys.PAGE_DOWN)
    press(page, Keys.END)
    last = focus(page)
    press(page, Keys.ARROW_RIGHT)
    assert focus(page) == last != ("*", "*")
    press(page, Keys.HOME)
    press(page, Keys.PAGE_UP)
    press(page, Keys.ARROW_DOWN, Keys.ARROW_RIGHT, Keys.ENTER)
    assert page.switch_to.active_element.get_attribute("id") == "place"
    assert one(page, "#place").text == "Employment × Overall MIPEX score"
    press(page, Keys.ESCAPE)
    assert not one(page, "#findings").is_displayed()
    assert focus(page) == ("employment", "overall")
    assert page.execute_script(
        "const box = document.activeElement.getBoundingClientRect();"
        "return document.elementFromPoint(box.left + box.width / 2, box.top + 3).closest('button')"
        " === document.activeElement"
    )


def test_it_can_be_listened_to(page: Chrome) -> None:
    """A real table with heads, a name in words for every cell, and a summary that is read when it changes."""
    table = one(page, "table")
    assert table.find_element("css selector", "caption").get_attribute("textContent")
    heads = table.find_elements("css selector", 'thead th[scope="col"]')
    rows = table.find_elements("css selector", "tbody tr")
    assert {len(row.find_elements("css selector", "td")) for row in rows} == {len(heads) - 1}
    assert all(len(row.find_elements("css selector", 'th[scope="row"]')) == 1 for row in rows)
    named = said(cell(page, TRUST, ANTI))
    assert named.startswith("Trust and contact between people × Anti-discrimination: ")
    assert "positive " in named
    assert "moderator only" in named
    assert one(page, "#summary").get_attribute("aria-live") == "polite"
    unnamed = "return [...document.querySelectorAll('button, input, select, a, summary')].filter(e =>"
    unnamed += "!(e.getAttribute('aria-label') || e.textContent || (e.labels && e.labels.length))).length"
    assert page.execute_script(unnamed) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [480, 800, 1400])
def test_it_fits_three_widths_in_light_and_dark(page: Chrome, width: int, scheme: str, tmp_path: Path) -> None:
    page.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    )
    page.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )
    page.refresh()
    try:
        for opened in (False, True):
            if opened:
                page.execute_script("arguments[0].click()", cell(page, "*", "*"))
            assert page.execute_script("return document.documentElement.scrollWidth") <= width
            picture = tmp_path / f"{width}-{scheme}-{opened}.png"
            assert page.save_screenshot(str(picture))
            assert picture.stat().st_size > 40_000  # a blank one has three to six thousand bytes
        ground = page.execute_script("return getComputedStyle(document.body).backgroundColor")
        assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(22, 24, 27)"}[scheme]
        assert one(page, "#findings").size["width"] <= width
    finally:
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_it_can_be_printed_on_few_pages(page: Chrome) -> None:
    from base64 import b64decode

    printed = b64decode(page.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"])
    assert printed.startswith(b"%PDF")
    assert 1 <= printed.count(b"/Type /Page\n") <= 4


def test_a_hostile_record_stays_text(driver: Chrome, folder: Path) -> None:
    driver.get("about:blank")
    complaints(driver)
    asked(driver)
    address = (folder / "hostile.html").as_uri()
    driver.get(address)
    assert driver.execute_script("return gapMap().all.findings") > 0
    driver.execute_script("arguments[0].click()", cell(driver, "*", "*"))
    assert "=HYPERLINK" in one(driver, "#list").text
    assert driver.execute_script("return document.scripts.length") == 2
    assert driver.find_elements("css selector", "img, iframe, object, embed, link, [onload], [onerror]") == []
    for link in driver.find_elements("css selector", "#list a"):
        assert str(link.get_attribute("href")).startswith(("https://", "http://"))
    assert complaints(driver) == []
    assert {url.partition("#")[0] for url in asked(driver)} == {address}
