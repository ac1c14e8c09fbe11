"""The server: listens at an address, runs the application, and stops when it is told to."""

from __future__ import annotations

import ipaddress
import signal
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from kb.errors import UsageError
from kb.output import note
from kb.serving.app import make_app
from kb.serving.pool import Limits, Pool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.collection import Collection

_LONGEST_HEAD = 160 * 1024
_CONNECTIONS = 500
_LAST_SECONDS = 5


def serve(collection: Collection, host: str, port: int, limits: Limits) -> None:
    """Serve a collection that is built, until SIGINT or SIGTERM; port 0 means any that is free.

    Raises:
        UsageError: the address cannot be used.
        StoreError: the store cannot be opened.
    """
    with _listening(host, port) as listener:
        port = listener.getsockname()[1]
        loopback = is_loopback(host)
        if not loopback:
            note(
                f"Everybody who reaches {host} can read this collection. The server knows no passwords and no "
                "encryption: put it behind one that does."
            )
        name = f"[{host}]" if ":" in host else host

        def started() -> None:
            note(f"Open http://{name}:{port}/ in a browser; queries go to http://{name}:{port}/sparql. Ctrl+C ends it.")

        app = make_app(collection, Pool(collection.cache(), limits), loopback=loopback, started=started)
        config = uvicorn.Config(
            app, log_config=None, log_level="critical", access_log=False, server_header=False,
            lifespan="on", ws="none", http="h11", loop="asyncio", limit_concurrency=_CONNECTIONS,
            h11_max_incomplete_event_size=_LONGEST_HEAD, timeout_keep_alive=15, timeout_graceful_shutdown=_LAST_SECONDS,
        )  # fmt: skip
        server = uvicorn.Server(config)
        with _signals_end_quietly():
            server.run(sockets=[listener])


def is_loopback(host: str) -> bool:
    """Say whether only this machine can reach a host by its name."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        raise UsageError(
            f"{host}:{port} cannot be used: {error.strerror or error}. Name another --port or --host."
        ) from None
    with listener:
        yield listener


@contextmanager
def _signals_end_quietly() -> Iterator[None]:
    """Let the server, which raises a signal again when it has stopped, do so without a traceback."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    kept = {each: signal.signal(each, lambda number, frame: None) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in kept.items():
            signal.signal(each, handler)
