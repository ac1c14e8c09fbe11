"""Every command that reads prints the same bytes whichever engine it asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.cli import main

if TYPE_CHECKING:
    from kb.store import Reader
    from tests.kb.remote.conftest import Engine

COMMANDS = [
    "evidence health",
    "evidence anti-discrimination --measure all --format csv",
    "evidence --outcome generalised-trust --search discrimination --format json",
    "evidence health --format bibtex",
    "studies --format csv",
    "studies naturalisation --style apa",
    "show ziller2014societal",
    "show ziller2014societal --format json",
    "map --format csv",
    "synthesis health",
    "brief health",
    "network --format csv",
    "stats",
    "flow",
    "agreement",
    "vocab",
    "vocab outcome trust --format csv",
    "sparql --named studies --format json",
    "sparql --named uncoded",
]
QUERIES = [
    ("SELECT * { ?study a ev:Study ; dcterms:title ?title } ORDER BY ?study", "tsv"),
    ("SELECT * { ?study a ev:Study ; dcterms:issued ?year } ORDER BY ?study LIMIT 9", "xml"),
    ("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g", "csv"),
    ("ASK FROM <https://w3id.org/mipex-kb/graph/studies/ziller2014societal> { ?s a ev:Finding }", "json"),
    ("CONSTRUCT { ?s dcterms:title ?t } WHERE { ?s dcterms:title ?t }", "ttl"),
    ("CONSTRUCT { ?s ev:policy ?p } WHERE { ?s ev:policy ?p } LIMIT 0", "nt"),
]


def printed(words: list[str], capfdbinary: pytest.CaptureFixture[bytes]) -> tuple[int, bytes]:
    """Return the exit code and what was printed; what was complained about where it failed."""
    code = main(words)
    found = capfdbinary.readouterr()
    return code, found.err if code else found.out


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_prints_the_same_bytes(
    command: str, engine: Engine, whole_reader: Reader, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    here = printed(command.split(), capfdbinary)
    assert here[0] == 0
    assert len(here[1]) > 50
    assert printed([*command.split(), "--endpoint", engine.url], capfdbinary) == here


@pytest.mark.parametrize(("query", "form"), QUERIES, ids=range(len(QUERIES)))
def test_a_query_of_the_user_gives_the_same_bytes(
    query: str, form: str, engine: Engine, whole_reader: Reader, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    words = ["sparql", "-e", query, "--format", form]
    here = printed(words, capfdbinary)
    assert here[0] == 0
    assert printed([*words, "--endpoint", engine.url], capfdbinary) == here


def test_an_answer_that_a_server_cuts_is_never_shown_as_whole(
    engine: Engine, whole_reader: Reader, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Virtuoso gives no more than 10,000 triples of a graph, and does not say so."""
    words = ["sparql", "-e", "CONSTRUCT WHERE { ?s ?p ?o }", "--format", "nt"]
    here = printed(words, capfdbinary)
    code = main([*words, "--endpoint", engine.url])
    there = capfdbinary.readouterr()
    if engine.name == "virtuoso":
        assert (code, there.out) == (1, b"")
        assert b"gives no more than 10,000 rows or triples" in there.err
    else:
        assert (code, there.out) == here
