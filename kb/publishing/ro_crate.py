"""The package described as a research object: RO-Crate 1.1 metadata, one entity for each file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.publishing.facts import Facts
    from kb.publishing.void_description import PackageFile

FILE = "ro-crate-metadata.json"
_VERSION = "https://w3id.org/ro/crate/1.1"


def ro_crate_text(facts: Facts, files: Sequence[PackageFile]) -> str:
    """Return the metadata as JSON-LD; the date of publication is the last day on which something was coded."""
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": facts.title,
        "description": facts.description,
        "version": facts.version,
        "datePublished": facts.date,
        "keywords": list(facts.keywords),
        "inLanguage": "en",
        "hasPart": [{"@id": file.path} for file in files],
    }
    entities: list[dict[str, Any]] = []
    if facts.address:
        root["identifier"] = facts.address
    if facts.creator:
        root["creator"] = {"@id": "#creator"}
        entities.append({"@id": "#creator", "@type": "Organization", "name": facts.creator})
    if facts.licence:
        root["license"] = {"@id": facts.licence}
        entities.append({"@id": facts.licence, "@type": "CreativeWork", "name": facts.licence_name or facts.licence})
    descriptor = {
        "@id": FILE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": _VERSION},
        "about": {"@id": "./"},
    }
    graph = [descriptor, root, *entities, *map(_file, files)]
    return json.dumps({"@context": f"{_VERSION}/context", "@graph": graph}, indent=1, ensure_ascii=False) + "\n"


def _file(file: PackageFile) -> dict[str, Any]:
    entity = {"@id": file.path, "@type": "File", "name": file.title, "encodingFormat": file.media_type}
    if file.path.endswith(".gz"):
        entity["encodingFormat"] = "application/gzip"
        entity["description"] = f"Packed with gzip; inside is {file.media_type}."
    return {**entity, "contentSize": str(file.size)} if file.size else entity
