"""Text in Markdown: what is shown is what stands in the record, letter by letter."""

from __future__ import annotations

import pytest

from kb.markdown import escaped


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain: words, (and) 50%.", "plain: words, (and) 50%."),
        ("*a* _b_ `c`", "\\*a\\* \\_b\\_ \\`c\\`"),
        ("[x](javascript:y) <b> | # ~~z~~ {w}", "\\[x\\](javascript:y) \\<b\\> \\| \\# \\~\\~z\\~\\~ \\{w\\}"),
        ("back\\slash", "back\\\\slash"),
        ("Health & Place", "Health & Place"),
        ("&lt;script&gt; &#60;", "\\&lt;script\\&gt; &\\#60;"),
    ],
)
def test_every_sign_of_markup_has_a_backslash(text: str, shown: str) -> None:
    assert escaped(text) == shown
