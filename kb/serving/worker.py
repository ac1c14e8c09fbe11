"""A process that answers one request after the other from the store, and that can be killed at any moment.

Requests come as a line of JSON over a socket; an answer is a line of JSON and as many bytes as that line says.
"""

from __future__ import annotations

import json
import resource
from typing import TYPE_CHECKING, Any

from kb.serving.operations import OPERATIONS
from kb.serving.refusals import Refusal, broken

if TYPE_CHECKING:
    import socket

    import pyoxigraph as ox


def work(channel: socket.socket, store: ox.Store, generation: str) -> None:
    """Answer requests until the channel is closed, or this process is no longer fit to."""
    _send(channel, {"generation": generation})
    with channel.makefile("rb") as requests:
        for line in requests:
            head, body = _served(store, json.loads(line))
            _send(channel, {**head, "generation": generation}, body)
            if not head["fit"]:
                return


def _served(store: ox.Store, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return the answer to a request; ``fit`` says whether this process is fit for another."""
    body, fit = b"", True
    try:
        head, body = OPERATIONS[request["operation"]](store, request)
    except Refusal as refusal:
        head = _refused(refusal)
    except MemoryError:
        head, fit = _refused(broken()), False
    except BaseException as error:  # a panic of the engine is no Exception
        head, fit = _refused(Refusal(500, f"The engine failed: {error}.")), False
    return {**head, "fit": fit}, body


def _refused(refusal: Refusal) -> dict[str, Any]:
    return {"refused": [refusal.status, str(refusal), refusal.headers]}


def _send(channel: socket.socket, head: dict[str, Any], body: bytes = b"") -> None:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    channel.sendall(json.dumps({**head, "memory": memory, "length": len(body)}).encode() + b"\n")
    channel.sendall(body)
