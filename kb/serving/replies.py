"""Answers on their way out: in pieces, each within its time, with the room that they took given back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, Response

from kb.serving.media_types import with_charset

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Receive, Scope, Send

    from kb.serving.refusals import Refusal
    from kb.serving.worker_handle import Reply, Room

_PIECE = 64 * 1024
_PIECE_SECONDS = 20.0


class WorkerResponse(Response):
    """What a worker answered. A client that does not take it is left after a while."""

    def __init__(self, reply: Reply, room: Room, headers: Mapping[str, str]) -> None:
        own = {"Content-Type": with_charset(reply.head["type"]), **reply.head.get("headers", {}), **headers}
        super().__init__(reply.body, reply.head.get("status", 200), own)
        self._room = room

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer piece by piece."""
        content = memoryview(bytes(self.body))
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            for start in range(0, max(len(content), 1), _PIECE):
                more = start + _PIECE < len(content)
                async with asyncio.timeout(_PIECE_SECONDS):
                    piece = bytes(content[start : start + _PIECE])
                    await send({"type": "http.response.body", "body": piece, "more_body": more})
        finally:
            self._room.give(len(content))


def refused(refusal: Refusal) -> Response:
    """Return a refusal as an answer."""
    return PlainTextResponse(str(refusal) + "\n", refusal.status, {"Vary": "Accept", **refusal.headers})
