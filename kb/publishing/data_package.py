"""The tables described for programs: a Frictionless Data Package with the type and meaning of each column."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kb.publishing.tables import TABLES, table_kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.publishing.facts import Facts
    from kb.publishing.void_description import PackageFile

FILE = "datapackage.json"


def data_package_text(facts: Facts, files: Sequence[PackageFile]) -> str:
    """Return the description of the CSV tables among the files as JSON."""
    found: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": "mipex-evidence",
        "title": facts.title,
        "description": facts.description,
        "version": facts.version,
        "created": f"{facts.date}T00:00:00Z",
        "keywords": list(facts.keywords),
    }
    if facts.licence:
        found["licenses"] = [{"path": facts.licence, **({"name": facts.licence_name} if facts.licence_name else {})}]
    if facts.creator:
        found["contributors"] = [{"title": facts.creator, "role": "author"}]
    by_path = {file.path: file for file in files}
    found["resources"] = [_resource(name, by_path[f"tables/{name}.csv"]) for name in TABLES]
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def _resource(name: str, file: PackageFile) -> dict[str, Any]:
    kind = table_kind(name)
    fields = [
        {"name": column, "type": kind.numbers.get(column, "string"), "description": meaning}
        for column, meaning in kind.columns.items()
    ]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if kind.key:
        schema["primaryKey"] = list(kind.key)
    if kind.links:
        schema["foreignKeys"] = [
            {"fields": column, "reference": {"resource": other, "fields": next(iter(table_kind(other).columns))}}
            for column, other in kind.links.items()
        ]
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": file.path,
        "title": kind.title,
        "description": kind.description,
        "format": "csv",
        "mediatype": file.media_type,
        "encoding": "utf-8",
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "schema": schema,
    }
