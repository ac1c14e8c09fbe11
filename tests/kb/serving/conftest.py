"""Fixtures of the endpoint: one real server of the toy collection for all its tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.kb.serving.running import Server, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.collection import Collection
    from kb.store import Reader


@pytest.fixture(scope="session")
def server(toy: Collection, toy_reader: Reader) -> Iterator[Server]:
    """Return a server of the toy collection with the limits that it has without options."""
    with running(toy) as found:
        yield found
