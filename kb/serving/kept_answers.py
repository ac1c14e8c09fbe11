"""Answers kept for who asks the same again: a generation of the store never changes, so neither do they."""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.serving.worker_handle import Reply

_LARGEST, _ALL = 1024 * 1024, 64 * 1024 * 1024
#: Functions that say something else each time, and escaped letters, in which their names could hide.
_FICKLE = re.compile(r"now|rand|uuid|bnode|\\u", re.IGNORECASE)


class KeptAnswers:
    """The answers asked for last, of one generation at a time."""

    def __init__(self) -> None:
        self._kept: OrderedDict[object, Reply] = OrderedDict()
        self._bytes = 0
        self._generation = ""

    def find(self, key: object, generation: str) -> Reply | None:
        """Return the answer that was kept of a generation under a key."""
        self._turn_to(generation)
        if reply := self._kept.get(key):
            self._kept.move_to_end(key)
        return reply

    def keep(self, key: object, query: str, reply: Reply) -> None:
        """Keep an answer, unless it is large or would not come out the same again."""
        self._turn_to(reply.head["generation"])
        if len(reply.body) > _LARGEST or key in self._kept or _FICKLE.search(query):
            return
        self._kept[key] = reply
        self._bytes += len(reply.body)
        while self._bytes > _ALL:
            self._bytes -= len(self._kept.popitem(last=False)[1].body)

    def _turn_to(self, generation: str) -> None:
        if generation != self._generation:
            self._kept.clear()
            self._bytes = 0
            self._generation = generation
