"""Requests to an endpoint by the SPARQL 1.1 Protocol: credentials, time limits, a second try where that may help."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, NamedTuple, Self

import httpx

from kb.errors import UsageError
from kb.remote import complaints

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from kb.remote.address import Address

_CONNECT_SECONDS = 10.0
_SECONDS = 120.0
_WAITS = (0.3, 1.5)  # before the second and the third try
_LONGEST_WAIT = 20.0  # that a server may ask for
_BUSY = (429, 502, 503)


class Answer(NamedTuple):
    """A whole answer with success: its bytes, the plain media type, and the header fields in small letters."""

    content: bytes
    kind: str
    headers: dict[str, str]


class Client:
    """One endpoint, asked over connections that are kept."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._seconds = _time_limit()
        secure = address.url.startswith("https:")
        self._http = httpx.Client(
            auth=_Credentials(address),
            verify=secure,  # authorities are read only where they are needed: it takes longer than a question
            timeout=httpx.Timeout(self._seconds, connect=min(_CONNECT_SECONDS, self._seconds)),
            headers={"User-Agent": "mipex-kb"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connections."""
        self._http.close()

    def query(self, text: str, accept: str, graphs: Iterable[tuple[str, str]] = ()) -> Answer:
        """Ask a query; ``graphs`` are the parameters of the protocol that name the graphs to ask.

        Raises:
            EndpointError: there is no whole answer.
        """
        form: dict[str, list[str]] = {"query": [text]}
        for name, graph in graphs:
            form.setdefault(name, []).append(graph)
        return self._send(self._http.build_request("POST", self.address.url, data=form, headers={"Accept": accept}))

    def update(self, text: str) -> Answer:
        """Send an update.

        Raises:
            EndpointError: it was not carried out, or nobody knows.
        """
        headers = {"Content-Type": "application/sparql-update"}
        return self._send(self._http.build_request("POST", self.address.url, content=text.encode(), headers=headers))

    def _send(self, request: httpx.Request) -> Answer:
        where = self.address.shown
        for wait in (*_WAITS, None):
            try:
                response = self._http.send(request, stream=True)
                content = self._read(response)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                if wait is None or not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
                    raise complaints.unreachable(where, error, self._seconds) from None
            else:
                if response.is_success:
                    fields = {name.lower(): value for name, value in response.headers.items()}
                    return Answer(content, _kind(response), fields)
                if wait is None or response.status_code not in _BUSY:
                    text = content.decode("utf-8", "replace")
                    raise complaints.refused(where, response.status_code, _kind(response), text)
                wait = _asked_for(response, wait)
            time.sleep(wait)
        raise AssertionError

    def _read(self, response: httpx.Response) -> bytes:
        """Return the body, within the time limit for the whole of it."""
        ends = time.monotonic() + self._seconds
        found = []
        try:
            for part in response.iter_bytes():
                found.append(part)
                if time.monotonic() > ends:
                    raise complaints.too_slow(self.address.shown, self._seconds)
        finally:
            response.close()
        return b"".join(found)


class _Credentials(httpx.Auth):
    """A token with every request; a name and password in the way that the server asks for, basic or digest."""

    def __init__(self, address: Address) -> None:
        self._token = address.token
        self._name, self._password = address.user, address.password
        self._chosen: httpx.Auth | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._name and self._chosen:
            yield from self._chosen.auth_flow(request)
            return
        if self._token and not self._name:
            request.headers["Authorization"] = f"Bearer {self._token}"
        response = yield request
        if response.status_code != httpx.codes.UNAUTHORIZED or not self._name:
            return
        asked = response.headers.get("www-authenticate", "").lower()
        if "digest" in asked:
            self._chosen = httpx.DigestAuth(self._name, self._password)
        elif "basic" in asked:
            self._chosen = httpx.BasicAuth(self._name, self._password)
        else:
            return
        yield from self._chosen.auth_flow(request)


def _kind(response: httpx.Response) -> str:
    return str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()


def _asked_for(response: httpx.Response, wait: float) -> float:
    """Return how long to wait: what the server asks for, where that is a number and not too long."""
    text = str(response.headers.get("retry-after", ""))
    return min(float(text), _LONGEST_WAIT) if text.isascii() and text.isdigit() else wait


def _time_limit() -> float:
    text = os.environ.get("MIPEX_KB_ENDPOINT_TIMEOUT", "")
    try:
        seconds = float(text) if text else _SECONDS
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 86400:
        raise UsageError(f"MIPEX_KB_ENDPOINT_TIMEOUT is {text!r}. Set it to seconds between 0 and 86400, or unset it.")
    return seconds
