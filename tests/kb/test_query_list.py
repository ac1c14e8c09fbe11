"""The list of all queries: saved, named, asked before; searched by any of their words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from kb.named_queries import names
from kb.query_list import all_queries
from kb.saved_queries import remember, save_query

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIPEX_KB_HOME", str(tmp_path / "home"))


def test_saved_queries_come_first_and_the_history_last() -> None:
    remember("ASK { ?s ?p\n ?o }", 1, 0.25, datetime(2026, 11, 28, 12, 0, tzinfo=UTC))
    save_query("Mine", "ASK {}", "My own.")
    found = all_queries()
    assert found[0][:4] == ("saved", "Mine", "My own.", "ASK {}\n")
    assert found[-1][:4] == ("history", "ASK { ?s ?p ?o }", "2026-11-28 12:00:00: 1 row in 0.2 s", "ASK { ?s ?p\n ?o }")
    named = [listed for listed in found if listed.origin == "named"]
    assert sorted(listed.query.name for listed in named if listed.query) == names()
    assert [listed.title for listed in named] == sorted(listed.title for listed in named)
    assert not any(listed.text.startswith("PREFIX") for listed in found)


def test_all_words_of_a_search_have_to_stand_in_it() -> None:
    found = [listed.query.name for listed in all_queries() if listed.fits("named SHARE data pairs") and listed.query]
    assert found == ["shared-data"]
    assert not [listed for listed in all_queries() if listed.fits("shared nothing")]
