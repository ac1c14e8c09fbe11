"""The face to Python: one opened collection, asked in the words of the command line, answers as plain Python values.

What an answer means, and what it may not be read as, is told in docs/python.md.
"""

from __future__ import annotations

import re
from collections import namedtuple
from typing import TYPE_CHECKING, Any, Self, TypedDict, Unpack

from kb.errors import QueryError
from kb.evidence import Question, Row, answer
from kb.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from os import PathLike

    import networkx as nx
    from rdflib import Dataset

    from kb.evidence_bases import EvidenceBases
    from kb.named_queries import NamedQuery
    from kb.session import Session
    from kb.synthesis.model import Synthesis
    from kb.tables import StudyRow
    from kb.vocabulary import Vocabulary

_NAME = re.compile(r"[a-z][a-z-]*\Z")


class OtherFilters(TypedDict, total=False):
    """How findings are chosen beside the policy: one name or several, of which any may fit, as users write them.

    ``measure`` holds circles (core, comparable, reform, status), ``all``, or measures such as ``mipex:2015``; without
    it, only the core circle is searched, in which MIPEX measures the policy. ``exact`` leaves out what lies below the
    policies and outcomes; ``search`` wants all its words, anywhere in finding or study.
    """

    outcome: str | Iterable[str]
    population: str | Iterable[str]
    direction: str | Iterable[str]
    appraisal: str | Iterable[str]
    role: str | Iterable[str]
    design: str | Iterable[str]
    measure: str | Iterable[str]
    source_level: str | Iterable[str]
    country: str | Iterable[str]
    data: str | Iterable[str]
    study: str | Iterable[str]
    finding: str | Iterable[str]
    since: str | int
    until: str | int
    search: str
    exact: bool


class Filters(OtherFilters, total=False):
    """How findings are chosen."""

    policy: str | Iterable[str]


def open_collection(
    studies: Iterable[str | PathLike[str]] = (), ontology: str | PathLike[str] = "", endpoint: str = ""
) -> OpenCollection:
    """Open the bundled collection, that of some folders, or that behind a SPARQL endpoint; see ``kb.open``.

    Raises:
        KnowledgeBaseError: it cannot be found, read or built.
    """
    from kb.collection import collection
    from kb.session import make_session, remote_session

    chosen = collection([str(folder) for folder in studies], str(ontology))
    return OpenCollection(remote_session(endpoint, chosen) if endpoint else make_session(chosen))


