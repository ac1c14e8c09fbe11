"""The words of a package for people: its README, and how to cite it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from kb.sheet_formats import markdown
from kb.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.publishing.facts import Facts
    from kb.publishing.void_description import PackageFile

_TEXTS = Path(__file__).parent / "texts"


def readme(facts: Facts, files: Sequence[PackageFile]) -> str:
    """Return the README of a package in Markdown."""
    lines = ["| file | what it is |", "| --- | --- |"]
    lines += [f"| `{file.path}` | {markdown(file.title)} |" for file in files]
    return Template((_TEXTS / "package.md").read_text("utf-8")).substitute(
        title=markdown(facts.title),
        description=markdown(facts.description),
        version=facts.version,
        date=facts.date,
        studies=counted(facts.studies, "study", "studies"),
        coded=facts.coded,
        findings=counted(facts.findings, "finding"),
        files="\n".join(lines),
        limits="\n".join(f"- {line}" for line in _limits(facts)),
        licence=_licence(facts),
    )


def citation(facts: Facts) -> str:
    """Return how to cite the package, in the Citation File Format."""
    known = {
        "cff-version": "1.2.0",
        "message": "Please cite this package like this, and cite the studies that you rely on.",
        "title": facts.title,
        "type": "dataset",
        "abstract": facts.description,
        "authors": [{"name": facts.creator or "The authors of this collection"}],
        "version": facts.version,
        "date-released": facts.date,
        "license": facts.licence_name,
        "license-url": "" if facts.licence_name else facts.licence,
        "keywords": list(facts.keywords),
    }
    return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in known.items() if value)


def _limits(facts: Facts) -> list[str]:
    words = tomllib.loads((_TEXTS / "limits.toml").read_text("utf-8"))
    levels = {name: facts.levels.get(name, 0) for name in ("fulltext", "abstract", "secondary")}
    unknown, uncoded = facts.levels.get("", 0), facts.studies - facts.coded
    lines = [words["levels"].format(findings=counted(facts.findings, "finding"), **levels)]
    lines += [words["unknown"].format(unknown=unknown)] if unknown else []
    lines.append(words["checked"].format(checked=counted(facts.checked, "finding")))
    lines += [words["uncoded"].format(uncoded=counted(uncoded, "study", "studies"))] if uncoded else []
    return [*lines, words["association"], words["counting"]]


def _licence(facts: Facts) -> str:
    words = tomllib.loads((_TEXTS / "limits.toml").read_text("utf-8"))["licence"]
    form = words["ours" if facts.ours and facts.licence_name else "named" if facts.licence else "none"]
    return Template(form).substitute(address=f"<{facts.licence}>")
