"""The list of all queries: saved, named, asked before; searched by any of their words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from kb.named_queries import names
from kb.query_guard import check_query
from kb.query_list import all_queries, first_text, search_queries
from kb.saved_queries import remember, save_query

if TYPE_CHECKING:
    from pathlib import Path

    from kb.store import Reader


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
    found = [
        listed.query.name for listed in search_queries(all_queries(), "named SHARE data networks pairs") if listed.query
    ]
    assert found == ["shared-data"]
    assert search_queries(all_queries(), "shared nothing") == []


def test_a_word_of_the_title_counts_for_more() -> None:
    save_query("Zebra", "ASK {} # findings")
    found = [listed.title for listed in search_queries(all_queries(), "findin")]
    assert found[0] == "Findings"
    assert found.index("Opposed findings, pair by pair") < found.index("Zebra")
    assert search_queries(all_queries(), " ") == all_queries()


def test_the_first_text_is_a_query_that_runs(toy_reader: Reader) -> None:
    assert first_text().startswith("# Counts by policy")
    check_query(first_text())
    assert toy_reader.rows(first_text())
