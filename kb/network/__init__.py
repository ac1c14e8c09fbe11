"""Networks of the collection: who shares data, writes together, and works on the same topics.

``views`` holds the plain types; ``build`` makes a network with networkx; ``layout`` gives its nodes places; ``files``
writes it. The graphs, the measures and what they may not be read as stand in docs/networks.md.
"""
