"""Stores elsewhere: any SPARQL 1.1 endpoint as the place where a collection is read, and to which it is pushed."""
