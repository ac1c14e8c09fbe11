"""Tests of the collection and the ontology."""
