"""The address of queries, by the SPARQL 1.1 Protocol: a request in, the answer of a worker or a refusal out."""

from __future__ import annotations

import asyncio
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from starlette.requests import ClientDisconnect
from starlette.responses import Response

from kb.serving.kept_answers import KeptAnswers
from kb.serving.media_types import GRAPHS, HTML, acceptable
from kb.serving.negotiation import preferred
from kb.serving.protocol import read_operation
from kb.serving.query_page import query_page
from kb.serving.refusals import Refusal
from kb.serving.replies import WorkerResponse, refused

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from starlette.requests import Request

    from kb.serving.pool import Pool
    from kb.serving.protocol import Operation
    from kb.serving.worker_handle import Reply

#: The status of an answer that nobody is there to read.
LEFT = 499
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
_LONGEST_ADDRESS, _LARGEST_BODY = 128 * 1024, 1024 * 1024
_BODY_SECONDS = 20.0
_CHECKED = 2000


class Endpoint:
    """Answers queries. Those that the guard let pass are remembered: its look often takes longer than the answer."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._checked: dict[bytes, None] = {}
        self._kept = KeptAnswers()

    async def answer(self, request: Request) -> Response:
        """Answer a request."""
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": ", ".join(METHODS)})
        try:
            operation = await self._operation(request)
            if operation is None:
                return await self._description(request)
            return await self._queried(request, operation)
        except Refusal as refusal:
            return refused(refusal)
        except ClientDisconnect:
            return Response(status_code=LEFT)

    async def _operation(self, request: Request) -> Operation | None:
        address: bytes = request.scope["query_string"]
        if len(address) > _LONGEST_ADDRESS:
            raise Refusal(414, f"The address is longer than {_LONGEST_ADDRESS:,} bytes. Send the query by POST.")
        if request.method != "POST":
            return read_operation("GET", address)
        return read_operation("POST", address, request.headers.get("content-type", ""), await _body(request))

    async def _queried(self, request: Request, operation: Operation) -> Response:
        rows, graph = acceptable(request.headers.get("accept", ""), operation.form)
        digest = sha256(operation.query.encode("utf-8", "surrogatepass")).digest()
        asked = {
            "operation": "query", "query": operation.query, "rows": rows, "graph": graph,
            "default_graphs": operation.default_graphs, "named_graphs": operation.named_graphs,
            "most_rows": self._pool.limits.rows, "most_bytes": self._pool.limits.bytes,
        }  # fmt: skip
        key = (digest, rows, graph, operation.default_graphs, operation.named_graphs)
        if kept := self._kept.find(key, self._pool.generation()):
            self._pool.room.take(len(kept.body))
            return WorkerResponse(kept, self._pool.room, {"Vary": "Accept"})
        steps = [asked] if digest in self._checked else [{"operation": "check", "query": operation.query}, asked]
        reply = await _unless_left(request, self._pool.ask(*steps, text=digest))
        self._checked[digest] = None
        if len(self._checked) > _CHECKED:
            del self._checked[next(iter(self._checked))]
        self._kept.keep(key, operation.query, reply)
        return WorkerResponse(reply, self._pool.room, {"Vary": "Accept"})

    async def _description(self, request: Request) -> Response:
        """Return the query page to who reads HTML, and the description of the service to who reads RDF."""
        accept = request.headers.get("accept", "")
        chosen = preferred(accept, [*GRAPHS, HTML])
        if chosen == HTML:
            return query_page()
        if not chosen:
            raise Refusal(406, f"This can be had as {', '.join([*GRAPHS, HTML])}. Accept one of them.")
        address = str(request.url.replace(query="", fragment=""))
        return await document(request, self._pool, {"operation": "service", "type": chosen, "address": address})


async def document(request: Request, pool: Pool, asked: dict[str, Any]) -> Response:
    """Return what a worker says to a request for a document."""
    try:
        reply = await _unless_left(request, pool.ask(asked, text=repr(asked)))
    except Refusal as refusal:
        return refused(refusal)
    except ClientDisconnect:
        return Response(status_code=LEFT)
    return WorkerResponse(reply, pool.room, {"Vary": "Accept"})


async def _body(request: Request) -> bytes:
    """Return the body of a request, which may be neither large nor slow."""
    found = bytearray()
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            async for part in request.stream():
                found += part
                if len(found) > _LARGEST_BODY:
                    raise Refusal(413, f"The request is larger than {_LARGEST_BODY:,} bytes. Make the query shorter.")
    except TimeoutError:
        raise Refusal(408, f"The request did not arrive within {_BODY_SECONDS:g} seconds.") from None
    return bytes(found)


async def _unless_left(request: Request, asked: Coroutine[Any, Any, Reply]) -> Reply:
    """Return a reply; where the client leaves before it is there, the query is stopped."""
    work = asyncio.ensure_future(asked)
    left = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({work, left}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise ClientDisconnect
        return work.result()
    finally:
        for task in (work, left):
            task.cancel()
        await asyncio.wait({work, left})


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
