"""Say how far two coders of the same studies agree, and how many core studies the searches may have missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from kb.flow import Completeness
    from kb.kappa import Agreement
    from kb.recapture import Recapture
    from kb.second_coding import Comparison

EXAMPLE = """examples:
  mipex-kb agreement
  mipex-kb agreement --format json"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    from kb.commands.common import output_options, protocol_option

    parser.add_argument("--format", choices=("text", "json"), default="text")
    protocol_option(parser)
    output_options(parser)


def run(options: argparse.Namespace) -> int:
    """Compare the codings and the searches, and print."""
    from kb.commands.common import chosen_protocol, open_collection
    from kb.evidence import circles_of, measure_status
    from kb.flow import completeness
    from kb.output import emit
    from kb.second_coding import BEFORE_CODEBOOK, BY_CODEBOOK, compare

    protocol = chosen_protocol(options)
    with open_collection(options) as reader:
        core = {study for study, circle in circles_of(reader).items() if circle == "core"}
        seen = {study for study, status in measure_status(reader).items() if status == "seen"}
    coded = compare(protocol.codings, BY_CODEBOOK)
    before = compare(protocol.codings, BEFORE_CODEBOOK)
    missing = completeness(protocol, core, seen)
    text = _json(coded, before, missing) if options.format == "json" else "".join(_text(coded, before, missing))
    emit(text, options.output, force=options.force)
    return 0


def _json(coded: Comparison, before: Comparison, missing: Completeness) -> str:
    from kb.commands.common import as_json
    from kb.recapture import ASSUMPTIONS

    document: dict[str, object] = dict(coded.variables)
    document["second_coding"] = {name: value for name, value in coded._asdict().items() if name != "variables"}
    document["before_the_codebook"] = before
    document["completeness"] = {**missing._asdict(), "assumptions": ASSUMPTIONS}
    return as_json(document)


def _text(coded: Comparison, before: Comparison, missing: Completeness) -> Iterator[str]:
    yield "Second coding by the codebook: a second reader coded the same sources without seeing the first coding.\n"
    yield from _comparison(coded)
    yield "\nSecond coding before the codebook: raw words for outcomes, provisional outcome groups.\n"
    yield from _comparison(before)
    yield "\nThe interval of kappa (95 per cent) comes from drawing studies again with replacement.\n"
    yield from _completeness(missing)


def _comparison(found: Comparison) -> Iterator[str]:
    from kb.second_coding import VARIABLES
    from kb.terminal import table_text

    yield f"{found.studies} studies, {found.units} results; {found.both} of them coded by both, {found.only_first} "
    yield f"only by the first coder, {found.only_second} only by the second. Of those coded by both:\n\n"
    rows = [(VARIABLES[name], *_numbers(value)) for name, value in found.variables.items()]
    yield table_text(("Variable", "Cases", "Agreement", "Cohen's kappa", "Interval"), rows, numbers=True)


def _numbers(value: Agreement) -> tuple[str, str, str, str]:
    kappa = "-" if value.kappa is None else f"{value.kappa:.2f}"
    interval = "-" if value.low is None or value.high is None else f"{value.low:.2f} to {value.high:.2f}"
    return str(value.n), f"{value.raw:.0%}", kappa, interval


def _completeness(found: Completeness) -> Iterator[str]:
    from kb.recapture import ASSUMPTIONS
    from kb.terminal import table_text

    yield f"\nCompleteness of the core circle, which holds {found.core} studies now (capture and recapture, Chapman).\n"
    yield f"Searches made without knowing the collection met {found.met} core studies; {found.held} of them were in it "
    yield f"before ({found.held / max(found.met, 1):.0%}).\n\n"
    rows = [
        ("subject searches against citation lists", *_recapture(found.routes)),
        ("the same, use of MIPEX seen", *_recapture(found.routes_seen)),
        ("collection before against both searches", *_recapture(found.collection)),
    ]
    yield table_text(("Comparison", "First", "Second", "Both", "Estimate of all", "Interval"), rows, numbers=True)
    if found.routes.high < found.core:
        yield "\nThe first estimate lies below what the collection holds: the two searches met the same studies more\n"
        yield "often than independent searches would. It is a lower bound: what neither can reach is not in it.\n"
    yield "\nThe estimates rest on what is seldom true:\n"
    yield from (f"- {text}\n" for text in ASSUMPTIONS)


def _recapture(found: Recapture) -> tuple[str, ...]:
    interval = f"{found.low:.0f} to {found.high:.0f}"
    return str(found.first), str(found.second), str(found.both), f"{found.estimate:.0f}", interval
