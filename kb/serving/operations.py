"""What a worker can do, by name; imported once, before workers are forked, with all that it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kb.query_guard import check_query
from kb.serving import documents, pages
from kb.serving.answering import answer, check

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyoxigraph as ox

OPERATIONS: dict[str, Callable[[ox.Store, dict[str, Any]], tuple[dict[str, Any], bytes]]] = {
    "check": check,
    "query": answer,
    "thing": documents.thing,
    "listing": documents.listing,
    "service": documents.service,
    "collection": documents.collection,
    "size": documents.size,
}

# Parser and templates make themselves ready when they are first used: once here, for all workers.
check_query("ASK {}")
pages.make_ready()
