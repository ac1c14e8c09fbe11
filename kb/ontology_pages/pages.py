"""All pages of an ontology, by file name; ``python -m kb.ontology_pages.pages`` writes those in docs/ontology."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kb.ontology_pages.index_page import index_page
from kb.ontology_pages.ontology import Ontology
from kb.ontology_pages.page import INDEX
from kb.ontology_pages.rules import rules
from kb.ontology_pages.rules_page import rules_page
from kb.ontology_pages.scheme_page import scheme_page
from kb.ontology_pages.term_page import term_page
from kb.ontology_pages.use import Use

if TYPE_CHECKING:
    from kb.collection import Collection
    from kb.store import Reader

_DOCS = Path(__file__).resolve().parents[2] / "docs" / "ontology"


def pages(collection: Collection, reader: Reader) -> dict[str, str]:
    """Return every page by the name of its file; ``reader`` holds the collection whose use of it is counted."""
    ontology = Ontology(collection)
    use = Use(reader, ontology)
    found = rules(ontology)
    return {
        INDEX: index_page(ontology, found),
        "evidence.html": term_page(ontology, use, found),
        "shapes.html": rules_page(found),
        **{f"{scheme}.html": scheme_page(scheme, ontology, use) for scheme in ontology.schemes},
    }


def main() -> int:
    """Write all pages of the bundled collection, and take away those of schemes that are no more."""
    from kb.build import ensure
    from kb.collection import bundled

    collection = bundled()
    reader, _ = ensure(collection)
    with reader:
        made = pages(collection, reader)
    _DOCS.mkdir(parents=True, exist_ok=True)
    for path in _DOCS.glob("*.html"):
        if path.name not in made:
            path.unlink()
    for name, text in made.items():
        (_DOCS / name).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
