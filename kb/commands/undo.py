"""Take the last addition or coding back, also after a restart; refused where files were changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

EXAMPLE = """examples:
  mipex-kb undo
  mipex-kb undo --dry-run --studies my-studies"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--dry-run", action="store_true", help="say what would be taken back, and change nothing")


def run(options: argparse.Namespace) -> int:
    """Undo, and say what is as before."""
    from kb.commands.common import chosen_collection
    from kb.errors import IntakeError
    from kb.intake.transaction import last, undo, writing
    from kb.output import note
    from kb.text import counted

    folder = chosen_collection(options).studies[0]
    if options.dry_run:
        newest = last(folder)
        if newest is None:
            raise IntakeError(f"There is nothing to undo in {folder}.")
        what, changes = newest
        note(f"Would take back: {what}, {counted(len(changes), 'file')}.")
        return 0
    with writing(folder):
        done = undo(folder)
    note(f"Taken back: {done.what}. {counted(len(done.files), 'file')} as before.")
    return 0
