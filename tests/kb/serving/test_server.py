"""The server as a process: how it starts, where it listens, what it takes up, and how it ends."""

from __future__ import annotations

import signal
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kb.build import build
from kb.serving.server import is_loopback
from tests.kb.building import change_study
from tests.kb.running import is_one_plain_sentence, process
from tests.kb.serving.running import below, running, wait_for

if TYPE_CHECKING:
    from kb.collection import Collection
    from kb.store import Reader

POSITIVE = "SELECT (COUNT(*) AS ?n) { ?f ev:ofStudy study:alpha2001trust ; ev:direction direction:positive }"


def gone(processes: set[int]) -> bool:
    lines = (Path(f"/proc/{one}/cmdline") for one in processes)
    return not any(line.exists() and line.read_bytes() for line in lines)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_it_ends_with_all_its_processes(toy: Collection, toy_reader: Reader, number: signal.Signals) -> None:
    with running(toy, "--workers", "2") as server:
        started = below(server.process.pid)
        assert len(started) == 3
        server.process.send_signal(number)
        code = server.process.wait(30)
        assert code == (0 if number != signal.SIGKILL else -number)
        wait_for(lambda: gone(started))
        assert server.said.read_text("utf-8").count("\n") == 1


def test_a_collection_that_is_built_anew_is_served_from_then_on(built: Collection) -> None:
    with running(built, "--workers", "2") as server:
        before = server.get("/health").json()
        count = int(server.ask(POSITIVE).json()["results"]["bindings"][0]["n"]["value"])
        change_study(built)
        build(built)
        wait_for(lambda: server.get("/health").json()["generation"] != before["generation"])
        assert server.get("/health").json()["data"] != before["data"]
        after = int(server.ask(POSITIVE).json()["results"]["bindings"][0]["n"]["value"])
        assert after < count
        wait_for(lambda: len(below(server.process.pid)) == 3)


def test_a_port_in_use_is_one_sentence(toy: Collection, toy_reader: Reader) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = process(["serve", "--port", port, "--studies", str(toy.studies[0])])
    assert done.returncode == 2
    assert is_one_plain_sentence(done.stderr)
    assert "Name another --port" in done.stderr


@pytest.mark.parametrize(
    "words", [["--port", "x"], ["--port", "70000"], ["--timeout", "0"], ["--max-rows", "-1"], ["--workers", "0"]]
)
def test_a_limit_that_is_none_is_wrong_usage(words: list[str]) -> None:
    done = process(["serve", *words])
    assert done.returncode == 2
    assert is_one_plain_sentence(done.stderr)


def test_what_another_endpoint_holds_is_not_served() -> None:
    done = process(["serve", "--endpoint", "http://127.0.0.1:9/sparql"])
    assert done.returncode == 2
    assert is_one_plain_sentence(done.stderr)


def test_on_other_addresses_it_warns_and_lets_every_page_read(toy: Collection, toy_reader: Reader) -> None:
    with running(toy, "--host", "0.0.0.0", "--workers", "1") as server:
        assert "Everybody who reaches 0.0.0.0 can read this collection." in server.said.read_text("utf-8")
        response = server.get("/health", Host="evidence.example.org", Origin="https://example.org")
        assert response.status_code == 200
        assert response.headers["access-control-allow-origin"] == "*"


def test_what_is_loopback() -> None:
    assert all(map(is_loopback, ("localhost", "127.0.0.1", "127.9.9.9", "::1")))
    assert not any(map(is_loopback, ("0.0.0.0", "192.168.1.1", "::", "example.org", "localhost.example.org")))
