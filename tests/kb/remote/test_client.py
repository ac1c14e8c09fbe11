"""What goes wrong on the way to an endpoint ends in one sentence, and secrets stay where they are."""

from __future__ import annotations

import base64
import time

import pytest

from kb.errors import EndpointError, UsageError
from kb.remote.address import Address
from kb.remote.client import Client
from kb.remote.endpoint import Endpoint
from kb.remote.graphs import State
from tests.kb.remote.stub import JSON, ONE_ROW, Asked, Reply, Stub, serving
from tests.servers import free_port

QUERY = "SELECT ?x { ?s ?p ?x }"
PLAIN = State(pushed=False, version="")


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waited: list[float] = []
    monkeypatch.setattr("kb.remote.client.time.sleep", waited.append)
    return waited


def ask(address: Address) -> list[tuple[object, ...]]:
    with Endpoint(address, PLAIN) as endpoint:
        return list(endpoint.solutions(QUERY).rows)


def complaint(address: Address) -> str:
    with pytest.raises(EndpointError) as caught:
        ask(address)
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith((".", "/query", "http:"))
    return message


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(400, b"error at 1:16: expected DISTINCT", "text/plain"), "does not understand the request: error at 1"),
        (Reply(401, b"", "text/html"), "does not let you in (401)"),
        (Reply(403, b"", "text/html"), "does not let you in (403)"),
        (Reply(500, b"Virtuoso 42000 Error SR186:SECURITY: No permission", "text/plain"), "does not let you in"),
        (Reply(404, b"<html>", "text/html"), "is no SPARQL service (404)"),
        (Reply(406, b"", "text/html"), "speaks none of the formats"),
        (Reply(301, b"", "text/html", (("Location", "http://127.0.0.1:9/x"),)), "refers to another address"),
        (Reply(413, b"", "text/plain"), "no request of this size"),
        (Reply(500, b"<html><b>\x1b[31mboom</b>", "text/html"), "failed (500). Look at its log."),
        (Reply(500, b"\x1b[31mboom\nmore", "text/plain"), "failed (500: "),
        (Reply(503, b"", "text/plain"), "too busy or under maintenance (503)"),
        (Reply(200, b"<html>Welcome</html>", "text/html; charset=utf-8"), "answers with a web page"),
        (Reply(200, b"PK", "application/zip"), "answers in application/zip"),
        (Reply(200, b"", ""), "answers in no named format"),
        (Reply(200, b"not JSON"), "ends in its middle"),
        (Reply(200, b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x"'), "ends in its middle"),
        (Reply(200, b"<sparql", "application/sparql-results+xml"), "ends in its middle"),
        (Reply(200, b'{"head": {}, "boolean": true}'), "answers yes or no where rows were asked for"),
        (Reply(cut=20), "ended the connection in the middle of its answer"),
        (None, "ended the connection in the middle of its answer"),
        (Reply(headers=(("X-SQL-State", "S1TAT"),)), "only a part of the answer within its own time limit"),
        (Reply(headers=(("X-SPARQL-MaxRows", "1"),), body=b""), "ends in its middle"),
    ],
)  # fmt: skip
def test_each_misbehaviour_is_one_sentence(reply: Reply | None, said: str) -> None:
    with serving(reply) as stub:
        message = complaint(Address(f"{stub.root}/sparql"))
    assert said in message
    assert "\x1b" not in message


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"head": {}, "boolean": true}', True),
        (b'{"head": {}, "boolean": false}', False),
        (ONE_ROW.replace(b'"x"', b'"__ASK_RETVAL"'), True),
        (b'{"head": {"vars": ["__ASK_RETVAL"]}, "results": {"bindings": []}}', False),
    ],
)
def test_yes_and_no_are_understood_as_virtuoso_says_them_too(body: bytes, expected: bool) -> None:
    with serving(Reply(body=body)) as stub, Endpoint(Address(stub.root), PLAIN) as endpoint:
        assert endpoint.truth("ASK { ?s ?p ?o }") is expected


def test_a_server_that_is_not_there() -> None:
    message = complaint(Address(f"http://127.0.0.1:{free_port()}/sparql"))
    assert "cannot be reached" in message
    assert "Start the server, or correct --endpoint." in message


