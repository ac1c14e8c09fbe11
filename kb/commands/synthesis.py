"""Say what the findings on a policy add up to, counted by direction, and what that may not be read as."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

EXAMPLE = """examples:
  mipex-kb synthesis overall --outcome perceived-threat --outcome economic-threat
  mipex-kb synthesis access-to-nationality --outcome naturalisation --measure all
  mipex-kb synthesis health
  mipex-kb synthesis overall --outcome anti-immigrant-attitudes --format json -o attitudes.json"""

_ENDINGS = {"txt": "text", "md": "md", "json": "json", "csv": "csv"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    from kb.commands.common import output_options
    from kb.synthesis.files import FORMATS
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
    output_options(parser)


def run(options: argparse.Namespace) -> int:
    """Make the synthesis and print or write it."""
    from contextlib import closing

    from kb.commands.common import as_json, chosen_collection
    from kb.evidence import Question
    from kb.output import Progress, emit
    from kb.session import make_session
    from kb.synthesis import files
    from kb.synthesis.make import synthesise

    form = _format(options)
    question = Question(
        policy=(options.policy,), outcome=tuple(options.outcome), population=tuple(options.population),
        direction=tuple(options.direction), appraisal=tuple(options.appraisal), role=tuple(options.role),
        design=tuple(options.design), measure=tuple(options.measure or ("core",)),
        source_level=tuple(options.source_level), country=tuple(options.country), data=tuple(options.data),
        since=options.since, until=options.until, search=options.search, exact=options.exact,
    )  # fmt: skip
    progress = Progress()
    session = make_session(chosen_collection(options), progress)
    progress.finish()
    with closing(session):
        found = synthesise(session, question, options.by)
        label = session.vocabulary().resolve("policy", options.policy).label
    if form == "json":
        content = as_json(files.as_data(found))
    elif form == "csv":
        content = files.as_csv(found)
    else:
        content = files.as_markdown(found, label) if form == "md" else files.as_text(found, label)
    emit(content, options.output, force=options.force)
    return 0


def _format(options: argparse.Namespace) -> str:
    """Return the format asked for, or the one that the ending of the output file means.

    Raises:
        UsageError: the ending is not known.
    """
    from kb.errors import UsageError

    if options.format or not options.output:
        return options.format or "text"
    ending = options.output.rpartition(".")[2].lower()
    if ending not in _ENDINGS:
        known = ", ".join(f".{name}" for name in _ENDINGS)
        raise UsageError(f"The ending of {options.output} names no format. Use {known}, or add --format.")
    return _ENDINGS[ending]
