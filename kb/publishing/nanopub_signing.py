"""Nanopublications signed with a key of the user, by the nanopub library; nothing is sent anywhere."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kb.errors import ExportError, MissingExtraError, UsageError
from kb.publishing.graph_files import in_order
from kb.publishing.nanopublications import NPX, PARTS, Nanopublication

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nanopub.nanopub import Nanopub
    from rdflib import ConjunctiveGraph

_ORCID = re.compile(r"(?:https://orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])")


class Signer:
    """Signs nanopublications with one key; ``orcid`` says whose it is, where that is told."""

    def __init__(self, key: Path, orcid: str = "") -> None:
        """Read the key.

        Raises:
            MissingExtraError: the nanopub library is not installed.
            UsageError: the key cannot be read or is no private RSA key, or the ORCID is none.
        """
        try:
            from Crypto.PublicKey import RSA
            from nanopub.nanopub import Nanopub
            from nanopub.nanopub_conf import NanopubConf
            from nanopub.profile import Profile, format_key
        except ImportError:
            raise MissingExtraError(
                "Signing needs the library nanopub. Install it with: pip install 'mipex-kb[nanopub]'"
            ) from None
        self._orcid = orcid_address(orcid) if orcid else ""
        try:
            found = RSA.import_key(key.read_bytes())
        except OSError as error:
            raise UsageError(f"{key} cannot be read: {error.strerror}. Check the name of the file.") from None
        except (ValueError, IndexError, TypeError):
            found = None
        if found is None or not found.has_private():
            raise UsageError(
                f"{key} holds no private RSA key that can be read. Make one with: openssl genrsa -out key.pem 2048"
            )
        private = format_key(found.export_key("PEM", pkcs=8).decode())
        public = format_key(found.public_key().export_key().decode())
        conf = NanopubConf(profile=Profile(self._orcid, "", private, public))
        self._read: Callable[[ConjunctiveGraph], Nanopub] = lambda rdf: Nanopub(rdf=rdf, conf=conf)

    def sign(self, plain: Nanopublication) -> Nanopublication:
        """Return a nanopublication with its signature; its address ends in a code that any change would break.

        Raises:
            ExportError: the library does not accept it.
        """
        from rdflib import ConjunctiveGraph

        quads = list(plain.quads)
        if self._orcid:
            graph = ox.NamedNode(f"{plain.address}/pubinfo")
            signature = ox.NamedNode(f"{plain.address}/sig")
            quads.append(ox.Quad(signature, ox.NamedNode(NPX + "signedBy"), ox.NamedNode(self._orcid), graph))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            rdf = ConjunctiveGraph()
            rdf.parse(data="".join(f"{quad} .\n" for quad in quads), format="nquads")
            made = self._read(rdf)
            try:
                made.sign()
            except ValueError as error:
                raise ExportError(f"The nanopublication of {plain.key} cannot be signed: {error}.") from None
            text = made.rdf.serialize(format="nquads", encoding="utf-8")
        signed = in_order(ox.parse(text, ox.RdfFormat.N_QUADS))
        places = {name: number for number, name in enumerate(PARTS)}
        signed.sort(key=lambda quad: places[str(quad.graph_name).rstrip(">").rpartition("#")[2]])
        return Nanopublication(plain.key, str(made.source_uri), signed)


def orcid_address(text: str) -> str:
    """Return the address of an ORCID.

    Raises:
        UsageError: it is none: its form or its last digit, which checks the others, is wrong.
    """
    found = _ORCID.fullmatch(text.strip())
    if found is None or not _checks(found[1].replace("-", "")):
        raise UsageError(f"{text!r} is no ORCID. Write it as 0000-0002-1825-0097.")
    return f"https://orcid.org/{found[1]}"


def _checks(digits: str) -> bool:
    """Say whether the last digit of an ORCID is the one that ISO 7064 (MOD 11-2) asks for."""
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    rest = (12 - total % 11) % 11
    return digits[-1] == ("X" if rest == 10 else str(rest))
