"""Load or update a store elsewhere: any server with SPARQL 1.1 Query and Update.

Only graphs that changed since the last push are sent, and graphs that are gone are removed. A push that breaks off is
taken up by the next one. Graphs that are not of this program are never touched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

EXAMPLE = """examples:
  mipex-kb push http://127.0.0.1:7878/query --dry-run
  mipex-kb push http://127.0.0.1:7878/query
  MIPEX_KB_ENDPOINT_USER=dba MIPEX_KB_ENDPOINT_PASSWORD=... mipex-kb push http://127.0.0.1:8890/sparql
  mipex-kb push https://kb.example.org/rdf --update-url https://kb.example.org/rdf/update

Then any command: mipex-kb evidence health --endpoint http://127.0.0.1:7878/query"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("url", nargs="?", metavar="URL", help="where the server takes queries; --endpoint without it")
    parser.add_argument(
        "--update-url", default="", metavar="URL", help="where it takes updates, if that is another address"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    parser.add_argument("--prune", action="store_true", help="remove also where much would be removed")
    parser.add_argument(
        "--batch", type=_number, metavar="N", help="triples in one request, at most, for servers that take less"
    )


def run(options: argparse.Namespace) -> int:
    """Push, or say what would be pushed."""
    from kb.commands.common import open_collection
    from kb.errors import UsageError
    from kb.output import Progress, emit, note
    from kb.remote.address import read_address
    from kb.remote.push import BATCH, Push

    where = options.url or options.endpoint
    if not where:
        raise UsageError("Say where to: mipex-kb push URL, such as http://127.0.0.1:7878/query")
    address = read_address(where)
    update = read_address(options.update_url).url if options.update_url else ""
    options.endpoint = ""
    with open_collection(options) as reader, Push(reader, address, update) as push:
        plan = push.plan(prune=options.prune)
        if options.dry_run:
            emit("".join(f"{change.kind} {change.name} ({change.size} triples)\n" for change in plan.changes))
            note(f"Would be: {plan.summary()}")
            return 0
        progress = Progress("Pushing: {} of {} graphs ")
        done = push.run(plan, progress, options.batch or BATCH)
        progress.finish()
    note(f"Pushed to {address.shown}: {done.summary()}")
    return 0


def _number(text: str) -> int:
    import argparse

    if not text.isascii() or not text.isdigit() or int(text) < 10:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of triples from 10 on")
    return int(text)
