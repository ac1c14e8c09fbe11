"""The named queries in words: as a list, one by one, and as docs/queries.md.

Write the page anew with ``python -m kb.query_pages``.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kb.named_queries import groups

if TYPE_CHECKING:
    from kb.named_queries import NamedQuery, Parameter

PAGE = Path(__file__).resolve().parents[1] / "docs" / "queries.md"
_HEAD = """<!-- Written by `make docs`. Do not edit: change kb/queries, and write it again. -->

# Named queries

Questions that are asked again and again, as SPARQL files with a name. `mipex-kb sparql --named NAME` answers one, with
`PARAMETER=VALUE` after it where only a part is wanted; a parameter may come several times and then means any of its
values. `--describe` says what a query does, `--show` prints its SPARQL, which any SPARQL 1.1 engine runs as it is;
`--named list` lists them all. The files stand in `kb/queries/`.

Every query has a total order, so that the same data give the same rows in the same order on any engine. Findings are
never counted by direction or appraisal over several circles of evidence together. Where there is a parameter `circle`,
nothing given means all circles. Reviews count with the primary studies; `reviews` names them.
"""


def listing() -> str:
    """Return the queries with their questions, group by group, for a terminal."""
    width = max(len(query.name) for queries in groups().values() for query in queries)
    parts = [
        f"{heading}\n" + "".join(f"  {query.name:{width}}  {query.question}\n" for query in queries)
        for heading, queries in groups().items()
    ]
    return "\n".join(parts) + "\nMore on one of them: mipex-kb sparql --named NAME --describe\n"


def description(query: NamedQuery) -> str:
    """Return what one query does, takes and returns, for a terminal."""
    said = [f"{query.name}: {query.title}", query.question, query.description]
    parts = ["".join(f"{line}\n" for line in said if line)]
    if query.parameters:
        width = max(len(parameter.name) for parameter in query.parameters)
        lines = [
            f"  {parameter.name:{width}}  {parameter.kind}: {parameter.description}{_such_as(parameter)}\n"
            for parameter in query.parameters
        ]
        parts.append("\nparameters:\n" + "".join(lines))
    if query.columns:
        parts.append(f"\ncolumns:\n  {' '.join(query.columns)}\n")
    return "".join(parts) + f"\nexample:\n  {example(query)}\n"


def example(query: NamedQuery) -> str:
    """Return a command that asks the query, with its first parameter where it has an example."""
    words = [f"{parameter.name}={parameter.example}" for parameter in query.parameters if parameter.example][:1]
    return f"mipex-kb sparql --named {query.name}" + "".join(f" {shlex.quote(word)}" for word in words)


def page_text() -> str:
    """Return docs/queries.md."""
    parts = [_HEAD]
    for heading, queries in groups().items():
        parts.append(f"\n## {heading}\n\n| query | answers |\n| --- | --- |\n")
        parts += [f"| [`{query.name}`](#{query.name}) | {query.question} |\n" for query in queries]
    for queries in groups().values():
        parts += [_section(query) for query in queries]
    return "".join(parts)


def _section(query: NamedQuery) -> str:
    rows = "".join(
        f"| `{parameter.name}` | {parameter.kind} | `{parameter.example}` | {parameter.description} |\n"
        for parameter in query.parameters
    )
    table = f"| parameter | kind | example | means |\n| --- | --- | --- | --- |\n{rows}\n" if rows else ""
    columns = ", ".join(f"`{column}`" for column in query.columns)
    return (
        f"\n### {query.name}\n\n**{query.question}** {query.title}. {query.description}\n\n"
        f"```\n{example(query)}\n```\n\n{table}Columns: {columns}.\n"
    )


def _such_as(parameter: Parameter) -> str:
    return f" (such as {parameter.example})" if parameter.example else ""


def main() -> int:
    """Write the page."""
    PAGE.write_text(page_text(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
