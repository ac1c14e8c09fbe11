"""Texts made to take long: each is planned in a time that its length explains, so that the run comes to its end.

With a search that goes over the same letters again and again, each of these takes hours.
"""

from __future__ import annotations

import pytest

from kb.intake.incoming import read_incoming
from tests.kb.intake.files import plan_of

MANY = 30_000
TEXTS = {
    "spaces in a value before a private field": "@a{k, title = {x" + " " * MANY + "}, file = {y}, year = 2001}",
    "spaces before a private field": "@a{k, title = {x}," + " " * MANY + "file = {y}}",
    "spaces where a key should be": "@a{" + " " * MANY,
    "spaces in a key": "@a{k" + " " * MANY + "x, title = {y}}",
    "empty lines": "@a{" + "\n" * MANY + "title = {x}" + "\n" * MANY,
    "types without end": "@article{" * MANY,
    "openings without end": "@a{k, x = " + "{" * MANY,
    "groups in groups": "@a{k, x = " + "{" * MANY + "}" * MANY + "}",
    "comments without end": "@comment{" * MANY,
    "quotations without end": '@a{k, x = "{' * MANY,
    "percent signs": "@a{k," + "%\n" * MANY + " x = {y}}",
    "words without an equals sign": "@a{k, " + "w " * MANY + "}",
    "pieces of a value": "@a{k, x = " + "{a} # " * MANY + "{b}}",
    "accents": "@a{k, title = {" + "\\'  " * MANY + "}}",
    "spaces in a name": "@a{k, author = {A" + " " * MANY + "x}, title = {t}}",
    "letters for pages": "@a{k, doi = {10.1234/x}, pages = {" + "a" * MANY + "}}" * 2,
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_made_to_take_long_is_planned(name: str) -> None:
    for row in plan_of(TEXTS[name]).rows:
        assert row.text or row.problems or row.status == "same"


def test_abbreviations_that_multiply_are_not_followed_without_end() -> None:
    definitions = "@string{a0 = {xx}}\n" + "".join(f"@string{{a{n + 1} = a{n} # a{n}}}\n" for n in range(60))
    text = definitions + "@article{k, author = {A}, title = {T}, year = 2001, journal = a60, note = a3}"
    item = read_incoming(text).entries[0]
    assert item.fields["note"] == "x" * 16
    assert len(item.fields["journal"]) < 100_000
    (row,) = plan_of(text).rows
    assert len(row.text) < 100_000