class OpenCollection:
    """One opened collection; it keeps what it read, whatever changes in the files. Close it, or use ``with``."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        findings, studies = len(self._session.findings()), len(self._session.studies())
        return f"<collection of {findings} findings of {studies} studies, version {self.version}>"

    def close(self) -> None:
        """Let the store go."""
        self._session.close()

    @property
    def version(self) -> str:
        """The version of the data: twelve letters that change with any file of the collection."""
        return self._session.version()

    @property
    def vocabulary(self) -> Vocabulary:
        """The concepts of all kinds, such as ``vocabulary.concepts("outcome")``."""
        return self._session.vocabulary()

    @property
    def bases(self) -> EvidenceBases:
        """Which studies share data: ``bases.members(keys)``, ``bases.unknown(keys)``, ``bases.shared(one, other)``."""
        return self._session.bases()

    def findings(self, **filters: Unpack[Filters]) -> Rows[Row]:
        """Return the findings that fit all filters; without any, those of the core circle.

        >>> import kb
        >>> with kb.open() as collection:
        ...     rows = collection.findings(policy="anti-discrimination", direction=["positive", "null"])
        >>> sorted({row.direction for row in rows})
        ['null', 'positive']

        Raises:
            UnknownConceptError: a name is in no scheme; the message suggests.
            UsageError: a year is none.
        """
        return Rows(Row._fields, answer(self._session.reader, _question(filters)).rows)

    def studies(self, **filters: Unpack[Filters]) -> Rows[StudyRow]:
        """Return the studies with findings that fit all filters; without any filter, all studies.

        >>> import kb
        >>> with kb.open() as collection:
        ...     print(collection.studies(study="migali2017determinants")[0].year)
        2017

        Raises:
            UnknownConceptError: a name is in no scheme; the message suggests.
            UsageError: a year is none.
        """
        from kb.tables import StudyRow

        found = self._session.studies()
        if filters:
            keys = {row.study for row in self.findings(**filters)}
            found = [study for study in found if study.study in keys]
        return Rows(StudyRow._fields, found)

    def query(self, query: str, *, timeout: float = 30.0, **values: str | int | Iterable[str]) -> Rows[Any]:
        """Return the solutions of a SPARQL query, or of a named query with its parameters, as named tuples of texts.

        Addresses and numbers are texts too; what is not bound is empty. An ASK gives one row, yes or no. The query
        cannot change anything, and is stopped after ``timeout`` seconds.

        >>> import kb
        >>> with kb.open() as collection:
        ...     rows = collection.query("counts", policy="health")
        ...     asked = collection.query("SELECT ?label { policy:health skos:prefLabel ?label }")
        >>> rows.columns
        ('policy', 'circle', 'findings', 'studies')
        >>> asked[0].label
        'Health'

        Raises:
            QueryError: there is no such named query or parameter, the query is malformed, or it gives a graph.
            QueryRefusedError: it would change the store or reach outside it.
            QueryTimeoutError: it ran too long.
        """
        from kb.sparql import read_table, run_query

        text = self._text(query, values)
        result = run_query(self._session.reader, text, timeout=timeout)
        if result.kind == "graph":
            raise QueryError("This query gives a graph and no rows. Ask it of the dataset that graph() returns.")
        table = read_table(result.content)
        solution = namedtuple("solution", table.header, rename=True)  # type: ignore[misc]
        return Rows(table.header, map(solution._make, table.rows))

    def _text(self, query: str, values: dict[str, Any]) -> str:
        from kb.named_queries import named_query

        if _NAME.match(query.strip()):
            return _filled(named_query(query.strip()), values, self.vocabulary)
        if values:
            raise QueryError("Only named queries have parameters. Write the values into the text of the query.")
        return query

    def graph(self) -> Dataset:
        """Return the whole graph as an rdflib dataset, whose default graph is the union of its named graphs."""
        from kb.rdf import dataset_of

        return dataset_of(self._session.reader)

    def network(self, kind: str = "data", *, policy: str | Iterable[str] = (), circle: str = "core") -> nx.Graph:
        """Return a network as a networkx graph: ``data``, ``authors``, ``topics`` and so on (docs/networks.md).

        Nodes have label, kind, studies and the measures of the network; edges a weight and what makes them (``why``).
        The graph itself says what it is: ``summary``, ``weight`` and the ``note`` that every ranking must carry.

        >>> import kb
        >>> with kb.open() as collection:
        ...     network = collection.network("data", policy="health")
        >>> sorted(network.graph)
        ['kind', 'note', 'summary', 'weight']

        Raises:
            UsageError: there is no such network or circle, or it has too many ties.
            UnknownConceptError: there is no such policy.
        """
        import networkx as nx

        from kb.network.build import build_network
        from kb.network.origin import studies_of
        from kb.network.views import WEIGHTS

        session = self._session
        rows = answer(session.reader, Question(policy=_names(policy), measure=(circle,))).rows
        keys = {row.study for row in rows}
        studies = session.studies()
        if policy:
            studies = [study for study in studies if study.study in keys]
        elif circle != "all":
            studies = studies_of(studies, rows, [circle])
        made = build_network(kind, studies, rows, self.vocabulary, session.bases())
        graph = nx.Graph(kind=kind, summary=made.summary(), note=made.note(), weight=WEIGHTS[kind])
        for node in made.nodes:
            graph.add_node(node.key, **{name: value for name, value in node._asdict().items() if name != "key"})
        graph.add_edges_from((tie.one, tie.other, {"weight": tie.weight, "why": tie.why}) for tie in made.ties)
        return graph

    def synthesis(self, policy: str, *, by: str = "appraisal", **filters: Unpack[OtherFilters]) -> list[Synthesis]:
        """Return what the findings on a policy add up to, one synthesis for each group of outcomes (docs/synthesis.md).

        >>> import kb
        >>> with kb.open() as collection:
        ...     found = collection.synthesis("access-to-nationality", outcome="naturalisation")
        >>> [synthesis.outcome_label for synthesis in found]
        ['Naturalisation']

        Raises:
            UnknownConceptError: a name is in no scheme; the message suggests.
            UsageError: ``by`` is nothing to count by, or a year is none.
            MissingExtraError: there are numbers to sum up, and the library for it is not installed.
        """
        from kb.synthesis.make import synthesise

        return synthesise(self._session, _question(filters)._replace(policy=(policy,)), by)

    def bibtex(self, keys: str | Iterable[str]) -> str:
        """Return studies as BibTeX, in the order of their keys; keys of findings stand for their studies.

        Raises:
            UnknownStudyError: a key is not in the collection; the message suggests near ones.
        """
        from kb.export import study_references

        return study_references("bibtex", self._session.documents(_names(keys)))


def _question(filters: Mapping[str, object]) -> Question:
    """Return the question that filters ask.

    Raises:
        TypeError: there is no such filter.
    """
    if unknown := sorted(set(filters) - set(Filters.__annotations__)):
        known = ", ".join(sorted(Filters.__annotations__))
        raise TypeError(f"There is no filter {unknown[0]!r}. There are: {known}.")
    values: dict[str, Any] = dict(filters)
    for name in values:
        if name in ("since", "until"):
            values[name] = str(values[name])
        elif name not in ("search", "exact"):
            values[name] = _names(values[name])
    return Question(**values)


def _names(value: str | int | Iterable[str]) -> tuple[str, ...]:
    return (str(value),) if isinstance(value, str | int) else tuple(map(str, value))


def _filled(query: NamedQuery, values: dict[str, Any], vocabulary: Vocabulary) -> str:
    """Return the SPARQL of a named query; concepts are named as users write them, ``_`` stands for ``-``."""
    given = {name.replace("_", "-"): list(_names(value)) for name, value in values.items()}
    kinds = {parameter.name: parameter.kind for parameter in query.parameters}
    for name, found in given.items():
        if kinds.get(name) in vocabulary.kinds():
            given[name] = [vocabulary.resolve(kinds[name], value).notation for value in found]
    return query.text(given)
