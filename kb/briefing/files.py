"""A briefing in the format asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.errors import UsageError

if TYPE_CHECKING:
    from kb.briefing.model import Document

FORMATS = ("md", "html", "docx")


def render(form: str, document: Document) -> str | bytes:
    """Return a briefing as md, html or docx.

    Raises:
        UsageError: there is no such format.
    """
    if form == "md":
        from kb.briefing.markdown_file import as_markdown

        return as_markdown(document)
    if form == "html":
        from kb.briefing.html_file import as_html

        return as_html(document)
    if form == "docx":
        from kb.briefing.word_file import as_docx

        return as_docx(document)
    raise UsageError(f"There is no format {form!r} of a briefing. Use one of: {', '.join(FORMATS)}.")
