"""Addresses of studies, and opening them in the browser of the desktop where there is one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import quote

from kb.text import clean_text

if TYPE_CHECKING:
    from collections.abc import Mapping

_DOI = re.compile(r"10\.\d{4,9}/\S+\Z")
_WEB = re.compile(r"https?://[^\s/$.?#][^\s]*\Z", re.IGNORECASE)


def doi_address(doi: str) -> str:
    """Return the address of a DOI, empty where it is none."""
    doi = clean_text(doi)
    return f"https://doi.org/{quote(doi, safe='/:;()')}" if _DOI.match(doi) else ""


def web_address(fields: Mapping[str, str]) -> str:
    """Return the address of a study without a DOI: its own, else of the page where its record was seen; or none."""
    for name in ("url", "bibsource"):
        for text in clean_text(fields.get(name, "")).split("; "):
            if _WEB.match(text) and not re.search(r"[\"'<>\\^`{|}]", text):
                return quote(text, safe=":/?#[]@!$&()*+,;=%~")
    return ""


def opener() -> list[str]:
    """Return the command that opens an address on this desktop; none where there is no desktop."""
    if sys.platform == "darwin":
        return ["open"]
    has_desktop = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    found = shutil.which("xdg-open") if has_desktop else None
    return [found] if found else []


def open_address(address: str) -> bool:
    """Open an address in the browser of the desktop, and say whether that could be tried."""
    command = opener()
    if not command or not _WEB.match(address):
        return False
    try:
        subprocess.Popen(
            [*command, address],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    except OSError:
        return False
    return True
