"""Write a briefing on a policy: what was studied, what was found, for whom, how sure it is, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

EXAMPLE = """examples:
  mipex-kb brief access-to-nationality -o nationality.docx
  mipex-kb brief anti-discrimination -o anti-discrimination.html --style chicago
  mipex-kb brief overall"""

_ENDINGS = {"md": "md", "html": "html", "htm": "html", "docx": "docx"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    from kb.citations import citation_styles
    from kb.commands.common import output_options

    parser.add_argument("policy", metavar="POLICY", help="notation, label or the beginning of one")
    names = ", ".join(style.name for style in citation_styles())
    parser.add_argument(
        "--style", default="apa", metavar="STYLE", help=f"of the references: {names}, or a .csl file; apa without it"
    )
    parser.add_argument(
        "--format", choices=("md", "html", "docx"), help="Markdown without it, or what the ending of the file says"
    )
    output_options(parser)


def run(options: argparse.Namespace) -> int:
    """Make the briefing and print or write it."""
    from kb.briefing.files import render
    from kb.briefing.make import brief
    from kb.commands.common import opened_session
    from kb.output import emit

    form = _format(options)
    with opened_session(options) as session:
        document = brief(session, options.policy, options.style)
    emit(render(form, document), options.output, force=options.force)
    return 0


def _format(options: argparse.Namespace) -> str:
    """Return the format asked for, or the one that the ending of the output file means.

    Raises:
        UsageError: the ending is not known, or a Word file was to go to a terminal.
    """
    from kb.errors import UsageError
    from kb.output import to_terminal

    form: str = options.format or "md"
    if not options.format and options.output:
        ending = options.output.rpartition(".")[2].lower()
        if ending not in _ENDINGS:
            known = ", ".join(f".{name}" for name in ("md", "html", "docx"))
            raise UsageError(f"The ending of {options.output} names no format. Use {known}, or add --format.")
        form = _ENDINGS[ending]
    if form == "docx" and not options.output and to_terminal():
        raise UsageError("A Word file cannot be shown on a terminal. Add -o FILE.docx.")
    return form
