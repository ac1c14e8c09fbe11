"""The face to the RDF world: the graph of a collection as an rdflib Dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.namespaces import PREFIXES

if TYPE_CHECKING:
    from rdflib import Dataset

    from kb.collection import Collection
    from kb.store import Reader


def dataset(collection: Collection | None = None) -> Dataset:
    """Return the graph of a collection (the bundled one by default); its default graph is the union of all graphs."""
    from kb.build import ensure
    from kb.collection import bundled

    reader, _ = ensure(collection or bundled())
    with reader:
        return dataset_of(reader)


def dataset_of(reader: Reader) -> Dataset:
    """Return the graph of an opened collection."""
    from rdflib import Dataset

    found = Dataset(default_union=True)
    found.parse(data=reader.dump(), format="nquads")
    for prefix, iri in PREFIXES.items():
        found.bind(prefix, iri, replace=True)
    return found
