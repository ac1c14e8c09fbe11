"""The collection as others take it: graph files, tables, nanopublications, and a package of all of them."""
