"""Fixtures: sessions of the bundled and of the toy collection, and the briefings on all policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.briefing.make import brief
from kb.session import Session, make_session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.briefing.model import Document
    from kb.collection import Collection


@pytest.fixture(scope="package")
def real(whole_session: Session) -> Session:
    """Return the session of the bundled collection."""
    return whole_session


@pytest.fixture(scope="package")
def made_up(toy: Collection) -> Iterator[Session]:
    """Return the session of the toy collection."""
    found = make_session(toy)
    yield found
    found.close()


@pytest.fixture(scope="package")
def briefings(real: Session) -> dict[str, Document]:
    """Return the briefings on all policies that have nothing above them, and on one part of one."""
    policies = [concept.notation for concept in real.vocabulary().tops("policy")]
    cited = ("access-to-nationality", "anti-discrimination", "overall")
    return {
        policy: brief(real, policy, "apa" if policy in cited else "plain") for policy in [*policies, "dual-nationality"]
    }
