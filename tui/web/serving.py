"""Serve the program to a browser. Only who knows the address with its key gets in, and no other web page does."""

from __future__ import annotations

import hmac
import secrets
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web
from rich.console import Console
from textual_serve.server import Server

from kb.errors import UsageError
from kb.output import note

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_COOKIE = "mipex-kb-key"
_STATIC = "/static/"


class WebServer(Server):
    """The server of textual-serve with a page of our own that asks nothing of other hosts, and a lock on the door."""

    def __init__(self, command: str, host: str, port: int, key: str = "") -> None:
        """Serve what ``command`` opens; ``key`` is the secret of the address, a new one where it is empty."""
        address = f"[{host}]" if ":" in host else host
        super().__init__(
            command, host, port, "MIPEX evidence", f"http://{address}:{port}",
            templates_path=Path(__file__).resolve().parent,
        )  # fmt: skip
        self.console = Console(stderr=True, quiet=True)
        self.key = key or secrets.token_urlsafe(24)

    @property
    def address(self) -> str:
        """The address that opens the program."""
        return f"{self.public_url}/?key={self.key}"

    def initialize_logging(self) -> None:
        """Leave logging as it is: standard error is for sentences."""

    async def on_startup(self, app: web.Application) -> None:
        """Say where the program is."""
        note(f"Open {self.address} in a browser. Ctrl+C ends it.")

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._guard)
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let in who has the key, by the address or the cookie that it left; refuse pages of other origins."""
        own = self.public_url.removeprefix("http://")
        if request.host != own or request.headers.get("Origin", self.public_url) != self.public_url:
            raise web.HTTPForbidden(text="This address belongs to another page.\n")
        if request.path.startswith(_STATIC):
            return await handler(request)
        given = request.query.get("key", "")
        known = given or request.cookies.get(_COOKIE, "")
        if not hmac.compare_digest(known.encode(), self.key.encode()):
            raise web.HTTPForbidden(text="Open the address that the program printed, with its key.\n")
        response = await handler(request)
        if given:
            response.set_cookie(_COOKIE, self.key, httponly=True, samesite="Strict")
        return response


def serve(options: Sequence[str], address: str) -> None:
    """Serve the program with the options of a collection at ``HOST:PORT`` until it is interrupted.

    Raises:
        UsageError: the address is none, or something else listens there.
    """
    host, port = _parse(address)
    code = "from kb.cli import entry; entry()"
    command = shlex.join([sys.executable, "-c", code, "tui", *options])
    try:
        WebServer(command, host, port).serve()
    except OSError as error:
        raise UsageError(f"{address} cannot be used: {error.strerror or error}. Name another HOST:PORT.") from None


def _parse(address: str) -> tuple[str, int]:
    host, colon, port = address.rpartition(":")
    host = host.strip("[]")
    if not (colon and host and port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise UsageError(f"{address!r} is no address. Write HOST:PORT, such as 127.0.0.1:8000.")
    return host, int(port)
