"""Bring the store up to date with the files. Other commands do this by themselves; here it can be forced and timed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

EXAMPLE = """examples:
  mipex-kb build
  mipex-kb build --clean
  mipex-kb build --dump graph.nq"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--clean", action="store_true", help="forget everything cached and read all files again")
    parser.add_argument(
        "--dump", default="", metavar="FILE", help="also write the graph as sorted N-Quads (- for the screen)"
    )
    parser.add_argument("--force", action="store_true", help="replace the file if it exists")


def run(options: argparse.Namespace) -> int:
    """Build, and say what was done."""
    import time

    from kb.build import build
    from kb.commands.common import chosen_collection
    from kb.output import Progress, emit, note
    from kb.store import open_store
    from kb.text import counted

    collection, progress = chosen_collection(options), Progress()
    start = time.perf_counter()
    report = build(collection, progress, clean=options.clean)
    progress.finish()
    seconds = time.perf_counter() - start
    note(f"{report.files} files, {report.read} read, {report.quads} quads, {seconds:.2f} s.")
    if options.dump:
        with open_store(collection) as reader:
            emit(reader.dump(), "" if options.dump == "-" else options.dump, force=options.force)
    errors = [problem for problem in report.problems if problem.severity == "error"]
    if errors:
        note(f"The collection has {counted(len(errors), 'mistake')}. List them with: mipex-kb check")
    return 1 if errors else 0
