"""The data package: graph, tables, nanopublications, queries, ontology and studies, described and with checksums."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kb.publishing import data_package, ro_crate
from kb.publishing.data_package import data_package_text
from kb.publishing.facts import project_text
from kb.publishing.graph_files import GRAPH_FORMATS, write_graph
from kb.publishing.nanopub_files import write_file
from kb.publishing.nanopublications import make_nanopublications
from kb.publishing.package_texts import citation, readme
from kb.publishing.parquet import has_parquet, to_parquet
from kb.publishing.places import CHECKSUMS, checksum, new_place, opened, write_checksums
from kb.publishing.tables import TABLES, make_table, table_kind
from kb.publishing.void_description import PackageFile, write_void

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kb.publishing.facts import Facts
    from kb.session import Session

    Progress = Callable[[int, int, str], None]

_TURTLE, _JSON, _TEXT = "text/turtle", "application/json", "text/plain"
_STEPS = 6


def write_package(session: Session, facts: Facts, place: Path, progress: Progress, *, force: bool = False) -> None:
    """Write the package into a new folder, or into an archive where the name ends in ``.zip``.

    Raises:
        ExportError: something else is there already, or it cannot be written.
    """
    with new_place(place, force=force) as folder:
        package = _Package(folder, session, facts)
        steps = (package.graph, package.tables, package.nanopublications, package.queries, package.sources)
        for number, step in enumerate(steps, 1):
            progress(number, _STEPS, step.__name__)
            step()
        progress(_STEPS, _STEPS, "descriptions")
        package.descriptions()


class _Package:
    def __init__(self, folder: Path, session: Session, facts: Facts) -> None:
        self._folder = folder
        self._session = session
        self._facts = facts
        self._files: list[PackageFile] = []

    def graph(self) -> None:
        """Write the whole graph, with its named graphs and as their union."""
        for name, title in (
            ("collection.nq.gz", "The whole graph as N-Quads, with a named graph for each file; packed"),
            ("collection.ttl", "The whole graph as Turtle, all named graphs in one"),
        ):
            form = name.split(".")[1]
            with self._file(f"graph/{name}", title, GRAPH_FORMATS[form].media_type) as out:
                write_graph(self._session.reader, form, out)

    def tables(self) -> None:
        """Write each table as CSV, and as Parquet where that can be written."""
        from kb.sheet_formats import to_csv

        parquet = has_parquet()
        for name in TABLES:
            sheet, kind = make_table(name, self._session), table_kind(name)
            with self._file(f"tables/{name}.csv", f"{kind.title}: {kind.description}", "text/csv") as out:
                out.write(to_csv(sheet, None).encode())
            if parquet:
                media = "application/vnd.apache.parquet"
                with self._file(f"tables/{name}.parquet", f"{kind.title}, typed", media) as out:
                    out.write(to_parquet(sheet, kind))

    def nanopublications(self) -> None:
        """Write all findings as nanopublications."""
        title = "Each finding as a nanopublication, unsigned, as TriG; packed"
        path = "nanopublications/nanopublications.trig.gz"
        with self._file(path, title, GRAPH_FORMATS["trig"].media_type) as out:
            write_file(make_nanopublications(self._session, self._facts), "trig", out)

    def queries(self) -> None:
        """Write the named queries as they run anywhere, without their parameters."""
        from kb.named_queries import named_query, names

        for name in names():
            query = named_query(name)
            with self._file(f"queries/{name}.rq", query.title, "application/sparql-query") as out:
                out.write(f"# {query.title}\n# {query.description}\n{query.text()}".encode())

    def sources(self) -> None:
        """Write what all of this was made from: the ontology, and the studies in one file."""
        collection = self._session.collection
        assert collection, "A package is made where the files are."
        for file in collection.ontology_files():
            with self._file(f"ontology/{file.name}", f"Ontology: {file.stem}", _TURTLE) as out:
                out.write(Path(file.path).read_bytes())
        title = "The studies and their findings as BibTeX, from which all else is made"
        with self._file("studies/collection.bib", title, "application/x-bibtex") as out:
            out.write(b"\n".join(Path(file.path).read_bytes() for file in collection.study_files()))

    def descriptions(self) -> None:
        """Write what describes the other files, and the checksums of all."""
        facts, data = self._facts, list(self._files)
        with self._file("void.ttl", "Description of the collection by DCAT and VoID", _TURTLE) as out:
            write_void(self._session, facts, data, out)
        title = "Description of the tables: a Frictionless Data Package"
        self._text(data_package.FILE, title, _JSON, data_package_text(facts, data))
        if facts.ours:
            for name, title in (("LICENSE-DATA", "Licence of the collection"), ("LICENSE", "Licence of the queries")):
                if text := project_text(name):
                    self._text(name, title, _TEXT, text)
        self._text("CITATION.cff", "How to cite this package", "application/yaml", citation(facts))
        later = [
            PackageFile("README.md", "What is what, and what it may not be read as", "text/markdown", 0, ""),
            PackageFile(CHECKSUMS, "SHA-256 of every file but this one", _TEXT, 0, ""),
        ]
        shown = sorted([*self._files, *later])
        (self._folder / "README.md").write_text(readme(facts, shown), "utf-8")
        (self._folder / ro_crate.FILE).write_text(ro_crate.ro_crate_text(facts, shown), "utf-8")
        write_checksums(self._folder)

    @contextmanager
    def _file(self, path: str, title: str, media_type: str) -> Iterator[IO[bytes]]:
        """Open a file of the package, and enter it in the list."""
        target = self._folder / path
        target.parent.mkdir(exist_ok=True)
        with opened(target, packed=path.endswith(".gz")) as out:
            yield out
        self._files.append(PackageFile(path, title, media_type, target.stat().st_size, checksum(target)))

    def _text(self, path: str, title: str, media_type: str, text: str) -> None:
        with self._file(path, title, media_type) as out:
            out.write(text.encode())
