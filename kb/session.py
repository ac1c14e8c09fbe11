"""One opened collection, as a program uses it that stays open: findings and studies in memory, and the store behind."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from kb.evidence import query_text, status_text
from kb.facets import POLICY, Choice, question_of
from kb.finding_index import FindingIndex
from kb.stamps import is_fresh
from kb.store import open_store
from kb.tables import known_tables, make_tables
from kb.tally import tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kb.collection import Collection
    from kb.evidence import Row
    from kb.evidence_bases import EvidenceBases
    from kb.store import Reader
    from kb.studies import StudyDocument
    from kb.study_search import StudyIndex
    from kb.tables import StudyRow, Tables
    from kb.tally import Tally
    from kb.vocabulary import Vocabulary


def open_session(collection: Collection) -> Session | None:
    """Open a collection whose store and tables are up to date; none where they have to be made first.

    Raises:
        KnowledgeBaseError: the collection or its store cannot be read.
    """
    if not is_fresh(collection):
        return None
    reader = open_store(collection)
    tables = known_tables(reader.folder)
    if tables is None:
        reader.close()
        return None
    return Session(collection, reader, tables)


def make_session(collection: Collection, progress: Callable[[int, int, str], None] | None = None) -> Session:
    """Open a collection, after bringing its store and tables up to date.

    Raises:
        KnowledgeBaseError: the collection cannot be read, or the cache cannot be written.
    """
    from kb.build import ensure

    reader, _ = ensure(collection, progress)
    return Session(collection, reader, make_tables(reader))


def remote_session(address: str, collection: Collection) -> Session:
    """Open the collection behind an endpoint; where ``collection`` has files of the same studies, it is theirs.

    Raises:
        UsageError: this is no address.
        EndpointError: the endpoint cannot be asked, holds no studies, or gives no whole answer.
    """
    from kb.remote.address import read_address
    from kb.remote.reader import RemoteReader

    reader = RemoteReader(read_address(address))
    tables = make_tables(reader)
    same = {file.stem for file in collection.study_files()} == {study.study for study in tables.studies}
    return Session(collection if same else None, reader, tables)


class Session:
    """One opened collection. Findings are read once; choosing among them needs no query."""

    def __init__(self, collection: Collection | None, reader: Reader, tables: Tables) -> None:
        """``collection`` is where the files are, none where nobody knows."""
        self.collection = collection
        self._reader = reader
        self._tables = tables
        self._words = reader.vocabulary()
        self.index = FindingIndex(tables.findings, tables.studies, self._words)
        self._studies = {study.study: study for study in tables.studies}
        self._status = {study.study: study.measure_status for study in tables.studies if study.measure_status}
        self._by_study: dict[str, list[Row]] = {}
        self._bases: EvidenceBases | None = None

    @property
    def reader(self) -> Reader:
        """The store, for those who ask it questions of their own."""
        return self._reader

    def warm(self) -> None:
        """Prepare what would be waited for later; may run in another thread."""
        self.index.warm()
        self._reader.warm()

    def close(self) -> None:
        """Let the store go."""
        self._reader.close()

    def vocabulary(self) -> Vocabulary:
        """Return the concepts of all kinds."""
        return self._words

    def version(self) -> str:
        """Return the version of the data: twelve letters that change with any file of the collection."""
        return self._tables.version

    def label(self, kind: str, notation: str) -> str:
        """Return the name of a concept; the notation itself where there is none."""
        concept = self._words.get(kind, notation)
        return concept.label if concept else notation

    def findings(self) -> list[Row]:
        """Return all findings of all circles."""
        return self._tables.findings

    def studies(self) -> list[StudyRow]:
        """Return all studies by key, those without findings too."""
        return self._tables.studies

    def study(self, key: str) -> StudyRow | None:
        """Return a study, none where there is none of this key."""
        return self._studies.get(key)

    def findings_of(self, study: str) -> list[Row]:
        """Return the findings of a study by key."""
        if not self._by_study:
            found: dict[str, list[Row]] = defaultdict(list)
            for row in self._tables.findings:
                found[row.study].append(row)
            self._by_study = {
                key: sorted(rows, key=lambda row: (len(row.finding), row.finding)) for key, rows in found.items()
            }
        return self._by_study.get(study, [])

    def study_index(self) -> StudyIndex:
        """Return the index of the search over studies; it may have to be made first, in another thread."""
        from kb.search_file import study_index

        return study_index(self._reader.folder, self._tables, self._words)

    def uncoded(self) -> list[str]:
        """Return the keys of the studies without a finding."""
        coded = {row.study for row in self._tables.findings}
        return [study.study for study in self._tables.studies if study.study not in coded]

    def select(self, choice: Choice) -> list[Row]:
        """Return the chosen findings."""
        return self.index.select(choice)

    def documents(self, keys: Iterable[str]) -> list[StudyDocument]:
        """Return studies whole.

        Raises:
            UnknownStudyError: a key is not in the collection.
        """
        from kb.studies import more_of, study_documents

        documents = study_documents(self._reader, keys, findings=False)
        more = more_of(self._reader, [document.key for document in documents])
        return [
            document._replace(
                findings=(found := self.findings_of(document.key)),
                more={row.finding: more.get(row.finding, {}) for row in found},
            )
            for document in documents
        ]

    def study_document(self, key: str) -> StudyDocument:
        """Return one study whole.

        Raises:
            UnknownStudyError: the key is not in the collection.
        """
        return self.documents([key])[0]

    def query(self, choice: Choice) -> str:
        """Return the SPARQL that gives the chosen findings; what words found stands in it by key."""
        comment = ""
        if choice.search.strip():
            found = tuple(row.finding for row in self.select(choice))
            words = " ".join(choice.search.split())
            comment = f"# The findings in which these words stand: {words}\n"
            choice = choice._replace(search="", findings=found or ("none",))
        return comment + query_text(self._reader, question_of(choice))

    def studies_query(self, keys: Iterable[str]) -> str:
        """Return the SPARQL that gives studies by key; empty where there is none to give."""
        from kb.named_queries import named_query

        wanted = list(keys)
        return named_query("studies").text({"study": wanted}) if wanted else ""

    def bases(self) -> EvidenceBases:
        """Return which studies rest on the same data."""
        if self._bases is None:
            from kb.evidence_bases import EvidenceBases

            self._bases = EvidenceBases(self._tables.studies, self._words)
        return self._bases

    def summary(self, rows: list[Row], choice: Choice | None = None) -> str:
        """Return one line on findings: how many, of how many studies and evidence bases, directions, how read.

        With ``choice`` it ends with the circles and how many findings on the same policy are not among them.
        """
        parts = [self.tally(rows).wordings()[1]]
        if choice is not None:
            status = self.use_of_mipex(rows)
            parts.append(f"circle {choice.circle}" + (f" (MIPEX {status})" if status else ""))
            hidden = self.hidden(choice)
            parts += [f"{hidden} hidden"] if hidden else []
        return ", ".join(parts)

    def tally(self, rows: list[Row]) -> Tally:
        """Return what findings amount to."""
        return tally(rows, self.bases())

    def use_of_mipex(self, rows: list[Row]) -> str:
        """Return for how many core studies the use of MIPEX was seen and is believed; empty where none is core."""
        return status_text(rows, self._status)

    def hidden(self, choice: Choice) -> int:
        """Return how many findings on the chosen policies are not among the chosen ones."""
        everything = Choice(picked=tuple((POLICY, policy) for policy in choice.of(POLICY)))
        return self.index.number(everything) - self.index.number(choice)
