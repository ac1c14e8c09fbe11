"""The networks, made with networkx from studies and findings; the same input gives the same network.

Only measures that need no numpy are used. Nodes are added in sorted order and communities are seeded, because both
change what Louvain finds.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from kb.errors import UsageError
from kb.network.people import merged_names
from kb.network.views import CONCEPTS, KINDS, Network, Node, Tie

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import networkx as nx

    from kb.evidence import Row
    from kb.evidence_bases import EvidenceBases, Shared
    from kb.tables import StudyRow
    from kb.vocabulary import Vocabulary


SEED = 1
#: More ties than this are refused: nobody can read them, and measuring them takes minutes.
MOST_TIES = 100_000
_STEPS = 3_000_000  # nodes times ties up to which betweenness is exact


def build_network(
    kind: str,
    studies: Sequence[StudyRow],
    findings: Iterable[Row],
    vocabulary: Vocabulary,
    bases: EvidenceBases,
) -> Network:
    """Return a network of the studies, one of ``KINDS``.

    Findings of other studies do not matter; ``bases`` may know more studies than these.

    Raises:
        UsageError: there is no such network, or it has too many ties.
    """
    if kind not in KINDS:
        raise UsageError(f"There is no network {kind!r}. There are: {', '.join(KINDS)}.")
    keys = {study.study for study in studies}
    chosen = [row for row in findings if row.study in keys]
    if kind == "authors":
        return _authors(studies)
    if kind in CONCEPTS:
        return _concepts(kind, chosen, vocabulary)
    names = {study.study: study_label(study) for study in studies}
    return _data(names, bases, vocabulary) if kind == "data" else _questions(names, chosen)


def study_label(study: StudyRow) -> str:
    """Return a study in short, as in "Röder and Mühlau 2012: Trust in ..."."""
    families = [name.partition(",")[0].strip() for name in study.authors.split(";") if name.strip()]
    who = f"{families[0]} et al." if len(families) > 2 else " and ".join(families)
    return f"{f'{who} {study.year}'.strip() if who else study.study}: {study.title}"


def _data(names: dict[str, str], bases: EvidenceBases, vocabulary: Vocabulary) -> Network:
    graph = _graph(names)
    for number, (one, other) in enumerate(bases.pairs(names), 1):
        _check_size(number)
        shared = bases.shared(one, other)
        graph.add_edge(one, other, weight=len(shared), why=tuple(_shared_text(part, vocabulary) for part in shared))
    return _measured("data", graph, names, "study", lambda key: (key,))


def _shared_text(shared: Shared, vocabulary: Vocabulary) -> str:
    concept = vocabulary.get("data", shared.source)
    name = concept.label if concept else shared.source
    rounds = shared.rounds or "rounds not named by both"
    return f"{name} ({rounds}{f'; {shared.countries}' if shared.countries else ''})"


def _authors(studies: Sequence[StudyRow]) -> Network:
    from networkx.algorithms import bipartite

    written = {study.study: [name.strip() for name in study.authors.split(";") if name.strip()] for study in studies}
    persons = merged_names(name for names in written.values() for name in names)
    works: dict[str, set[str]] = defaultdict(set)
    for study, names in sorted(written.items()):
        for name in names:
            works[persons[name]].add(study)
    graph = _graph([*sorted(works), *(_apart(study) for study in written)])
    graph.add_edges_from((person, _apart(study)) for person in sorted(works) for study in sorted(works[person]))
    together: nx.Graph = bipartite.collaboration_weighted_projected_graph(graph, sorted(works))
    for one, other, tie in together.edges(data=True):
        tie["why"] = tuple(sorted(works[one] & works[other]))
    _check_size(together.number_of_edges())
    labels = {person: person for person in works}
    return _measured("authors", together, labels, "author", lambda key: tuple(sorted(works[key])))


def _concepts(kind: str, findings: Iterable[Row], vocabulary: Vocabulary) -> Network:
    """Return the policies and outcomes of findings, or the projection of this network onto one of the two."""
    pairs: dict[tuple[str, str], set[str]] = defaultdict(set)
    studies: dict[str, set[str]] = defaultdict(set)
    names: dict[str, str] = {}
    for row in findings:
        policy, outcome = f"policy:{row.policy}", f"outcome:{row.outcome}"
        pairs[policy, outcome].add(row.study)
        for key, scheme, notation in ((policy, "policy", row.policy), (outcome, "outcome", row.outcome)):
            studies[key].add(row.study)
            concept = vocabulary.get(scheme, notation)
            names[key] = concept.label if concept else notation
    graph = _graph(names)
    for (policy, outcome), behind in sorted(pairs.items()):
        graph.add_edge(policy, outcome, weight=len(behind), why=tuple(sorted(behind)))
    if kind != "topics":
        side = "policy:" if kind == "policies" else "outcome:"
        graph = _projected(graph, [key for key in sorted(names) if key.startswith(side)], names)
    return _measured(kind, graph, names, "", lambda key: tuple(sorted(studies[key])))


def _projected(graph: nx.Graph, side: list[str], names: dict[str, str]) -> nx.Graph:
    """Return the nodes of one side, tied where they have neighbours in common; these are named."""
    from networkx.algorithms import bipartite

    together: nx.Graph = bipartite.collaboration_weighted_projected_graph(graph, side)
    for one, other, tie in together.edges(data=True):
        tie["why"] = tuple(sorted(names[key] for key in graph.adj[one].keys() & graph.adj[other].keys()))
    _check_size(together.number_of_edges())
    return together


def _questions(names: dict[str, str], findings: Iterable[Row]) -> Network:
    from networkx.algorithms import bipartite

    asked: dict[str, set[str]] = defaultdict(set)
    for row in findings:
        asked[row.study].add(f"{row.policy_label} → {row.outcome_label}")
    if not asked:
        return Network("questions", [], [])
    graph = _graph([*sorted(asked), *(_apart(pair) for pair in sorted(set().union(*asked.values())))])
    graph.add_edges_from((study, _apart(pair)) for study in sorted(asked) for pair in sorted(asked[study]))
    together: nx.Graph = bipartite.weighted_projected_graph(graph, sorted(asked))
    _check_size(together.number_of_edges())
    for one, other, tie in together.edges(data=True):
        tie["why"] = tuple(sorted(asked[one] & asked[other]))
    return _measured("questions", together, names, "study", lambda key: (key,))


def _apart(key: str) -> str:
    """Return the name of a node of the other side, which no person or study can have."""
    return f"\0{key}"


def _graph(nodes: Iterable[str]) -> nx.Graph:
    import networkx as nx

    graph: nx.Graph = nx.Graph()
    graph.add_nodes_from(sorted(nodes))
    return graph


def _check_size(ties: int) -> None:
    if ties > MOST_TIES:
        raise UsageError(
            f"This network has more than {MOST_TIES:,} ties. Choose a policy or a circle to narrow it down."
        )


def _measured(
    kind: str, graph: nx.Graph, names: dict[str, str], node_kind: str, behind: Callable[[str], tuple[str, ...]]
) -> Network:
    """Return a graph as a network, with the measures of its nodes."""
    import networkx as nx

    plain: nx.Graph = nx.Graph()
    plain.add_nodes_from(sorted(graph))
    edges = sorted(((min(a, b), max(a, b), tie) for a, b, tie in graph.edges(data=True)), key=lambda edge: edge[:2])
    plain.add_weighted_edges_from((one, other, float(tie["weight"])) for one, other, tie in edges)
    ties = [Tie(one, other, round(float(tie["weight"]), 4), tie["why"]) for one, other, tie in edges]
    sample = max(10, _STEPS // max(len(ties), 1))
    estimated = sample < len(plain)
    bridging: dict[str, float] = nx.betweenness_centrality(plain, k=sample if estimated else None, seed=SEED)
    clusters = _numbered(nx.community.louvain_communities(plain, weight="weight", seed=SEED))
    components = _numbered(nx.connected_components(plain))
    strengths: dict[str, Any] = dict(plain.degree(weight="weight"))
    nodes = [
        Node(
            key, names[key], node_kind or key.partition(":")[0], behind(key), plain.degree(key),
            round(float(strengths[key]), 4), round(bridging[key], 4), clusters.get(key, 0), components.get(key, 0),
        )
        for key in plain
    ]  # fmt: skip
    return Network(kind, nodes, ties, estimated=estimated)


def _numbered(groups: Iterable[set[str]]) -> dict[str, int]:
    """Return the number of the group of each node, the largest group first; a node alone has none."""
    several = sorted((sorted(group) for group in groups if len(group) > 1), key=lambda group: (-len(group), group))
    return {key: number for number, group in enumerate(several, 1) for key in group}
