"""Addresses of endpoints as users write them; secrets go where they belong."""

from __future__ import annotations

import pytest

from kb.errors import UsageError
from kb.remote.address import Address, read_address, update_url


def test_name_and_password_leave_the_address() -> None:
    found = read_address("https://dba:s%40cret@kb.example.org:8890/sparql?key=k3y#x")
    assert found.url == "https://kb.example.org:8890/sparql?key=k3y"
    assert (found.user, found.password) == ("dba", "s@cret")
    assert found.shown == "https://kb.example.org:8890/sparql"
    assert "cret" not in repr(found) + str(found)
    assert "k3y" not in repr(found)


def test_name_password_and_token_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("USER", "PASSWORD", "TOKEN"):
        monkeypatch.setenv(f"MIPEX_KB_ENDPOINT_{name}", name.lower())
    assert read_address("http://127.0.0.1/q")[1:] == ("user", "password", "token")
    assert read_address("http://other:one@127.0.0.1/q")[1:3] == ("other", "one")


@pytest.mark.parametrize(
    "text",
    ["", "kb", "ftp://x/y", "file:///etc/passwd", "http://", "http://[::1", "http://x:99999999/", "http://a b/c"],
)
def test_what_is_no_address_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(UsageError, match=r"^This is no address of an endpoint\. Write one such as"):
        read_address(text)


@pytest.mark.parametrize(
    ("url", "server", "found"),
    [
        ("http://h:7878/query", "", "http://h:7878/update"),
        ("http://h:3030/kb/query", "", "http://h:3030/kb/update"),
        ("http://h:8890/sparql", "Virtuoso/07.20", "http://h:8890/sparql-auth"),
        ("http://h:8890/sparql-auth", "Virtuoso/07.20", "http://h:8890/sparql-auth"),
        ("http://h:8182/sparql", "", "http://h:8182/sparql"),
        ("http://h:7200/repositories/kb", "", "http://h:7200/repositories/kb/statements"),
        ("http://h:7001/?access-token=x", "", "http://h:7001/?access-token=x"),
    ],
)
def test_where_updates_go_is_guessed(url: str, server: str, found: str) -> None:
    assert update_url(url, server) == found


def test_another_address_keeps_what_lets_one_in() -> None:
    assert Address("http://a/", "u", "p", "t").at("http://b/") == Address("http://b/", "u", "p", "t")
