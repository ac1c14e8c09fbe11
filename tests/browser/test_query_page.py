"""The page of queries in a real browser: it opens, offers the named queries, runs one, and asks nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.named_queries import named_query, names
from tests.chromium import asked, browser, complaints, needs_browser
from tests.kb.serving.running import Server, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from selenium.webdriver import Chrome

    from kb.collection import Collection
    from kb.store import Reader

pytestmark = needs_browser
_ROWS = ".yasr_results table.dataTable tbody tr"


@pytest.fixture(scope="module")
def server(toy: Collection, toy_reader: Reader) -> Iterator[Server]:
    """Return a server of the toy collection."""
    with running(toy) as found:
        yield found


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """Return a browser that all tests of this module share."""
    folder: Path = tmp_path_factory.mktemp("profile")
    with browser(folder) as found:
        yield found


@pytest.fixture
def page(driver: Chrome, server: Server) -> Iterator[Chrome]:
    """Return the browser with nothing open, and see to it that nothing outside was asked and nothing complained of."""
    driver.get("about:blank")
    asked(driver)
    complaints(driver)
    yield driver
    assert complaints(driver) == []
    outside = {url for url in asked(driver) if not url.startswith((server.address, "data:", "chrome:", "blob:"))}
    assert outside == set()


def wait_until(driver: Chrome, condition: Callable[[], object]) -> object:
    """Wait until something holds; what the page replaces meanwhile is looked at again."""
    from selenium.common.exceptions import StaleElementReferenceException
    from selenium.webdriver.support.ui import WebDriverWait

    waiting = WebDriverWait(driver, 30, ignored_exceptions=[StaleElementReferenceException])
    return waiting.until(lambda _: condition())


def wait_for(driver: Chrome, css: str) -> str:
    """Return the text of an element, once it is there and has one."""
    return str(wait_until(driver, lambda: "".join(each.text for each in driver.find_elements("css selector", css))))


def test_a_named_query_is_chosen_and_answered(page: Chrome, server: Server) -> None:
    from selenium.webdriver.support.ui import Select

    page.get(server.endpoint)
    wait_for(page, "#named option:nth-child(2)")
    wait_for(page, ".CodeMirror-lines")
    choice = Select(page.find_element("id", "named"))
    assert len(choice.options) == 1 + len(names())
    choice.select_by_value("studies")
    assert named_query("studies").description in wait_for(page, "#about")
    page.find_element("css selector", ".yasqe_queryButton").click()
    assert "alpha2001trust" in wait_for(page, _ROWS)


def test_a_mistake_is_shown_as_the_sentence_of_the_server(page: Chrome, server: Server) -> None:
    page.get(server.endpoint)
    wait_for(page, ".CodeMirror-lines")
    query = "ASK { SERVICE <http://x.example/> { ?s ?p ?o } }"
    page.execute_script("document.querySelector('.CodeMirror').CodeMirror.setValue(arguments[0])", query)
    page.find_element("css selector", ".yasqe_queryButton").click()
    wait_until(page, lambda: "SERVICE is refused" in wait_for(page, ".yasr"))
    complaints(page)  # the browser calls an answer of 403 an error


def test_pages_of_things_are_quiet(page: Chrome, server: Server) -> None:
    for path in ("/", "/study/alpha2001trust", "/evidence"):
        page.get(server.address + path)
        assert wait_for(page, "h1")
