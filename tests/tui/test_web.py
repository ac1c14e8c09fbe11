"""The program in a browser: who gets in, and that it works in a real one."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from aiohttp import ClientSession, CookieJar, WSServerHandshakeError
from aiohttp.test_utils import unused_port
from aiohttp.web import AppRunner, TCPSite

from kb.cli import main
from kb.errors import UsageError
from tests.chromium import asked, browser, complaints, needs_browser
from tui.web.serving import WebServer, _parse, serve

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from kb.collection import Collection
    from kb.store import Reader


@pytest.fixture
async def server() -> AsyncIterator[WebServer]:
    """Return a server that runs and would open a program that ends at once."""
    found = WebServer("true", "127.0.0.1", unused_port())
    runner = AppRunner(await found._make_app())
    await runner.setup()
    await TCPSite(runner, found.host, found.port).start()
    yield found
    await runner.cleanup()


async def status(url: str, **headers: str) -> int:
    async with ClientSession() as session, session.get(url, headers=headers) as response:
        return response.status


async def test_only_who_knows_the_key_gets_in(server: WebServer) -> None:
    assert await status(server.address) == 200
    assert await status(server.public_url) == 403
    assert await status(f"{server.public_url}/?key=x") == 403
    assert await status(f"{server.public_url}/ws") == 403
    assert await status(f"{server.public_url}/download/x") == 403


async def test_other_pages_and_other_names_of_this_host_are_refused(server: WebServer) -> None:
    assert await status(server.address, Origin="https://example.org") == 403
    assert await status(server.address, Host="example.org") == 403
    assert await status(server.address, Host=f"localhost:{server.port}") == 403


async def test_the_cookie_opens_the_socket_and_another_origin_does_not(server: WebServer) -> None:
    door = f"{server.public_url}/ws?width=80&height=24"
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        async with session.get(server.address) as response:
            assert response.cookies["mipex-kb-key"]["httponly"]
            assert response.cookies["mipex-kb-key"]["samesite"] == "Strict"
        async with session.ws_connect(door, origin=server.public_url):
            pass
        with pytest.raises(WSServerHandshakeError, match="403"):
            await session.ws_connect(door, origin="https://example.org")


async def test_the_page_asks_nothing_of_other_hosts(server: WebServer) -> None:
    async with ClientSession() as session, session.get(server.address) as response:
        page = await response.text()
    assert "MIPEX evidence" in page
    assert set(re.findall(r"\w+://[^/\"]+", page)) <= {
        server.public_url, server.public_url.replace("http:", "ws:"),
    }  # fmt: skip


def test_every_start_has_a_key_of_its_own() -> None:
    assert WebServer("true", "127.0.0.1", 1).key != WebServer("true", "127.0.0.1", 1).key


@pytest.mark.parametrize("address", ["", "8000", ":8000", "localhost", "localhost:", "localhost:0", "h:99999", "h:x"])
def test_what_is_no_address_is_one_sentence(address: str) -> None:
    with pytest.raises(UsageError, match="HOST:PORT"):
        _parse(address)


@pytest.mark.parametrize(
    ("text", "address"), [("127.0.0.1:1", ("127.0.0.1", 1)), ("[::1]:80", ("::1", 80)), ("a.b:8080", ("a.b", 8080))]
)
def test_addresses(text: str, address: tuple[str, int]) -> None:
    assert _parse(text) == address


def test_a_taken_port_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(UsageError, match="Name another HOST:PORT"):
        serve([], f"127.0.0.1:{taken.getsockname()[1]}")


def test_a_wrong_folder_is_said_before_anything_is_served(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tui", "--web", "--studies", "/nowhere"]) == 2
    assert "There is no folder /nowhere" in capsys.readouterr().err


@contextmanager
def served(collection: Collection, folder: Path) -> Iterator[str]:
    """Serve a collection from a process of its own, and return the address."""
    command = [sys.executable, "-c", "from kb.cli import entry; entry()", "tui"]
    command += ["--studies", str(collection.studies[0]), "--web", f"127.0.0.1:{unused_port()}"]
    with (folder / "said.txt").open("w") as said:
        process = subprocess.Popen(command, stderr=said, env=dict(os.environ))
    try:
        end = time.monotonic() + 60
        while not (found := re.search(r"http://\S+", (folder / "said.txt").read_text())):
            assert process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.05)
        yield found.group()
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


@needs_browser
def test_the_program_works_in_a_real_browser(toy: Collection, toy_reader: Reader, tmp_path: Path) -> None:
    import json

    from selenium.webdriver import ActionChains

    with served(toy, tmp_path) as address, browser(tmp_path) as driver:
        driver.get(address)
        state = Path(os.environ["MIPEX_KB_HOME"]) / "state.json"
        end = time.monotonic() + 60
        while "-first-byte" not in driver.execute_script("return document.body.className"):
            assert time.monotonic() < end
            time.sleep(0.1)
        assert driver.title == "MIPEX evidence"
        driver.execute_script("document.querySelector('textarea').focus()")
        while not state.exists():  # the program is left by key, and remembers the colours chosen by key
            assert time.monotonic() < end
            ActionChains(driver).send_keys("t").pause(0.3).send_keys("q").pause(1).perform()
        assert json.loads(state.read_text())["place"] == "evidence"
        while "-closed" not in driver.execute_script("return document.body.className"):
            assert time.monotonic() < end
            time.sleep(0.1)
        assert complaints(driver) == []
        urls = asked(driver)
    own = address.partition("?")[0]
    assert own in {url.partition("?")[0] for url in urls}
    assert {url for url in urls if url.startswith("http") and not url.startswith(own)} == set()
