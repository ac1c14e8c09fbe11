"""The command line with --endpoint and push: what it says, what it refuses, and where it keeps what it learnt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.cli import ON_FILES
from kb.collection import cache_root
from kb.remote.address import Address
from kb.remote.graphs import MANIFEST, UNION, VERSION
from kb.remote.reader import UNKNOWN, RemoteReader
from kb.session import remote_session
from tests.kb.remote.stub import Fragile, Reply, serving
from tests.kb.running import is_one_plain_sentence
from tests.servers import oxigraph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.collection import Collection
    from kb.store import Reader
    from tests.kb.running import Line


@pytest.fixture(scope="module")
def server() -> Iterator[Fragile]:
    with oxigraph() as url, Fragile(url).running() as found:
        yield found


@pytest.fixture
def pushed(server: Fragile, line: Line) -> Fragile:
    """Return a server that holds the toy collection."""
    server.update("DROP ALL")
    assert line("push", server.url).code == 0
    server.updates()
    return server


def test_push_says_what_it_would_do_and_what_it_did(server: Fragile, line: Line, toy_reader: Reader) -> None:
    server.update("DROP ALL")
    server.updates()
    dry = line("push", server.url, "--dry-run")
    assert dry.out.splitlines()[0].startswith("add ontology/")
    assert "add studies/alpha2001trust (" in dry.out
    assert "Would be: " in dry.err
    assert server.updates() == 0
    done = line("push", server.url)
    assert done.out == ""
    assert f"version {toy_reader.version()}." in done.err
    assert " 0 replaced, 0 removed, 0 as they were" in done.err
    again = line("push", "--endpoint", server.url)
    assert "0 graphs added, 0 replaced, 0 removed" in again.err


def test_the_endpoint_may_stand_before_the_command_and_in_the_environment(
    pushed: Fragile, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = line("evidence", "--measure", "all", "--format", "csv").out
    assert line("--endpoint", pushed.url, "evidence", "--measure", "all", "--format", "csv").out == here
    monkeypatch.setenv("MIPEX_KB_ENDPOINT", pushed.url)
    assert line("evidence", "--measure", "all", "--format", "csv", toy=False).out == here
    assert line("check", "--quiet").code in (0, 1)


@pytest.mark.parametrize("command", ON_FILES)
def test_commands_on_files_say_so(command: str, line: Line) -> None:
    words = {"add": ["x.bib"], "code": ["x"], "init": ["x"]}.get(command, [])
    done = line(command, *words, "--endpoint", "http://127.0.0.1:1/query")
    assert done.code == 2
    assert is_one_plain_sentence(done.err)
    assert f"{command} works on files, not on an endpoint" in done.err


def test_push_needs_to_know_where_to(line: Line) -> None:
    done = line("push")
    assert (done.code, is_one_plain_sentence(done.err)) == (2, True)


@pytest.mark.parametrize("command", ["evidence", "stats", "map", "push", "sparql"])
def test_a_server_that_fails_ends_in_one_sentence(command: str, line: Line) -> None:
    with serving(Reply(500, b"boom", "text/plain")) as stub:
        secret = stub.root.replace("http://", "http://dba:s3cret@")
        words = ["-e", "ASK {}"] if command == "sparql" else []
        done = line(command, *words, "--endpoint", f"{secret}/query")
    assert done.code == 1
    assert is_one_plain_sentence(done.err)
    assert "failed (500: boom)" in done.err
    assert "s3cret" not in done.err


def test_a_user_query_to_a_server_that_dies_ends_in_one_sentence(pushed: Fragile, line: Line) -> None:
    state = (
        b'{"head": {"vars": ["dataset", "version"]}, "results": {"bindings": [{"dataset": '
        b'{"type": "uri", "value": "urn:x"}, "version": {"type": "literal", "value": "0123456789ab"}}]}}'
    )
    with serving(Reply(body=state), Reply(cut=30)) as stub:
        done = line("sparql", "-e", "SELECT * { ?s ?p ?o }", "--endpoint", stub.root)
    assert done.code == 1
    assert is_one_plain_sentence(done.err)
    assert "ended the connection in the middle of its answer" in done.err


def test_the_guard_stands_before_every_endpoint(pushed: Fragile, line: Line) -> None:
    for query in ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "DROP ALL"):
        done = line("sparql", "-e", query, "--endpoint", pushed.url)
        assert done.code == 2
        assert "refused" in done.err
    assert pushed.updates() == 0


def test_a_mistake_in_a_query_is_shown_as_at_home(pushed: Fragile, line: Line) -> None:
    query = "SELECT (?x AS ?x) { ?x ?y ?z }"
    assert line("sparql", "-e", query, "--endpoint", pushed.url) == line("sparql", "-e", query)


def test_an_empty_store_says_how_to_fill_it(server: Fragile, line: Line) -> None:
    server.update("DROP ALL")
    done = line("evidence", "--endpoint", server.url)
    assert done.code == 1
    assert f"holds no studies. Fill it with: mipex-kb push {server.url}" in done.err


def test_a_store_that_was_filled_by_other_means_is_read_without_a_version(
    server: Fragile, line: Line, toy_reader: Reader
) -> None:
    server.update("DROP ALL")
    triples = "".join(f"{triple} .\n" for triple in toy_reader.triples())
    server.update(f"INSERT DATA {{\n{triples}}}")
    words = ["evidence", "--measure", "all", "--format", "csv"]
    assert line(*words, "--endpoint", server.url).out == line(*words).out
    with RemoteReader(Address(server.url)) as reader:
        assert reader.version() == UNKNOWN
        assert not reader.folder.exists()


def test_a_push_that_is_not_finished_is_told(pushed: Fragile, line: Line) -> None:
    pushed.update(f"DELETE WHERE {{ GRAPH <{MANIFEST}> {{ <{UNION}> <{VERSION}> ?v }} }}")
    done = line("stats", "--endpoint", pushed.url)
    assert done.code == 0
    assert "The last push to this endpoint was not finished" in done.err


def test_words_and_tables_are_kept_for_a_version_and_go_with_it(pushed: Fragile, toy: Collection) -> None:
    session = remote_session(pushed.url, toy)
    folder, version = session.reader.folder, session.version()
    session.close()
    assert cache_root() in folder.parents
    assert {path.name.partition(".")[0] for path in folder.iterdir()} == {"words", "tables"}
    with RemoteReader(Address(pushed.url)) as reader:
        before = list(reader.vocabulary())
    pushed.update(
        f"DELETE WHERE {{ GRAPH <{MANIFEST}> {{ <{UNION}> <{VERSION}> ?v }} }} ; INSERT DATA {{ GRAPH <{MANIFEST}> "
        f'{{ <{UNION}> <{VERSION}> "ffffffffffff" }} }}'
    )
    with RemoteReader(Address(pushed.url)) as reader:
        assert reader.version() == "ffffffffffff" != version
        assert list(reader.vocabulary()) == before
        assert not folder.exists()


def test_records_beside_files_are_used_only_where_the_studies_are_the_same(
    pushed: Fragile, toy: Collection, whole: Collection
) -> None:
    same, other = remote_session(pushed.url, toy), remote_session(pushed.url, whole)
    assert (same.collection, other.collection) == (toy, None)
    same.close()
    other.close()
