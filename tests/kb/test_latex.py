"""LaTeX to Unicode: what is turned, and what is named because it could not be."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.latex import decode, unescape

latex_pieces = st.lists(
    st.sampled_from(
        ["\\", "{", "}", "$", "~", "%", "&", "#", "_", "^", '\\"', "\\'", "\\c", "\\emph", "\\begin{x}", "u", " "]
    )
)


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"M{\"u}ller", "Müller"),
        (r"M\"uller", "Müller"),
        (r"M\"{u}ller", "Müller"),
        (r"{\"O}zg{\"u}r", "Özgür"),
        (r"Fran\c{c}ois", "François"),
        (r"Fran{\c{c}}ois", "François"),
        (r"Fran{\c c}ois", "François"),
        (r"Mart{\'\i}n", "Martín"),
        (r"Mart{\'{\i}}n", "Martín"),
        (r"na\"{\i}ve", "naïve"),
        (r"Ju{\'a}rez", "Juárez"),
        (r"Dvo\v{r}\'ak", "Dvořák"),
        (r"Dvo\v r\'ak", "Dvořák"),
        (r"\v{S}im\r{u}nek", "Šimůnek"),
        (r"Erd\H{o}s", "Erdős"),
        (r"W\k{a}s", "Wąs"),
        (r"{\o}re {\O}st {\ss} {\ae}{\AE} {\oe} {\l}{\L} {\aa}{\AA}", "øre Øst ß æÆ œ łŁ åÅ"),
        (r"{\dh}{\th}{\dj}", "ðþđ"),
        (r"\`a la \^ile \~nandu {\=a} {\.z} {\u g} {\d s}", "à la île ñandu ā ż ğ ṣ"),
    ],
)
def test_accents_become_letters(latex: str, expected: str) -> None:
    assert decode(latex) == (expected, "")


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"Nguy{\~\^e}n", "Nguyễn"),
        (r"Nguy{\~{\^e}}n", "Nguyễn"),
        (r"Nguy{\~{\^{e}}}n", "Nguyễn"),
        (r"Nguy\~{\^e}n", "Nguyễn"),
        (r"{\'\^e}", "ế"),
        (r"{\'{\^E}}", "Ế"),
    ],
)
def test_stacked_accents_become_one_letter(latex: str, expected: str) -> None:
    text, left = decode(latex)
    assert (unicodedata.normalize("NFC", text), left) == (expected, "")


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"R\&D", "R&D"),
        (r"50\% of {\"u}", "50% of ü"),
        (r"\#1 \_x \$5", "#1 _x $5"),
        ("{UK} and {NATO}", "UK and NATO"),
        ("pages 10--20", "pages 10–20"),
        ("so---there", "so—there"),
        ("``quoted''", "“quoted”"),
        (r"``quoted'' {\"u}", "“quoted” ü"),
        ("a~b", "a b"),
        (r"\emph{study} \textit{of} \textbf{trust}", "study of trust"),
        (r"\ldots{} and \textquoteright", "… and ’"),
        ("O'Neil", "O'Neil"),
        ("A & B", "A & B"),
        (r"A & B {\"u}", "A & B ü"),
        (r"100% of M{\"u}ller, not 50%", "100% of Müller, not 50%"),
        (r"a_b #1 {\"u}", "a_b #1 ü"),
        ("100% plain [bold] <tag>", "100% plain [bold] <tag>"),
        (r"\textasciitilde{}name", "~name"),
    ],
)
def test_characters_ligatures_and_formatting_become_plain_text(latex: str, expected: str) -> None:
    assert decode(latex) == (expected, "")


@pytest.mark.parametrize(
    ("latex", "left"),
    [
        (r"\foo{bar}", r"\foo"),
        ("$x^2$", "$x^2$"),
        (r"an $\alpha$ of 5", "$"),
        (r"\cite{other}", "<cit.>"),
        (r"\unknownsymbol", r"\unknownsymbol"),
        (r"\begin{itemize}", r"\begin"),
    ],
)
def test_what_cannot_be_turned_is_named(latex: str, left: str) -> None:
    assert left in decode(latex)[1]


def test_each_leftover_is_named_once() -> None:
    assert decode(r"\foo{a} and \foo{b}")[1] == r"\foo"


def test_text_that_is_no_latex_stays_and_is_named() -> None:
    text, left = decode(r"\href{http://example.org}{here}")
    assert "here" in text
    assert left


@settings(max_examples=100, deadline=None)
@given(st.one_of(latex_pieces.map("".join), st.text()))
def test_nothing_makes_the_decoder_raise(value: str) -> None:
    text, left = decode(value)
    assert isinstance(text, str)
    assert isinstance(left, str)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_characters="\\{}$~`'-", codec="utf-8")))
def test_plain_text_stays_as_it_is(value: str) -> None:
    assert decode(value) == (value, "")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (r"10.1007/978-3\_4", "10.1007/978-3_4"),
        (r"https://example.org/a\_b?x=1\&y=2\#top\%20", "https://example.org/a_b?x=1&y=2#top%20"),
        ("{10.1000/x}", "10.1000/x"),
        ("https://example.org/~name", "https://example.org/~name"),
        ("  10.1000/x ", "10.1000/x"),
    ],
)
def test_addresses_and_identifiers_lose_only_their_escapes(value: str, expected: str) -> None:
    assert unescape(value) == expected
