"""Make a folder a collection of your own, whose studies can be added, coded and asked for beside the bundled ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

EXAMPLE = """examples:
  mipex-kb init my-studies
  mipex-kb add export.bib --studies my-studies
  mipex-kb evidence health --studies my-studies --studies bundled"""

_README = """# Our studies

A collection for mipex-kb: one BibTeX file a study, with its findings. Add studies with

    mipex-kb add export.bib --studies {name}

code them with `mipex-kb code CITEKEY --studies {name}`, look for mistakes with `mipex-kb check --studies {name}`, and
ask both this collection and the bundled one with `--studies {name} --studies bundled`.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("folder", metavar="DIR", help="a folder that is new or empty")


def run(options: argparse.Namespace) -> int:
    """Make the folder."""
    import shlex
    from pathlib import Path

    from kb.commands.common import command_line
    from kb.errors import UsageError
    from kb.output import note

    folder = Path(options.folder)
    try:
        if folder.is_dir() and any(folder.iterdir()):
            raise UsageError(
                f"{folder} is not empty. Name a new folder; an existing one with .bib files needs no init."
            )
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "README.md").write_text(_README.format(name=shlex.quote(options.folder)), "utf-8")
        (folder / ".gitignore").write_text(".intake/\n", "utf-8")
    except OSError as error:
        raise UsageError(f"{folder} cannot be made: {error.strerror}. Name another folder.") from None
    note(f"Made: {folder}. Add studies with: {command_line('add FILE.bib', folder)}")
    return 0
