"""Say what the findings on a policy add up to, counted by direction, and what that may not be read as; or draw it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from kb.session import Session
    from kb.synthesis.model import Synthesis

EXAMPLE = """examples:
  mipex-kb synthesis overall --outcome perceived-threat --outcome economic-threat
  mipex-kb synthesis access-to-nationality --outcome naturalisation --measure all
  mipex-kb synthesis health
  mipex-kb synthesis overall --outcome anti-immigrant-attitudes --format json -o attitudes.json
  mipex-kb synthesis overall --outcome anti-immigrant-attitudes --plot effect-direction
  mipex-kb synthesis access-to-nationality --outcome naturalisation --plot harvest -o harvest.svg"""

_ENDINGS = {"txt": "text", "md": "md", "json": "json", "csv": "csv"}
_PICTURES = {"txt": "text", "svg": "svg", "png": "png"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    from kb.commands.common import output_options
    from kb.synthesis.files import FORMATS
    from kb.synthesis.plots.look import KINDS
    from kb.synthesis.rules import COUNTED_BY

    parser.add_argument("policy", metavar="POLICY", help="notation, label or the beginning of one")
    parser.add_argument(
        "--outcome", action="append", metavar="OUTCOME", default=[],
        help="an outcome, an outcome group or an actor; repeatable; a short block for each group without it",
    )  # fmt: skip
    parser.add_argument(
        "--by", choices=COUNTED_BY, default=COUNTED_BY[0],
        help="appraisal: good or bad news, as we judge it; direction: the sign on the outcome as named",
    )  # fmt: skip
    parser.add_argument("--exact", action="store_true", help="leave out what lies below the policy and the outcomes")
    for name, text in (
        ("population", "whom the finding is about"),
        ("direction", "positive, negative, null, mixed or unclear; what is left shows no pattern then"),
        ("appraisal", "favourable, unfavourable, neutral, mixed or unclear; what is left shows no pattern then"),
        ("role", "direct or moderator"),
        ("design", "the design of the study"),
        ("source-level", "where it was read: fulltext, abstract or secondary"),
        ("country", "a country that the study covers, by code or name"),
        ("data", "a survey or register that the study uses"),
    ):
        parser.add_argument(f"--{name}", action="append", metavar=name.upper(), default=[], help=f"{text}; repeatable")
    parser.add_argument(
        "--measure", action="append", metavar="MEASURE",
        help="a circle (core, comparable, reform, status), all, or a measure such as mipex:2015; core without it",
    )  # fmt: skip
    parser.add_argument("--since", default="", metavar="YEAR", help="published in this year or later")
    parser.add_argument("--until", default="", metavar="YEAR", help="published in this year or earlier")
    parser.add_argument("--search", default="", metavar="TEXT", help="all these words, anywhere in finding or study")
    parser.add_argument("--format", choices=FORMATS, help="text without it, or what the ending of the file says")
    parser.add_argument(
        "--plot", choices=KINDS, help="a picture of one group of outcomes: in text, or a file that ends in .svg or .png"
    )  # fmt: skip
    output_options(parser)


def run(options: argparse.Namespace) -> int:
    """Make the synthesis and print or write it."""
    from kb.commands.common import opened_session
    from kb.evidence import Question
    from kb.output import emit
    from kb.synthesis.make import synthesise

    form = _format(options)
    question = Question(
        policy=(options.policy,), outcome=tuple(options.outcome), population=tuple(options.population),
        direction=tuple(options.direction), appraisal=tuple(options.appraisal), role=tuple(options.role),
        design=tuple(options.design), measure=tuple(options.measure or ("core",)),
        source_level=tuple(options.source_level), country=tuple(options.country), data=tuple(options.data),
        since=options.since, until=options.until, search=options.search, exact=options.exact,
    )  # fmt: skip
    with opened_session(options) as session:
        found = synthesise(session, question, options.by)
        if options.plot:
            content = _drawn(session, found, options.plot, form)
        else:
            content = _written(found, session.vocabulary().resolve("policy", options.policy).label, form)
    emit(content, options.output, force=options.force)
    return 0


def _written(found: list[Synthesis], label: str, form: str) -> str | bytes:
    from kb.commands.common import as_json
    from kb.synthesis import files

    if form == "json":
        return as_json(files.as_data(found))
    if form == "csv":
        return files.as_csv(found)
    return files.as_markdown(found, label) if form == "md" else files.as_text(found, label)


def _drawn(session: Session, found: list[Synthesis], kind: str, form: str) -> str | bytes:
    """Return a picture of the one synthesis that there is.

    Raises:
        UsageError: there is none, or more than one.
        MissingExtraError: the library that draws is not installed.
    """
    from kb.errors import UsageError
    from kb.synthesis.plots.build import picture, source
    from kb.synthesis.plots.look import wording

    if len(found) != 1:
        groups = ", ".join(synthesis.outcome_label for synthesis in found)
        raise UsageError(wording()["mistakes"]["groups"].format(number=len(found), groups=groups))
    made = picture(found[0], kind, source(session, found[0]))
    if form == "text":
        from kb.synthesis.text_plots import as_text

        return as_text(made)
    from kb.synthesis.plots.draw import render

    return render(made, form)


def _format(options: argparse.Namespace) -> str:
    """Return the format asked for, or the one that the ending of the output file means.

    Raises:
        UsageError: the ending is not known, or does not go with a picture, or a picture names no outcome.
    """
    from kb.errors import UsageError

    if options.plot:
        return _picture_format(options)
    if options.format or not options.output:
        return options.format or "text"
    ending = options.output.rpartition(".")[2].lower()
    if ending not in _ENDINGS:
        known = ", ".join(f".{name}" for name in _ENDINGS)
        raise UsageError(f"The ending of {options.output} names no format. Use {known}, or add --format.")
    return _ENDINGS[ending]


def _picture_format(options: argparse.Namespace) -> str:
    from kb.errors import UsageError
    from kb.synthesis.plots.look import wording

    mistakes = wording()["mistakes"]
    if options.format:
        raise UsageError(mistakes["format"])
    if not options.outcome:
        raise UsageError(mistakes["outcome"])
    ending = options.output.rpartition(".")[2].lower() if options.output else "txt"
    if ending not in _PICTURES:
        raise UsageError(mistakes["ending"].format(file=options.output))
    return _PICTURES[ending]
