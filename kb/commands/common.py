"""What several commands share: opening the collection, building it first where needed, and saying so."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kb.collection import Collection, bundled, collection
from kb.stamps import is_fresh, scan
from kb.store import open_store
from kb.text import counted

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from pathlib import Path

    from kb.protocol import Protocol
    from kb.session import Session
    from kb.store import Reader


def output_options(parser: argparse.ArgumentParser) -> None:
    """Declare where the output goes."""
    parser.add_argument("-o", "--output", default="", metavar="FILE", help="write to a file instead of the screen")
    parser.add_argument("--force", action="store_true", help="replace the file if it exists")


def chosen_collection(options: argparse.Namespace) -> Collection:
    """Return the collection that the options name.

    Raises:
        CollectionError: a folder does not exist.
    """
    chosen = collection(options.studies, options.ontology)
    for folder in chosen.studies:
        if os.path.exists(folder / ".intake" / "pending.json"):  # noqa: PTH110 - asked at every start
            from kb.intake.transaction import recover

            recover(folder)
    return chosen


def command_line(words: str, folder: Path) -> str:
    """Return a command to type for a folder of studies, which is named where it is not the bundled one."""
    import shlex

    where = "" if folder == bundled().studies[0] else f" --studies {shlex.quote(str(folder))}"
    return f"mipex-kb {words}{where}"


def as_json(value: object) -> str:
    """Return named tuples, mappings and lists as JSON text; fractions get six decimals."""
    import json

    def plain(value: object) -> object:
        if isinstance(value, float):
            return round(value, 6)
        if isinstance(value, tuple) and hasattr(value, "_asdict"):
            value = value._asdict()
        if isinstance(value, dict):
            return {name: plain(inner) for name, inner in value.items()}
        return [plain(inner) for inner in value] if isinstance(value, list | tuple) else value

    return json.dumps(plain(value), indent=1, ensure_ascii=False) + "\n"


def protocol_option(parser: argparse.ArgumentParser) -> None:
    """Declare where the records of the collection are."""
    parser.add_argument(
        "--protocol", metavar="DIR", help="the folder of the records; without it, protocol beside the studies"
    )


def chosen_protocol(options: argparse.Namespace) -> Protocol:
    """Read the records of how the chosen collection was made.

    Raises:
        ProtocolError: a file is missing or malformed.
    """
    from pathlib import Path

    from kb.protocol import read_protocol

    named = options.protocol
    return read_protocol(Path(named) if named else chosen_collection(options).studies[0].parent / "protocol")


def open_collection(options: argparse.Namespace) -> Reader:
    """Open the chosen collection: behind the endpoint that was named, or in the store, built first where needed.

    Raises:
        CollectionError: a folder does not exist.
        StoreError: the store cannot be written.
        EndpointError: the endpoint cannot be asked.
    """
    if options.endpoint:
        from kb.remote.address import read_address
        from kb.remote.reader import RemoteReader

        found = RemoteReader(read_address(options.endpoint))
        _say_where_unfinished(found)
        return found
    chosen = chosen_collection(options)
    seen = scan(chosen)
    if is_fresh(chosen, seen):
        return open_store(chosen)
    from kb.build import ensure
    from kb.output import Progress, note

    progress = Progress()
    reader, report = ensure(chosen, progress, seen)
    progress.finish()
    if report:
        errors = sum(problem.severity == "error" for problem in report.problems)
        if errors:
            note(f"The collection has {counted(errors, 'mistake')}. List them with: mipex-kb check")
    return reader


def _say_where_unfinished(reader: Reader) -> None:
    if reader.unfinished:
        from kb.output import note

        note("The last push to this endpoint was not finished: answers may mix old and new. Finish it: mipex-kb push")


@contextmanager
def opened_session(options: argparse.Namespace) -> Iterator[Session]:
    """Open the chosen collection in memory, and close it; it is built first where it is missing or out of date.

    Raises:
        CollectionError: a folder does not exist.
        StoreError: the store cannot be written.
        EndpointError: the endpoint cannot be asked.
    """
    from kb.output import Progress
    from kb.session import make_session, remote_session

    if options.endpoint:
        session = remote_session(options.endpoint, chosen_collection(options))
        _say_where_unfinished(session.reader)
    else:
        progress = Progress()
        session = make_session(chosen_collection(options), progress)
        progress.finish()
    try:
        yield session
    finally:
        session.close()
