"""Accept headers (RFC 9110, section 12.5.1): weights, how exact a range is, and what no header means."""

from __future__ import annotations

import pytest

from kb.serving.media_types import acceptable, with_charset
from kb.serving.negotiation import preferred

OFFERS = ["application/json", "application/xml", "text/csv", "text/turtle"]
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "application/json"),
        ("   ", "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        ("text/*", "text/csv"),
        ("text/turtle, text/csv", "text/csv"),
        ("text/csv;q=0.5, text/turtle", "text/turtle"),
        ("text/csv; q=0.5 , text/turtle;q=0.6", "text/turtle"),
        ("text/*;q=0.9, text/csv;q=0.1", "text/turtle"),
        ("*/*;q=0.1, application/xml", "application/xml"),
        ("*/*, application/json;q=0", "application/xml"),
        ("text/html", ""),
        ("text/html, */*;q=0", ""),
        ("application/json;q=0", ""),
        ("text/csv;charset=utf-8", "text/csv"),
        ("text/csv;header=present;q=0.2, text/turtle;q=0.3", "text/turtle"),
        ("text/csv;q=1.000, text/turtle", "text/csv"),
        (BROWSER, "application/xml"),
        ("nonsense", ""),
        ("nonsense, text/csv", "text/csv"),
        (",,text/csv,,", "text/csv"),
    ],
)
def test_the_type_liked_best_is_chosen(accept: str, chosen: str) -> None:
    assert preferred(accept, OFFERS) == chosen


def test_where_nothing_is_on_offer_nothing_is_chosen() -> None:
    assert preferred("*/*", []) == ""


@pytest.mark.parametrize(
    ("accept", "named", "types"),
    [
        ("", "", ("application/sparql-results+json", "text/turtle")),
        ("text/csv", "", ("text/csv", "")),
        ("application/ld+json", "", ("", "application/ld+json")),
        ("text/csv", "json", ("application/sparql-results+json", "application/ld+json")),
        ("text/html", "TSV", ("text/tab-separated-values", "")),
        ("text/csv", "unheard-of", ("text/csv", "")),
    ],
)
def test_rows_and_graphs_are_chosen_apart_and_a_named_format_goes_first(
    accept: str, named: str, types: tuple[str, str]
) -> None:
    assert acceptable(accept, named) == types


def test_text_says_that_it_is_utf_8() -> None:
    assert with_charset("text/turtle") == "text/turtle; charset=utf-8"
    assert with_charset("text/csv") == "text/csv; charset=utf-8; header=present"
    assert with_charset("application/ld+json") == "application/ld+json"
