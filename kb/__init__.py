"""MIPEX evidence knowledge base: findings on integration policies, from BibTeX to answers.

>>> import kb
>>> kb.graph()          # the whole collection as an rdflib Dataset  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdflib import Dataset

__version__ = "0.1.0"


def graph() -> Dataset:
    """Return the bundled collection as an rdflib Dataset whose default graph is the union of all named graphs."""
    from kb.rdf import dataset

    return dataset()
