"""What a build knew of each file: its stamp, the digest of its text, its graph and keys, and the problems in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.problems import Problem
from kb.stamps import BUILD_VERSION

if TYPE_CHECKING:
    from pathlib import Path


_MANIFEST = "manifest.json"


class Part(NamedTuple):
    """One file as it was read: the named graph that it gives, how many quads, and the line of each key."""

    stamp: str
    digest: str
    graph: str
    quads: int
    keys: dict[str, int]
    problems: list[Problem]


class Manifest(NamedTuple):
    """The files behind a generation, by path; ``schemes``: digest of the ontology; ``clashes``: between files."""

    schemes: str
    parts: dict[str, Part]
    loaded: dict[str, str]
    clashes: list[Problem]

    @property
    def quads(self) -> int:
        """The number of quads in the store."""
        return sum(part.quads for path, part in self.parts.items() if self.loaded.get(part.graph) == path)

    @property
    def problems(self) -> list[Problem]:
        """All problems, those of single files first."""
        return [problem for part in self.parts.values() for problem in part.problems] + self.clashes


def read_manifest(generation: Path | None) -> Manifest | None:
    """Return the manifest of a generation; none where it is missing, damaged or of another version."""
    import json

    if generation is None:
        return None
    try:
        version, schemes, parts, loaded, clashes = json.loads((generation / _MANIFEST).read_bytes())
        if version != BUILD_VERSION:
            return None
        return Manifest(
            schemes,
            {path: Part._make([*part[:5], [Problem(*problem) for problem in part[5]]]) for path, part in parts.items()},
            loaded,
            [Problem(*problem) for problem in clashes],
        )
    except (OSError, ValueError, TypeError, LookupError, AttributeError):
        return None


def write_manifest(generation: Path, manifest: Manifest) -> None:
    """Write the manifest of a generation that is not current yet, or replace it whole."""
    import json

    pending = generation / f"{_MANIFEST}.new"
    pending.write_text(json.dumps([BUILD_VERSION, *manifest]), "utf-8")
    pending.replace(generation / _MANIFEST)


def digests(manifest: Manifest) -> dict[str, str]:
    """Return the graphs of the store, each with a digest of all that its quads depend on."""
    studies = manifest.schemes[:16]
    found = {}
    for graph, path in manifest.loaded.items():
        found[graph] = f"{manifest.parts[path].digest} {'' if path.endswith('.ttl') else studies}"
    return found