def test_a_plain_server_asked_for_a_secure_connection() -> None:
    with serving(Reply()) as stub:
        assert "offers no secure connection" in complaint(Address(stub.root.replace("http:", "https:")))


def test_a_slow_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("MIPEX_KB_ENDPOINT_TIMEOUT", "0.2")

    def slow(asked: Asked) -> Reply:
        time.sleep(0.6)
        return Reply()

    with Stub(slow).running() as stub:
        assert "gave no whole answer within 0.2 seconds" in complaint(Address(stub.root))


@pytest.mark.parametrize("text", ["0", "-1", "soon", "99999999"])
def test_a_time_limit_that_is_none(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIPEX_KB_ENDPOINT_TIMEOUT", text)
    with pytest.raises(UsageError, match="MIPEX_KB_ENDPOINT_TIMEOUT is"):
        Client(Address("http://127.0.0.1:9"))


def test_a_busy_server_is_asked_again_when_it_says_so(no_waiting: list[float]) -> None:
    with serving(Reply(503, headers=(("Retry-After", "7"),)), Reply(429), Reply()) as stub:
        assert len(ask(Address(stub.root))) == 1
        assert len(stub.asked) == 3
    assert no_waiting == [7.0, 1.5]


def test_no_one_waits_for_hours(no_waiting: list[float]) -> None:
    with serving(Reply(503, headers=(("Retry-After", "9999"),)), Reply()) as stub:
        ask(Address(stub.root))
    assert no_waiting == [20.0]


def test_what_will_not_help_is_not_tried_again() -> None:
    with serving(Reply(500)) as stub:
        complaint(Address(stub.root))
        assert len(stub.asked) == 1


def guarded(scheme: str) -> Stub:
    def answer(asked: Asked) -> Reply:
        if asked.headers.get("authorization", "").startswith(scheme.split()[0]):
            return Reply()
        return Reply(401, b"", "text/html", (("WWW-Authenticate", scheme),))

    return Stub(answer)


@pytest.mark.parametrize("scheme", ['Basic realm="x"', 'Digest realm="SPARQL", nonce="1", qop="auth", algorithm=MD5'])
def test_name_and_password_are_given_as_the_server_asks(scheme: str) -> None:
    with guarded(scheme).running() as stub:
        address = Address(stub.root, "dba", "s3cret")
        with Endpoint(address, PLAIN) as endpoint:
            assert len(endpoint.solutions(QUERY).rows) == 1
            assert len(endpoint.solutions(QUERY).rows) == 1
        sent = [asked.headers.get("authorization", "") for asked in stub.asked]
    first, second = sent[-2:]
    assert sent[0] == ""
    assert first.startswith(scheme.split()[0])
    assert second.startswith(scheme.split()[0])
    if scheme.startswith("Basic"):
        assert base64.b64decode(first.split()[1]) == b"dba:s3cret"
    else:
        assert "s3cret" not in first + second


def test_a_wrong_password_is_one_sentence_without_it() -> None:
    with guarded("Bearer").running() as stub:
        assert "s3cret" not in complaint(Address(stub.root, "dba", "s3cret"))


def test_a_token_goes_with_every_request() -> None:
    with guarded("Bearer").running() as stub:
        ask(Address(stub.root, token="t0ken"))
        assert [asked.headers["authorization"] for asked in stub.asked] == ["Bearer t0ken"]


def test_a_query_goes_out_by_the_protocol() -> None:
    with serving(Reply()) as stub, Client(Address(f"{stub.root}/sparql?key=1")) as client:
        client.query(QUERY, JSON, [("default-graph-uri", "urn:a"), ("named-graph-uri", "urn:b")])
        client.update("DROP SILENT GRAPH <urn:ä>")
        query, update = stub.asked
    assert (query.path, query.headers["accept"]) == ("/sparql?key=1", JSON)
    assert query.headers["content-type"] == "application/x-www-form-urlencoded"
    assert [query.field(name) for name in ("query", "default-graph-uri", "named-graph-uri")] == [
        [QUERY], ["urn:a"], ["urn:b"],
    ]  # fmt: skip
    assert update.headers["content-type"] == "application/sparql-update"
    assert update.body.decode() == "DROP SILENT GRAPH <urn:ä>"
