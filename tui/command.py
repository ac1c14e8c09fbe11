"""Open the terminal user interface on the collection."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

EXAMPLE = """examples:
  mipex-kb
  mipex-kb tui --studies my-studies"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options: there are none beside the collection."""


def run(options: argparse.Namespace) -> int:
    """Open the application and return when it is left."""
    import sys

    from kb.commands.common import chosen_collection
    from kb.errors import UsageError

    if not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        raise UsageError("The terminal UI needs a terminal. For a pipe, use a command: mipex-kb evidence health")
    from concurrent.futures import ThreadPoolExecutor

    from kb.session import open_session

    collection = chosen_collection(options)
    with ThreadPoolExecutor(1) as pool:
        opening = pool.submit(open_session, collection)  # goes on while the import below takes its time
        from tui.app import EvidenceApp

        message = EvidenceApp(collection, opening).run()
    if message:
        from kb.output import note

        note(f"mipex-kb: {message}")
        return 1
    return 0
