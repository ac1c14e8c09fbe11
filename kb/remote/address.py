"""The address of an endpoint and what lets one in; no message and no repr shows a secret."""

from __future__ import annotations

import os
from typing import NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit

from kb.errors import UsageError

#: Environment variables that hold what must not stand in a command.
USER, PASSWORD, TOKEN = "MIPEX_KB_ENDPOINT_USER", "MIPEX_KB_ENDPOINT_PASSWORD", "MIPEX_KB_ENDPOINT_TOKEN"


class Address(NamedTuple):
    """Where an endpoint is. ``user`` with ``password``, or ``token``, may be empty."""

    url: str
    user: str = ""
    password: str = ""
    token: str = ""

    def __repr__(self) -> str:
        return f"Address({self.shown!r})"

    @property
    def shown(self) -> str:
        """The address as it may be shown: without what follows a question mark, which may be a key."""
        return urlunsplit(urlsplit(self.url)._replace(query="", fragment=""))

    def at(self, url: str) -> Address:
        """Return another address that the same credentials open."""
        return self._replace(url=url)


def read_address(text: str) -> Address:
    """Return the address of an endpoint as a user writes it, with credentials from it or from the environment.

    Raises:
        UsageError: it is no http or https address.
    """
    try:
        parts = urlsplit(text.strip())
        host, _ = parts.hostname, parts.port
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not host or any(c.isspace() or not c.isprintable() for c in text):
        raise UsageError("This is no address of an endpoint. Write one such as http://127.0.0.1:7878/query")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    plain = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment=""))
    return Address(
        plain,
        user or os.environ.get(USER, ""),
        password or os.environ.get(PASSWORD, ""),
        os.environ.get(TOKEN, ""),
    )


def update_url(url: str, server: str) -> str:
    """Return where a server takes updates, going by how it names itself and by where it takes queries."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    if server.startswith("Virtuoso") and path.endswith("/sparql"):
        path += "-auth"
    elif path.endswith("/query"):
        path = path.removesuffix("/query") + "/update"
    elif path.rpartition("/")[0].endswith("/repositories"):
        path += "/statements"
    else:
        return url
    return urlunsplit(parts._replace(path=path))
