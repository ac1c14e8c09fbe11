"""HTML that is safe by construction: every text becomes text, and only what was made here is an element."""

from __future__ import annotations

from html import escape


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def tag(name: str, *children: str, **attributes: str) -> Html:
    """Return an element. Children that are no ``Html`` are escaped; ``class_`` and ``aria_label`` name attributes.

    Attributes that are empty are left out.
    """
    given = {key.strip("_").replace("_", "-"): value for key, value in attributes.items() if value}
    written = "".join(f' {key}="{escape(value)}"' for key, value in given.items())
    return Html(f"<{name}{written}>{join(*children)}</{name}>")


def join(*children: str, by: str = "") -> Html:
    """Return children one after the other, with a text between them."""
    return Html(escape(by).join(child if isinstance(child, Html) else escape(child) for child in children))


def link(address: str, text: str) -> Html:
    """Return a link to a page, a place in one, or a web address; other addresses are shown and lead nowhere."""
    scheme, colon, _ = address.partition(":")
    if colon and "/" not in scheme and "#" not in scheme and scheme not in ("http", "https"):
        return tag("code", address)
    return tag("a", text, href=address, rel="noreferrer" if colon and scheme.startswith("http") else "")


def facts(pairs: list[tuple[str, str]]) -> Html:
    """Return a list of names with their values; a name without a value is left out."""
    rows = [join(tag("dt", name), tag("dd", value)) for name, value in pairs if value]
    return tag("dl", *rows) if rows else Html("")


def table(caption: str, heads: list[str], rows: list[list[str]], ids: list[str] | None = None) -> Html:
    """Return a table whose first column heads its rows; ``ids`` name the rows."""
    head = tag("thead", tag("tr", *(tag("th", text, scope="col") for text in heads)))
    body = [
        tag("tr", tag("th", row[0], scope="row"), *(tag("td", cell) for cell in row[1:]), id=name)
        for row, name in zip(rows, ids or [""] * len(rows), strict=True)
    ]
    made = tag("table", tag("caption", caption), head, tag("tbody", join(*body, by="\n")))
    return tag("div", made, class_="scroller", role="region", aria_label=caption, tabindex="0")
