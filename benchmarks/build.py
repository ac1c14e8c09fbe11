"""Building: from nothing beside a bare pybtex parse, and after one file of a thousand was touched."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.collections import write_collection
from benchmarks.measure import Ratio, processes
from kb.build import build
from kb.collection import Collection, bundled

if TYPE_CHECKING:
    from collections.abc import Iterator

_PARSE = """import sys
from pathlib import Path
from pybtex.database.input.bibtex import Parser
for path in sorted(Path(sys.argv[1]).glob("*.bib")):
    Parser().parse_string(path.read_text("utf-8"))
"""


def build_ratios(folder: Path, env: dict[str, str]) -> Iterator[Ratio]:
    """Compare a build from nothing, as a process, with a process that parses the same files with pybtex."""
    program = str(Path(sys.executable).parent / "mipex-kb")
    commands = [
        [program, "build", "--clean"],
        [sys.executable, "-c", _PARSE, str(bundled().studies[0])],
    ]
    ours, parse = processes(commands, folder, env, 9)
    yield Ratio("build from nothing, process", ours, "pybtex parses the same files", parse, 4)


def touch_ratios(folder: Path) -> Iterator[Ratio]:
    """Compare the build after one file of a thousand studies changed with a full build of them."""
    place = folder / "thousand"
    write_collection(place, 1000)
    shutil.copytree(bundled().ontology, place / "ontology")
    collection = Collection((place / "studies",), place / "ontology")
    file = sorted((place / "studies").glob("*.bib"))[500]
    text = file.read_text("utf-8")
    whole, touched = [], []
    for number in range(3):
        start = time.perf_counter()
        build(collection, clean=True)
        whole.append(time.perf_counter() - start)
        for turn in range(3):
            file.write_text(text + "\n" * (3 * number + turn + 1), "utf-8")
            start = time.perf_counter()
            report = build(collection)
            touched.append(time.perf_counter() - start)
            if report.read != 1:
                raise RuntimeError(f"{report.read} files were read again instead of one")
    yield Ratio("build after one of 1,000 files changed", median(touched), "full build", median(whole), 0.1)
