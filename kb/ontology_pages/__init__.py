"""The ontology as pages to read: own terms, rules and schemes, each term at the anchor that ends its address.

``ontology`` reads the Turtle, ``rules`` its shapes, ``use`` counts in the collection; ``scheme_page``, ``term_page``,
``rules_page`` and ``index_page`` make one page each, ``pages`` all of them. Words and styles are files.
"""
