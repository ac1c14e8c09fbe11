"""Show how records became studies: what each search found, duplicates, what was left out and why, what was taken in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from kb.flow import Flow
    from kb.protocol import Protocol

EXAMPLE = """examples:
  mipex-kb flow
  mipex-kb flow --searches
  mipex-kb flow --format json"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    from kb.commands.common import output_options, protocol_option

    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--searches", action="store_true", help="list every recorded search too")
    protocol_option(parser)
    output_options(parser)


def run(options: argparse.Namespace) -> int:
    """Count and print."""
    from kb.commands.common import chosen_protocol, open_collection
    from kb.evidence import circles_of, coded_studies
    from kb.flow import flow
    from kb.output import emit

    protocol = chosen_protocol(options)
    with open_collection(options) as reader:
        found = flow(protocol, circles_of(reader), coded_studies(reader))
    if options.format == "json":
        text = _json(found, protocol, searches=options.searches)
    else:
        text = "".join(_text(found, protocol, searches=options.searches))
    emit(text, options.output, force=options.force)
    return 0


def _json(found: Flow, protocol: Protocol, *, searches: bool) -> str:
    from kb.commands.common import as_json

    document = {**found._asdict(), "routes": protocol.routes}
    return as_json({**document, "searches": protocol.searches} if searches else document)


def _text(found: Flow, protocol: Protocol, *, searches: bool) -> Iterator[str]:
    from kb.terminal import table_text

    yield "Searched\n\n"
    routes = [
        (route.route, route.date, route.kind, route.lookups or "-", str(found.by_route[route.route]), route.description)
        for route in protocol.routes
    ]
    yield table_text(("Route", "Date", "Kind", "Look-ups", "Records", "Where"), routes)
    yield "\nFlow\n\n"
    steps = [
        ("records found", found.records),
        ("duplicates removed", found.duplicates),
        ("records screened", found.screened),
        *((f"- left out, {reason}", number) for reason, number in found.excluded.items()),
        ("studies included", found.included),
        *((f"- circle {circle}", number) for circle, number in found.by_circle.items()),
        ("- with findings", found.coded),
        ("- without (uncoded)", found.included - found.coded),
    ]
    yield table_text(("Step", "Number"), [(name, str(number)) for name, number in steps], numbers=True)
    if found.unrecorded:
        yield f"\nNo record leads to: {', '.join(found.unrecorded)}. Add them to found.csv.\n"
    if searches:
        yield "\nSearches\n\n"
        rows = [
            (search.route, search.date, search.source, search.fitting, search.query) for search in protocol.searches
        ]
        yield table_text(("Route", "Date", "Source", "Fitting", "Words"), rows)
