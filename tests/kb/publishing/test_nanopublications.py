"""Nanopublications: valid by the library for them, nothing lost, and signed such that a change shows."""

from __future__ import annotations

import base64
import io
import socket
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
from Crypto.Hash import SHA256
from Crypto.PublicKey import RSA
from Crypto.Signature import pkcs1_15

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from nanopub.nanopub import Nanopub
    from nanopub.trustyuri.rdf.RdfHasher import normalize_quads
    from nanopub.trustyuri.rdf.RdfUtils import get_quads
    from nanopub.utils import MalformedNanopubError

from rdflib import ConjunctiveGraph, Literal

from kb.errors import UsageError
from kb.namespaces import BASE, finding_iri
from kb.publishing.graph_files import write_quads
from kb.publishing.nanopub_files import write_file
from kb.publishing.nanopub_signing import Signer, orcid_address
from kb.publishing.nanopublications import (
    NANOPUB_PREFIXES,
    Nanopublication,
    make_nanopublications,
    nanopub_address,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from kb.publishing.facts import Facts
    from kb.session import Session

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
GOLDEN = Path(__file__).parents[1] / "golden" / "nanopublication.trig"
ORCID = "0000-0002-1825-0097"  # of the fictitious Josiah Carberry, as ORCID's own documents use it


@pytest.fixture(scope="module")
def made(session: Session, facts: Facts) -> list[Nanopublication]:
    return list(make_nanopublications(session, facts._replace(version="0.1.0+toy")))


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "key.pem"
    path.write_bytes(RSA.generate(2048).export_key())
    return path


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every attempt to reach the network fail loudly."""

    def refuse(*_: object) -> None:
        raise AssertionError("This reached for the network.")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def read(plain: Nanopublication) -> Nanopub:
    out = io.BytesIO()
    write_quads(plain.quads, "trig", out, NANOPUB_PREFIXES)
    graph = ConjunctiveGraph()
    graph.parse(data=out.getvalue(), format="trig")
    return Nanopub(rdf=graph)


def test_one_gives_its_golden_file(made: list[Nanopublication]) -> None:
    out = io.BytesIO()
    write_file([one for one in made if one.key == "alpha2001trust-1"], "trig", out)
    assert out.getvalue() == GOLDEN.read_bytes(), "If this is meant, rewrite nanopublication.trig."


def test_there_is_one_for_each_finding(made: list[Nanopublication], session: Session) -> None:
    assert {one.key for one in made} == {row.finding for row in session.findings()}
    assert [one.address for one in made] == [f"{BASE}nanopub/{one.key}" for one in made]
    assert [one.key for one in made][:3] == ["alpha2001trust-1", "alpha2001trust-2", "alpha2001trust-3"]


def test_each_is_valid_by_the_library(made: list[Nanopublication]) -> None:
    for one in made:
        assert read(one).is_valid


def test_the_library_would_see_what_is_wrong(made: list[Nanopublication]) -> None:
    broken = made[0]._replace(quads=[quad for quad in made[0].quads if not str(quad.graph_name).endswith("/pubinfo>")])
    with pytest.raises(MalformedNanopubError):
        assert read(broken).is_valid


def test_no_statement_on_a_finding_or_its_estimate_is_lost(made: list[Nanopublication], session: Session) -> None:
    for one in made:
        node = ox.NamedNode(finding_iri(one.key))
        stated = {quad.triple for quad in session.reader.quads(node, ox.DefaultGraph())}
        estimates = [triple.object for triple in stated if triple.predicate.value.endswith("#estimate")]
        for estimate in estimates:
            assert isinstance(estimate, ox.NamedNode)
            stated |= {quad.triple for quad in session.reader.quads(estimate, ox.DefaultGraph())}
        told = {quad.triple for quad in one.quads if quad.subject in (node, *estimates)}
        assert told == stated


def properties(one: Nanopublication, part: str) -> set[str]:
    quads = (quad for quad in one.quads if str(quad.graph_name).endswith(f"/{part}>"))
    return {quad.predicate.value.rpartition("#")[2] for quad in quads}


def test_how_it_was_read_is_provenance_and_not_claimed(made: list[Nanopublication]) -> None:
    for one in made:
        assertion = properties(one, "assertion")
        assert {"policy", "outcome", "direction", "statement"} <= assertion
        assert {"coder", "codedOn", "sourceLevel", "locator", "wasDerivedFrom"} <= properties(one, "provenance")
        assert assertion & {"coder", "codedOn", "sourceLevel", "locator"} == set()


def test_without_a_licence_none_is_claimed(session: Session, facts: Facts) -> None:
    one = next(make_nanopublications(session, facts._replace(licence="", creator="")))
    names = {quad.predicate.value.rpartition("/")[2] for quad in one.quads}
    assert names & {"license", "publisher", "isPartOf"} == set()
    assert read(one).is_valid


def verify(found: Nanopub, key: Path) -> None:
    """Check the signature; the library's own check takes any for valid.

    Raises:
        ValueError: it is not that of the key, or not of this content.
    """
    listed: Callable[..., list[tuple[object, ...]]] = get_quads
    normalised: Callable[..., str] = normalize_quads
    quads = [quad for quad in listed(found.rdf) if not str(quad[2]).endswith("hasSignature")]
    text = normalised(quads, baseuri=str(found.metadata.namespace), hashstr=" ")
    signature = base64.b64decode(str(found.metadata.signature))
    pkcs1_15.new(RSA.import_key(key.read_bytes()).public_key()).verify(SHA256.new(text.encode()), signature)


def test_a_signed_one_is_valid_and_the_same_each_time(made: list[Nanopublication], key: Path) -> None:
    signed = Signer(key, ORCID).sign(made[0])
    assert signed == Signer(key, ORCID).sign(made[0])
    assert signed.address.startswith(f"{made[0].address}/RA")
    found = read(signed)
    assert found.is_valid
    assert found.has_valid_trusty
    verify(found, key)
    text = "\n".join(map(str, signed.quads))
    assert f"https://orcid.org/{ORCID}" in text
    graphs = list(dict.fromkeys(str(quad.graph_name).rstrip(">").rpartition("#")[2] for quad in signed.quads))
    assert graphs == ["Head", "assertion", "provenance", "pubinfo"]


def test_a_change_breaks_the_signature(made: list[Nanopublication], key: Path) -> None:
    found = read(Signer(key).sign(made[0]))
    (statement,) = (quad for quad in found.rdf.quads() if str(quad[1]).endswith("#statement"))
    found.rdf.remove(statement)
    found.rdf.add((statement[0], statement[1], Literal("Another statement."), statement[3]))
    with pytest.raises(MalformedNanopubError):
        assert found.has_valid_trusty
    with pytest.raises(ValueError, match="signature"):
        verify(found, key)


def test_a_key_with_the_letters_of_a_signed_address_is_signed_too(made: list[Nanopublication], key: Path) -> None:
    node, old = nanopub_address("GRAND2010x-1"), made[0].address

    def moved(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | ox.DefaultGraph) -> Any:  # noqa: ANN401
        return ox.NamedNode(term.value.replace(old, node)) if isinstance(term, ox.NamedNode) else term

    terms = ((quad.subject, quad.predicate, quad.object, quad.graph_name) for quad in made[0].quads)
    quads = [ox.Quad(*map(moved, quad)) for quad in terms]
    signed = Signer(key).sign(Nanopublication("GRAND2010x-1", node, quads))
    assert signed.address.startswith(f"{node}/RA")
    found = read(signed)
    assert found.is_valid
    assert found.has_valid_trusty
    verify(found, key)


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_what_is_no_key_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(UsageError, match="holds no private RSA key"):
        Signer(tmp_path / "key")


def test_a_public_key_and_a_locked_one_do_not_sign(key: Path, tmp_path: Path) -> None:
    private = RSA.import_key(key.read_bytes())
    (tmp_path / "public").write_bytes(private.public_key().export_key())
    (tmp_path / "locked").write_bytes(private.export_key(passphrase="secret"))
    for name in ("public", "locked"):
        with pytest.raises(UsageError, match="holds no private RSA key"):
            Signer(tmp_path / name)
    with pytest.raises(UsageError, match="cannot be read"):
        Signer(tmp_path / "nowhere")


@pytest.mark.parametrize("text", [ORCID, f"https://orcid.org/{ORCID}", "0000-0001-5109-3700", "0000-0002-1694-233X"])
def test_an_orcid_is_read(text: str) -> None:
    assert orcid_address(text) == f"https://orcid.org/{text.rpartition('/')[2]}"


@pytest.mark.parametrize("text", ["", "0000-0002-1825-0098", "0000000218250097", "c1", f"https://example.org/{ORCID}"])
def test_what_is_no_orcid_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no ORCID"):
        orcid_address(text)
