"""Offer the collection to other programs: a SPARQL 1.1 endpoint, and a page and RDF for every study and finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

EXAMPLE = """examples:
  mipex-kb serve
  curl -H 'Accept: text/csv' --data-urlencode 'query=SELECT ?s { ?s a ev:Study }' http://127.0.0.1:8000/sparql
  mipex-kb serve --port 9000 --timeout 10 --max-rows 10000

It reads and never writes; only this machine reaches it, unless --host says otherwise. A collection that is built
anew meanwhile (mipex-kb build) is served from then on. See docs/serving.md."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at (%(default)s)")
    parser.add_argument("--port", type=_whole(0, 65535), default=8000, help="the port; 0 for any (%(default)s)")
    limits = parser.add_argument_group("limits of each query")
    limits.add_argument("--timeout", type=_whole(1, 3600), default=30, metavar="SECONDS", help="time (%(default)s)")
    limits.add_argument(
        "--max-rows", type=_whole(1, 10**8), default=100_000, metavar="N", help="rows or triples (%(default)s)"
    )
    limits.add_argument(
        "--max-bytes", type=_whole(1, 2**30), default=32 * 2**20, metavar="N", help="size of the answer (%(default)s)"
    )
    limits.add_argument("--max-memory", type=_whole(16, 2**16), default=512, metavar="MB", help="memory (%(default)s)")
    limits = parser.add_argument_group("limits of all queries")
    limits.add_argument(
        "--workers", type=_whole(1, 256), default=4, metavar="N", help="quick ones at once (%(default)s)"
    )
    limits.add_argument(
        "--long", type=_whole(1, 256), default=2, metavar="N", help="long ones beside them (%(default)s)"
    )


def run(options: argparse.Namespace) -> int:
    """Serve until interrupted."""
    from kb.commands.common import chosen_collection, open_collection
    from kb.serving.pool import Limits
    from kb.serving.server import serve

    open_collection(options).close()
    limits = Limits(
        options.timeout, options.max_rows, options.max_bytes, options.max_memory * 2**20, options.workers, options.long
    )
    serve(chosen_collection(options), options.host, options.port, limits)
    return 0


def _whole(least: int, most: int) -> Callable[[str], int]:
    """Return what reads a whole number between two bounds."""
    import argparse

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {least} to {most}")
        return int(text)

    return read
