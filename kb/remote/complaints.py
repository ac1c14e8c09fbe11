"""What goes wrong between here and an endpoint, each in one sentence that says what to do next."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from kb.errors import EndpointError
from kb.remote.address import PASSWORD, TOKEN, USER
from kb.text import clean_text

if TYPE_CHECKING:
    import httpx

_LONGEST = 200


def unreachable(where: str, error: httpx.HTTPError | httpx.InvalidURL, seconds: float) -> EndpointError:
    """Return what kept a request from being answered."""
    import httpx

    said = str(error)
    if "CERTIFICATE_VERIFY_FAILED" in said:
        return EndpointError(
            f"The certificate of {where} cannot be trusted: {_plain(said)}. Correct the address, or name the "
            "certificate of its authority with SSL_CERT_FILE."
        )
    if "SSL" in said:
        return EndpointError(
            f"{where} offers no secure connection: {_plain(said)}. Correct the address, which may begin with http:"
        )
    if isinstance(error, httpx.ConnectTimeout | httpx.ConnectError | httpx.ProxyError):
        reason = "no answer" if isinstance(error, httpx.ConnectTimeout) else _plain(said) or "no connection"
        return EndpointError(f"{where} cannot be reached: {reason}. Start the server, or correct --endpoint.")
    if isinstance(error, httpx.TimeoutException):
        return too_slow(where, seconds)
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return EndpointError(f"{where} is no address that can be asked. Correct --endpoint.")
    return EndpointError(f"{where} ended the connection in the middle of its answer. Ask again, or look at its log.")


def too_slow(where: str, seconds: float) -> EndpointError:
    """Return that an answer took too long."""
    return EndpointError(
        f"{where} gave no whole answer within {seconds:g} seconds. Ask for less, or allow more time with "
        "MIPEX_KB_ENDPOINT_TIMEOUT."
    )


def refused(where: str, status: int, kind: str, text: str) -> EndpointError:
    """Return what an answer with a status other than success means."""
    said = _plain(text) if kind.startswith("text/plain") or "json" in kind else ""
    why = f": {said.rstrip('.')}" if said else ""
    if status in (401, 403) or "SECURITY" in said or "No permission" in said:
        number = f" ({status})" if status in (401, 403) else ""
        return EndpointError(
            f"{where} does not let you in{number}{why}. Set {USER} and {PASSWORD}, or {TOKEN}; a push may need the "
            "address for updates, --update-url."
        )
    if 300 <= status < 400:
        return EndpointError(f"{where} refers to another address. Use that one.")
    if status == HTTPStatus.BAD_REQUEST:
        return EndpointError(f"{where} does not understand the request{why}. Ask in plain SPARQL 1.1.")
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.GONE):
        return EndpointError(f"{where} is no SPARQL service ({status}). Correct the address, which often ends in "
                             "/sparql or /query.")  # fmt: skip
    if status in (HTTPStatus.NOT_ACCEPTABLE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE):
        return EndpointError(f"{where} speaks none of the formats of SPARQL 1.1 ({status}). Correct the address.")
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE):
        return EndpointError(f"{where} is too busy or under maintenance ({status}{why}). Try again later.")
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return EndpointError(f"{where} takes no request of this size ({status}). Push with a smaller --batch.")
    return EndpointError(f"{where} failed ({status}{why}). Look at its log.")


def wrong_type(where: str, kind: str) -> EndpointError:
    """Return that an answer is of another type than was asked for."""
    if "html" in kind:
        return EndpointError(f"{where} answers with a web page, not with results. Correct the address, which often "
                             "ends in /sparql or /query.")  # fmt: skip
    return EndpointError(f"{where} answers in {_plain(kind) or 'no named format'}, not in one of SPARQL 1.1. Correct "
                         "the address.")  # fmt: skip


def broken_off(where: str) -> EndpointError:
    """Return that an answer ends in its middle."""
    return EndpointError(f"The answer of {where} ends in its middle. Ask again, or look at the log of the server.")


def partial(where: str) -> EndpointError:
    """Return that the server itself stopped early."""
    return EndpointError(
        f"{where} gave only a part of the answer within its own time limit. Ask for less, or raise that limit."
    )


def cut(where: str, limit: int) -> EndpointError:
    """Return that the server gives no more than so many rows or triples, and the rest cannot be asked for."""
    return EndpointError(
        f"{where} gives no more than {limit:,} rows or triples of an answer, and this one is longer. Ask for less, or "
        "raise that limit (in Virtuoso, ResultSetMaxRows)."
    )


def _plain(text: str) -> str:
    """Return the first line of what a server or a library said, without control characters and addresses."""
    line = clean_text(text.strip().partition("\n")[0])
    line = re.sub(r"//[^/@\s]*@", "//", line)
    return line[:_LONGEST].rstrip(". ")
