"""The endpoint: the SPARQL 1.1 Protocol, pages and RDF of every thing, answered by worker processes."""
