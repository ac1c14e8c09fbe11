"""Collections of any size with the shape of the bundled one: its files, again and again, under other keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.collection import bundled

if TYPE_CHECKING:
    from pathlib import Path


def write_collection(folder: Path, studies: int) -> None:
    """Write at least ``studies`` studies below ``folder/studies``; keys get a number, DOIs are left out of copies."""
    target = folder / "studies"
    target.mkdir(parents=True)
    texts = [(path.stem, path.read_text("utf-8")) for path in sorted(bundled().studies[0].glob("*.bib"))]
    for number in range(studies):
        key, text = texts[number % len(texts)]
        name = f"{key}x{number // len(texts)}"
        copy = re.sub(rf"\b{key}\b", name, text)
        copy = re.sub(r"(?m)^  (doi|includes|related) .*\n", "", copy)
        (target / f"{name}.bib").write_text(copy, "utf-8")
