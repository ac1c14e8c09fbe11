"""List the concepts of the ontology with their definitions: the names that the other commands understand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from kb.vocabulary import Concept, Vocabulary

EXAMPLE = """examples:
  mipex-kb vocab
  mipex-kb vocab policy
  mipex-kb vocab outcome trust --format csv"""

_HEADER = ("kind", "notation", "label", "broader", "valence", "definition", "alternative_labels")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    from kb.commands.common import output_options

    parser.add_argument(
        "kind", nargs="?", metavar="KIND", help="policy, outcome, population, ...; the kinds without it"
    )
    parser.add_argument("text", nargs="*", metavar="TEXT", help="only concepts that mention these words")
    parser.add_argument("--format", choices=("text", "csv", "tsv", "json"), default="text")
    output_options(parser)


def run(options: argparse.Namespace) -> int:
    """Print the concepts."""
    from kb.commands.common import open_collection
    from kb.errors import UsageError
    from kb.output import emit

    with open_collection(options) as reader:
        words = reader.vocabulary()
    kinds = words.kinds()
    if options.kind and options.kind not in kinds:
        raise UsageError(f"There is no kind {options.kind!r}. There are: {', '.join(kinds)}.")
    if not options.kind and options.format == "text":
        lines = [f"{kind:<14}{len(words.concepts(kind)):>5} concepts" for kind in kinds]
        emit("\n".join(lines) + "\n", options.output, force=options.force)
        return 0
    chosen = [options.kind] if options.kind else kinds
    concepts = [concept for kind in chosen for concept in _in_tree_order(words, kind) if _fits(concept, options.text)]
    emit(_render(options.format, concepts, words), options.output, force=options.force)
    return 0


def _in_tree_order(words: Vocabulary, kind: str) -> list[Concept]:
    found: dict[str, Concept] = {}

    def visit(concept: Concept) -> None:
        if concept.notation not in found:
            found[concept.notation] = concept
            for below in words.narrower(kind, concept.notation):
                visit(below)

    for top in words.tops(kind):
        visit(top)
    return [*found.values(), *(c for c in words.concepts(kind) if c.notation not in found)]


def _fits(concept: Concept, words: list[str]) -> bool:
    from kb.text import plain_letters

    text = plain_letters(" ".join((concept.notation, concept.label, concept.definition, *concept.alt_labels)))
    return all(word in text for word in plain_letters(" ".join(words)).split())


def _render(form: str, concepts: list[Concept], words: Vocabulary) -> str:
    from kb.export import to_csv

    rows = [
        (c.kind, c.notation, c.label, "; ".join(c.broader), "" if c.valence is None else str(c.valence), c.definition,
         "; ".join(c.alt_labels))
        for c in concepts
    ]  # fmt: skip
    if form == "json":
        import json

        return json.dumps([dict(zip(_HEADER, row, strict=True)) for row in rows], ensure_ascii=False, indent=1) + "\n"
    if form in ("csv", "tsv"):
        return to_csv(_HEADER, rows, "," if form == "csv" else "\t")
    lines = []
    for concept in concepts:
        indent = "  " * len(words.ancestors(concept.kind, concept.notation))
        valence = {1: " (+)", -1: " (-)", 0: " (0)", None: ""}[concept.valence]
        lines.append(f"{indent}{concept.notation}{valence}: {concept.label}. {concept.definition}")
        if concept.alt_labels:
            lines.append(f"{indent}  also: {'; '.join(concept.alt_labels)}")
    return "\n".join([*lines, ""])
