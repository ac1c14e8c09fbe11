"""What is said of a collection as a whole wherever it is described: name, licence, version, and how it was read."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from kb import __version__
from kb.collection import bundled
from kb.errors import UsageError
from kb.namespaces import BASE
from kb.store import EmbeddedReader
from kb.text import clean_text

if TYPE_CHECKING:
    from kb.session import Session


class Facts(NamedTuple):
    """What is known of a collection; what is not is empty.

    ``version`` is that of the program and that of the data; ``date`` the last day on which something was coded or
    checked; ``levels`` counts findings by where they were read; ``checked`` counts those that somebody else checked;
    only the bundled collection has an ``address``.
    """

    title: str
    description: str
    creator: str
    licence: str
    licence_name: str
    keywords: tuple[str, ...]
    version: str
    date: str
    studies: int
    coded: int
    findings: int
    levels: dict[str, int]
    checked: int
    address: str

    @property
    def ours(self) -> bool:
        """Whether it is the bundled collection."""
        return bool(self.address)


def read_facts(session: Session, *, title: str = "", licence: str = "", creator: str = "") -> Facts:
    """Return what is known of an opened collection; what is given goes before what the program knows.

    The licence and the creator of the bundled collection are never said of another.

    Raises:
        UsageError: the licence is no address.
    """
    from datetime import UTC, datetime

    from kb.publishing.tables import read_codings

    try:
        licence = ox.NamedNode(licence).value if licence else ""
    except ValueError:
        raise UsageError(f"{licence!r} is no address of a licence. Write one that begins with https://.") from None
    known = tomllib.loads((Path(__file__).parent / "facts.toml").read_text("utf-8"))
    ours = isinstance(session.reader, EmbeddedReader) and session.collection == bundled()
    said = {"creator": "", "licence": "", "licence_name": "", "keywords": [], **known["own"]} if not ours else known
    codings = read_codings(session).values()
    days = [day for coding in codings for day in (coding.coded, coding.verified) if day]
    found = session.findings()
    own_licence = licence and licence != said["licence"]
    return Facts(
        title=clean_text(title) or said["title"],
        description=said["description"],
        creator=clean_text(creator) or said["creator"],
        licence=licence or said["licence"],
        licence_name="" if own_licence else said["licence_name"],
        keywords=tuple(said["keywords"]),
        version=f"{__version__}+{session.version()}",
        date=max(days, default="") or datetime.now(UTC).date().isoformat(),
        studies=len(session.studies()),
        coded=len({row.study for row in found}),
        findings=len(found),
        levels=dict(sorted(Counter(row.source_level for row in found).items())),
        checked=sum(bool(coding.verified) for coding in codings),
        address=f"{BASE}dataset" if ours else "",
    )


def project_text(name: str) -> str:
    """Return a licence of the project, from beside the program or from what was installed with it; empty where gone."""
    from importlib.metadata import PackageNotFoundError, distribution

    beside = Path(__file__).resolve().parents[2] / name
    if beside.is_file() and (beside.parent / "pyproject.toml").is_file():
        return beside.read_text("utf-8")
    try:
        return distribution("mipex-kb").read_text(f"licenses/{name}") or ""
    except PackageNotFoundError:
        return ""
