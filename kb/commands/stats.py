"""Count what the collection holds, by circle, area, outcome, direction, source level and year, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from kb.stats import Count, Stats
    from kb.vocabulary import Vocabulary

EXAMPLE = """examples:
  mipex-kb stats
  mipex-kb stats --format json -o stats.json"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    from kb.commands.common import output_options

    parser.add_argument("--format", choices=("text", "json"), default="text")
    output_options(parser)


def run(options: argparse.Namespace) -> int:
    """Count and print."""
    from kb.commands.common import as_json, open_collection
    from kb.output import emit
    from kb.stats import stats

    with open_collection(options) as reader:
        found = stats(reader)
        words = reader.vocabulary("policy", "outcome")
    emit(
        as_json(found) if options.format == "json" else "".join(_text(found, words)),
        options.output,
        force=options.force,
    )
    return 0


def _text(found: Stats, words: Vocabulary) -> Iterator[str]:
    from kb.stats import MISSING
    from kb.terminal import table_text

    seen, believed = found.measure_status["seen"], found.measure_status["believed"]
    yield f"{found.studies} studies, {found.findings} findings. Core circle: the use of MIPEX was seen on a page for\n"
    yield f"{seen} studies and is believed for {believed}. Reviews are counted with the primary studies here.\n"
    circles = [(name, str(count.studies), str(count.findings)) for name, count in found.by_circle.items()]
    yield "\n" + table_text(("Circle", "Studies", "Findings"), circles, numbers=True)
    yield from _table("Policy area", _labelled(found.by_area, words, "policy"))
    yield from _table("Outcome group", _labelled(found.by_outcome_group, words, "outcome"))
    yield from _table("Direction", found.by_direction)
    yield from _table("Source level", found.by_source_level)
    yield from _table("Year", found.by_year)
    rows = [(text, str(found.missing_core[name]), str(found.missing[name])) for name, text in MISSING.items()]
    yield "\n" + table_text(("What is missing", "Core studies", "All studies"), rows, numbers=True)


def _labelled(counts: dict[str, Count], words: Vocabulary, kind: str) -> dict[str, Count]:
    labels = {name: concept.label for name in counts if (concept := words.get(kind, name))}
    return {labels.get(name, name): count for name, count in counts.items()}


def _table(title: str, counts: dict[str, Count]) -> Iterator[str]:
    from kb.terminal import table_text

    rows = [
        (name, str(count.core_studies), str(count.core_findings), str(count.studies), str(count.findings))
        for name, count in counts.items()
    ]
    yield "\n" + table_text((title, "Core studies", "Findings", "All studies", "Findings"), rows, numbers=True)
