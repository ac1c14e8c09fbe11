"""The data package: whole by its checksums, described to three kinds of reader, and enough to build all of it anew."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import math
import shutil
import subprocess
import tomllib
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import rdflib
from rdflib.namespace import DCAT, DCTERMS, RDF, VOID
from rdflib.void import generateVoID
from rocrate.rocrate import ROCrate  # type: ignore[import-untyped]

import kb
from kb.build import ensure
from kb.collection import Collection, bundled
from kb.publishing.facts import project_text, read_facts
from kb.publishing.package import write_package
from kb.publishing.tables import TABLES, table_kind
from kb.session import make_session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.publishing.facts import Facts
    from kb.session import Session

ROOT = Path(kb.__file__).resolve().parents[1]
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")


@pytest.fixture(scope="module")
def small_session(small_toy: Path) -> Iterator[Session]:
    opened = make_session(Collection((small_toy / "studies",), small_toy / "ontology"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def small_facts(small_session: Session) -> Facts:
    return read_facts(small_session, title="Toy *package*", licence="https://example.org/licence", creator="Nobody")


@pytest.fixture(scope="module")
def package(small_session: Session, small_facts: Facts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("packages") / "package"
    write_package(small_session, small_facts, place, lambda *_: None)
    return place


@pytest.fixture(scope="module")
def void(package: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(package / "void.ttl")


def files_of(package: Path) -> set[str]:
    return {path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file()}


def test_everything_is_in_it(package: Path, small_session: Session) -> None:
    found = files_of(package)
    assert {"README.md", "CITATION.cff", "void.ttl", "datapackage.json", "ro-crate-metadata.json"} <= found
    assert {f"tables/{name}.{ending}" for name in TABLES for ending in ("csv", "parquet")} <= found
    assert {"graph/collection.nq.gz", "graph/collection.ttl", "nanopublications/nanopublications.trig.gz"} <= found
    assert small_session.collection
    assert {f"ontology/{file.name}" for file in small_session.collection.ontology_files()} <= found
    assert "queries/uncoded.rq" in found


def test_the_checksums_hold_and_name_every_file(package: Path) -> None:
    lines = (package / "checksums.sha256").read_text("utf-8").splitlines()
    assert {line.partition("  ")[2] for line in lines} == files_of(package) - {"checksums.sha256"}
    program = shutil.which("sha256sum")
    assert program
    done = subprocess.run([program, "--check", "--quiet", "checksums.sha256"], cwd=package, check=False)
    assert done.returncode == 0


def test_the_research_object_describes_every_file(package: Path) -> None:
    crate = ROCrate(str(package))
    root = crate.root_dataset
    assert root["name"] == "Toy *package*"
    assert root["license"].id == "https://example.org/licence"
    assert root["creator"]["name"] == "Nobody"
    described = {entity.id for entity in crate.data_entities}
    assert described == files_of(package) - {"ro-crate-metadata.json"}
    assert {entity.id for entity in root["hasPart"]} == described
    for entity in crate.data_entities:
        assert entity["name"]
        assert entity["encodingFormat"]
        if size := entity.get("contentSize"):
            assert int(size) == (package / entity.id).stat().st_size
    assert str(crate.get("ro-crate-metadata.json")["conformsTo"]) == "https://w3id.org/ro/crate/1.1"


def resources(package: Path) -> list[dict[str, Any]]:
    found = json.loads((package / "datapackage.json").read_text("utf-8"))
    assert found["licenses"] == [{"path": "https://example.org/licence"}]
    listed: list[dict[str, Any]] = found["resources"]
    return listed


def test_the_data_package_describes_the_tables_as_they_are(package: Path) -> None:
    assert [resource["name"] for resource in resources(package)] == list(TABLES)
    for resource in resources(package):
        content = (package / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource["bytes"] == len(content)
        header, *rows = csv.reader(content.decode().splitlines())
        fields = resource["schema"]["fields"]
        assert [field["name"] for field in fields] == header
        for number, field in enumerate(fields):
            cells = [row[number] for row in rows if row[number]]
            if field["type"] == "integer":
                assert [str(int(cell)) for cell in cells] == cells
            elif field["type"] == "number":
                assert all(math.isfinite(float(cell)) for cell in cells)
        for link in resource["schema"].get("foreignKeys", ()):
            assert link["reference"]["fields"] == next(iter(table_kind(link["reference"]["resource"]).columns))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_counts_of_void_are_those_that_rdflib_counts(void: rdflib.Graph, small_session: Session) -> None:
    whole = rdflib.Dataset(default_union=True)
    whole.parse(data=small_session.reader.dump(), format="nquads")
    graph = rdflib.Graph()
    for triple in whole.triples((None, None, None)):
        graph.add(triple)
    counted, node = generateVoID(graph)
    (dataset,) = void.subjects(RDF.type, DCAT.Dataset)
    for name in (VOID.triples, VOID.classes, VOID.properties, VOID.distinctSubjects, VOID.distinctObjects):
        assert int(str(void.value(dataset, name))) == int(str(counted.value(node, name)))
    for kind, number in ((VOID["class"], VOID.entities), (VOID.property, VOID.triples)):
        told = {thing: void.value(part, number) for part, thing in void.subject_objects(kind)}
        assert told == {thing: counted.value(part, number) for part, thing in counted.subject_objects(kind)}


def test_void_tells_where_the_files_are_and_what_they_are(void: rdflib.Graph, package: Path) -> None:
    (dataset,) = void.subjects(RDF.type, DCAT.Dataset)
    assert str(void.value(dataset, DCTERMS.license)) == "https://example.org/licence"
    listed = list(void.objects(dataset, DCAT.distribution))
    assert len(listed) > 20
    for node in listed:
        path = Path(str(void.value(node, DCAT.downloadURL)).removeprefix("file://"))
        assert package in path.parents
        content = path.read_bytes()
        assert int(str(void.value(node, DCAT.byteSize))) == len(content)
        checksum = void.value(node, SPDX.checksum)
        value = void.value(checksum, SPDX.checksumValue)
        assert isinstance(value, rdflib.Literal)
        assert value.value == hashlib.sha256(content).digest()
    for example in void.objects(dataset, VOID.exampleResource):
        assert f"<{example}>".encode() in gzip.decompress((package / "graph" / "collection.nq.gz").read_bytes())


def test_the_package_is_enough_to_build_the_same_graph(package: Path, small_session: Session) -> None:
    reader, report = ensure(Collection((package / "studies",), package / "ontology"))
    with reader:
        assert report
        assert [problem for problem in report.problems if problem.severity == "error"] == []
        assert set(reader.triples()) == set(small_session.reader.triples())


def test_every_query_of_the_package_runs_on_its_graph(package: Path, small_session: Session) -> None:
    queries = sorted((package / "queries").glob("*.rq"))
    assert len(queries) > 5
    for path in queries:
        text = path.read_text("utf-8")
        assert text.startswith("# ")
        assert "#if" not in text
        small_session.reader.rows(text)


def test_the_same_collection_gives_the_same_archive(
    package: Path, small_session: Session, small_facts: Facts, tmp_path: Path
) -> None:
    write_package(small_session, small_facts, tmp_path / "package.zip", lambda *_: None)
    with zipfile.ZipFile(tmp_path / "package.zip") as archive:
        assert set(archive.namelist()) == files_of(package)
        for name in archive.namelist():
            assert archive.read(name) == (package / name).read_bytes(), name


def test_the_readme_counts_how_findings_were_read(package: Path, small_facts: Facts) -> None:
    text = (package / "README.md").read_text("utf-8")
    levels = small_facts.levels
    assert f"{levels['fulltext']} were read in the text of the study, {levels['abstract']} in its abstract only" in text
    assert "# Toy \\*package\\*" in text
    assert "Licensed under <https://example.org/licence>" in text
    assert "CC BY" not in text


def test_steps_are_told(small_session: Session, small_facts: Facts, tmp_path: Path) -> None:
    steps: list[tuple[int, int, str]] = []
    write_package(small_session, small_facts, tmp_path / "out", lambda *step: steps.append(step))
    assert [step[0] for step in steps] == list(range(1, steps[0][1] + 1))


def test_what_is_said_of_the_bundled_collection_agrees_with_the_citation_file(whole_session: Session) -> None:
    facts = read_facts(whole_session)
    cited = (ROOT / "CITATION.cff").read_text("utf-8")
    assert f'title: "{facts.title}"\n' in cited
    assert f'abstract: "{facts.description}"\n' in cited
    assert f'name: "{facts.creator}"\n' in cited
    assert f"  - {facts.licence_name}\n" in cited
    version = facts.version.partition("+")[0]
    assert f"version: {version}\n" in cited
    assert version == tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert facts.address == "https://w3id.org/mipex-kb/dataset"
    assert "creativecommons.org/licenses/by/4.0" in project_text("LICENSE-DATA")
    assert project_text("LICENSE").startswith("MIT License")


@pytest.fixture(scope="module")
def whole_session(whole_reader: object) -> Iterator[Session]:
    opened = make_session(bundled())
    yield opened
    opened.close()


def test_nothing_is_claimed_for_a_collection_of_somebody_else(small_session: Session) -> None:
    facts = read_facts(small_session)
    assert (facts.licence, facts.licence_name, facts.creator, facts.address) == ("", "", "", "")
