"""MIPEX evidence knowledge base: findings on integration policies, from BibTeX to answers.

>>> import kb
>>> with kb.open() as collection:
...     rows = collection.findings(policy="political-participation", outcome="voting", measure="all")
...     frame = rows.to_frame()
>>> rows.columns[:3]
('finding', 'study', 'authors')

docs/python.md tells the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike

    from rdflib import Dataset

    from kb.face import OpenCollection

__all__ = ["__version__", "graph", "open"]
__version__ = "0.1.0"


def open(*studies: str | PathLike[str], ontology: str | PathLike[str] = "", endpoint: str = "") -> OpenCollection:
    """Open a collection, after building its store where that is missing or out of date.

    ``studies`` are folders of BibTeX files, ``bundled`` among them stands for the one that came with the program;
    without any, it is that one. ``ontology`` is a folder of schemes in place of the bundled one. With ``endpoint``, the
    address of a SPARQL server, the collection is the one behind it, and the folders only say where its files are.

    Raises:
        KnowledgeBaseError: it cannot be found, read or built; the message says what to do.
    """
    from kb.face import open_collection

    return open_collection(studies, ontology, endpoint)


def graph() -> Dataset:
    """Return the bundled collection as an rdflib Dataset whose default graph is the union of all named graphs."""
    from kb.rdf import dataset

    return dataset()
