"""Servers that misbehave on request: one that answers by a script, and one that stands before a real server."""

from __future__ import annotations

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

JSON = "application/sparql-results+json"
ONE_ROW = b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": "1"}}]}}'


class Asked(NamedTuple):
    """A request as it arrived: path, header fields in small letters, and body."""

    path: str
    headers: dict[str, str]
    body: bytes

    def field(self, name: str) -> list[str]:
        """Return the values of a field of the form."""
        return parse_qs(self.body.decode()).get(name, [])


class Reply(NamedTuple):
    """What is sent back. ``cut`` ends the connection after so many bytes of the body; None for none."""

    status: int = 200
    body: bytes = ONE_ROW
    kind: str = JSON
    headers: tuple[tuple[str, str], ...] = ()
    cut: int | None = None


class Stub:
    """A server on loopback that answers each request by what ``answer`` makes of it, and remembers it."""

    def __init__(self, answer: Callable[[Asked], Reply | None]) -> None:
        self.asked: list[Asked] = []
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                found = Asked(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
                stub.asked.append(found)
                reply = answer(found)
                if reply is None:  # the server dies
                    self.close_connection = True
                    return
                self.send_response(reply.status)
                self.send_header("Content-Type", reply.kind)
                self.send_header("Content-Length", str(len(reply.body)))
                for name, value in reply.headers:
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(reply.body[: reply.cut])
                self.close_connection = reply.cut is not None

            def log_message(self, format: str, *arguments: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.root = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @contextmanager
    def running(self) -> Iterator[Stub]:
        """Serve for a while."""
        self._thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()


@contextmanager
def serving(*replies: Reply | None) -> Iterator[Stub]:
    """Run a server that gives these replies in their order, and then the last again and again."""
    left = list(replies)
    with Stub(lambda asked: left.pop(0) if len(left) > 1 else left[0]).running() as stub:
        yield stub


class Fragile:
    """Stands before a real server and hands everything on, but for a number of updates only."""

    def __init__(self, url: str) -> None:
        """``url`` is where the real server takes queries."""
        self.left = -1
        self._real = url.removesuffix("/query")
        self._stub = Stub(self._answer)
        self._http = httpx.Client(verify=False, timeout=60)

    @contextmanager
    def running(self) -> Iterator[Fragile]:
        """Serve for a while."""
        with self._stub.running(), self._http:
            yield self

    def update(self, text: str) -> None:
        """Send an update to the real server, past what is counted."""
        headers = {"Content-Type": "application/sparql-update"}
        self._http.post(f"{self._real}/update", content=text, headers=headers).raise_for_status()

    @property
    def url(self) -> str:
        """Where it takes queries."""
        return f"{self._stub.root}/query"

    def updates(self) -> int:
        """Return how many updates came since this was last asked."""
        found = sum(asked.path == "/update" for asked in self._stub.asked)
        self._stub.asked.clear()
        return found

    def _answer(self, asked: Asked) -> Reply | None:
        if asked.path == "/update":
            if self.left == 0:
                return None
            self.left -= 1
        kept = {name: value for name, value in asked.headers.items() if name in ("content-type", "accept")}
        found = self._http.post(self._real + asked.path, content=asked.body, headers=kept)
        return Reply(found.status_code, found.content, found.headers.get("content-type", ""))
