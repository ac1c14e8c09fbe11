"""Open the terminal user interface on the collection."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

EXAMPLE = """examples:
  mipex-kb
  mipex-kb tui --studies my-studies
  mipex-kb tui --web"""
_HERE = "127.0.0.1:8000"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options beside the collection."""
    parser.add_argument(
        "--web", nargs="?", const=_HERE, metavar="HOST:PORT", help=f"serve it to a browser, at {_HERE} if not said"
    )


def run(options: argparse.Namespace) -> int:
    """Open the application and return when it is left."""
    import gc
    import os
    import sys

    from kb.commands.common import chosen_collection
    from kb.errors import UsageError

    if options.web:
        from tui.web.serving import serve

        chosen_collection(options)
        serve(_collection_options(options), options.web)
        return 0
    in_browser = os.environ.get("TEXTUAL_DRIVER", "").endswith("WebDriver")
    if not in_browser and not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        raise UsageError("The terminal UI needs a terminal. For a pipe, use a command: mipex-kb evidence health")
    from concurrent.futures import ThreadPoolExecutor

    from kb.session import open_session

    if options.endpoint:
        from kb.remote.address import read_address

        read_address(options.endpoint)
    collection = chosen_collection(options)
    gc.disable()  # until the first screen stands: what is made until then is kept anyway
    with ThreadPoolExecutor(1) as pool:
        # It goes on while the import below takes its time.
        opening = None if options.endpoint else pool.submit(open_session, collection)
        from tui.app import EvidenceApp
        from tui.hangup import end_with_terminal

        if not in_browser:
            end_with_terminal(sys.stdin.fileno())
        message = EvidenceApp(collection, opening, options.endpoint).run()
    if message:
        from kb.output import note

        note(f"mipex-kb: {message}")
        return 1
    return 0


def _collection_options(options: argparse.Namespace) -> list[str]:
    found = [word for folder in options.studies or () for word in ("--studies", folder)]
    found += ["--ontology", options.ontology] if options.ontology else []
    return [*found, "--endpoint", options.endpoint] if options.endpoint else found
