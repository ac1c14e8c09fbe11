"""Show one study whole: its reference, how it was coded, and every finding with its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

EXAMPLE = """examples:
  mipex-kb show migali2017determinants
  mipex-kb show migali2017determinants --format json
  mipex-kb show migali2017determinants -o migali.ris"""

_FORMATS = ("text", "json", "bibtex", "biblatex", "ris", "csl-json")
#: Ending of a file -> format; text for the others.
_ENDINGS = {"json": "json", "bib": "bibtex", "ris": "ris"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    from kb.commands.common import output_options

    parser.add_argument("citekey", nargs="+", metavar="CITEKEY", help="the key of a study, or of one of its findings")
    parser.add_argument("--format", choices=_FORMATS, help="text without it, or what the ending of the file says")
    output_options(parser)


def run(options: argparse.Namespace) -> int:
    """Print the studies."""
    from kb.commands.common import open_collection
    from kb.export import study_json, study_references, study_text
    from kb.output import emit
    from kb.studies import study_documents

    with open_collection(options) as reader:
        found = study_documents(reader, options.citekey)
    form = options.format or _ENDINGS.get(options.output.rpartition(".")[2].lower(), "text")
    if form == "json":
        text = study_json(found)
    elif form == "text":
        text = "\n".join(study_text(document) for document in found)
    else:
        text = study_references(form, found)
    emit(text, options.output, force=options.force)
    return 0
