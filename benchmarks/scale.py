"""How build, change, evidence, counts and search grow with a collection, beside Oxigraph alone and rdflib in memory.

Run it with ``python -m benchmarks.scale --size 100000``. The collection stays in the folder, so that a second run need
not make it again. It prints a table in Markdown, and ends with 1 where a bound does not hold.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.collections import write_collection
from benchmarks.measure import environment
from benchmarks.process_tree import Run, run
from benchmarks.scale_parts import DIRECTION, POLICY, SINCE

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZES = (1000, 10_000, 100_000)
_RDFLIB_UP_TO = 10_000  # above it needs more memory than most machines have
_PROGRAM = str(Path(sys.executable).parent / "mipex-kb")


class Line(NamedTuple):
    """One figure: ours, that of pyoxigraph alone, that of rdflib, and the most that ours, or the ratio, may be."""

    name: str
    ours: float
    bare: float | None = None
    rdflib: float | None = None
    bound: float | None = None
    unit: str = "s"
    bound_is_ratio: bool = False

    @property
    def ratio(self) -> float | None:
        """Ours by that of pyoxigraph alone."""
        return self.ours / self.bare if self.bare else None

    @property
    def holds(self) -> bool:
        """Whether the bound is kept; without one it always is."""
        value = self.ratio if self.bound_is_ratio else self.ours
        return self.bound is None or value is None or value <= self.bound

    def __str__(self) -> str:
        shown = [_shown(value, self.unit) for value in (self.ours, self.bare, self.rdflib)]
        ratio = f"{self.ratio:.2f}" if self.ratio else ""
        bound = ""
        if self.bound is not None:
            limit = f"{self.bound:g} times" if self.bound_is_ratio else _shown(self.bound, self.unit)
            bound = f"{limit}: {'holds' if self.holds else '**DOES NOT HOLD**'}"
        return f"| {self.name} | {' | '.join(shown)} | {ratio} | {bound} |"


def main() -> int:
    """Measure at the sizes that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--size", type=int, action="append", help="studies; repeatable; 1,000, 10,000 and 100,000 without"
    )
    parser.add_argument("--folder", type=Path, default=Path("build/scale"), help="where the collections are kept")
    options = parser.parse_args()
    held = True
    for size in options.size or SIZES:
        held = Scale(options.folder.resolve() / str(size), size).report() and held
    return 0 if held else 1


class Scale:
    """One size, in a folder of its own."""

    def __init__(self, folder: Path, size: int) -> None:
        self._folder = folder
        self._size = size
        self._env = environment(
            MIPEX_KB_CACHE=str(folder / "cache"), HOME=str(folder), MIPEX_KB_HOME=str(folder / "home")
        )
        self._command = [_PROGRAM, "--studies", str(folder / "studies")]

    def report(self) -> bool:
        """Print all lines, and return whether all bounds hold."""
        self._collect()
        print(f"\n## {self._size:,} studies\n\nPython {platform.python_version()}, {os.cpu_count()} processors.\n")
        print("| what | mipex-kb | Oxigraph alone | rdflib in memory | ratio to Oxigraph | bound |")
        print("| --- | ---: | ---: | ---: | ---: | --- |")
        held = True
        for line in self._lines():
            print(line, flush=True)
            held = held and line.holds
        shutil.rmtree(self._folder / "cache", ignore_errors=True)
        (self._folder / "graph.nq").unlink(missing_ok=True)
        return held

    def _lines(self) -> Iterator[Line]:
        build = self._run("build", "--clean")
        quads = self._part("dump")["quads"]
        load = self._part("bare_load")
        other = self._part("in_rdflib") if self._size <= _RDFLIB_UP_TO else {}
        yield Line("quads in the store (each also in the default graph)", quads, unit="")
        yield Line("full build from files; the others: load N-Quads", build.wall, load["seconds"], other.get("load"))
        yield Line("processor time of that", build.processor, load["cpu"])
        yield Line("processors at work during the build", build.processor / build.wall, unit="processors")
        yield Line("peak memory of the build, all processes", build.memory, load["memory"], bound=4000, unit="MB")
        yield from self._changes()
        yield from self._evidence(other)
        yield from self._session(other)

    def _changes(self) -> list[Line]:
        path = next(iter(sorted((self._folder / "studies").glob("*.bib"))))
        text = path.read_text("utf-8")
        title = next(line for line in text.splitlines() if line.startswith("  title "))
        taken = []
        for word in ("unheard-of", "yet-unheard-of"):
            path.write_text(text.replace(title, title.replace("{", f"{{{word} ", 1)), "utf-8")
            taken.append(self._run("show", path.stem))
            if word.encode() not in taken[-1].output:
                raise RuntimeError(f"The new title of {path.stem} is not in the answer.")
        path.write_text(text, "utf-8")
        self._run("show", path.stem)
        untouched = min((self._run("show", path.stem) for _ in range(3)), key=lambda one: one.wall)
        best = min(taken, key=lambda one: one.wall)
        fresh = self._part("freshness")
        return [
            Line("one file changed, to the answer that shows it: `mipex-kb show`, whole process", best.wall, bound=2),
            Line("processor time of that", best.processor),
            Line("no file changed: `mipex-kb show`, whole process", untouched.wall),
            Line("looking whether any file changed", fresh["seconds"]),
        ]

    def _evidence(self, other: dict[str, Any]) -> list[Line]:
        found = self._part("evidence")
        words = ("evidence", POLICY, "--direction", DIRECTION, "--since", SINCE, "--format", "csv")
        whole = self._run(*words)
        return [
            Line(
                "evidence, warm: first 200 rows by SPARQL",
                found["ours"],
                found["bare"],
                other.get("evidence"),
                1.5,
                bound_is_ratio=True,
            ),
            Line("the same, cold: first time in a process", found["cold"]),
            Line("all rows of it, whole process: `mipex-kb evidence`", whole.wall),
        ]

    def _session(self, other: dict[str, Any]) -> list[Line]:
        made = self._part("make_session_files")
        bare = self._part("bare_counts_and_search")
        found = self._part("session")
        slowest = max(found["search"], key=found["search"].get)
        return [
            Line("after one change: bringing the tables of a session up to date", made["tables"]),
            Line("making the index of the search from nothing", made["index"]),
            Line("opening a session", found["open"]),
            Line("memory of an opened session", found["open_memory"], unit="MB"),
            Line("memory after counts and searches", found["memory"], rdflib=other.get("memory"), unit="MB"),
            Line("in a session: evidence, first time", found["first"]),
            Line("in a session: evidence, first 200 rows", found["choose"]),
            Line(
                "in a session: counts of all facets; the others: of four",
                found["count"],
                bare["count"],
                other.get("count"),
            ),
            Line("reading the index of the search", found["index"]),
            Line("search for `trust`", found["search"]["trust"], bare["search"], other.get("search"), bound=0.2),
            Line(f"slowest of {len(found['search'])} searches: `{slowest}`", found["search"][slowest], bound=0.2),
            Line("search with a slip of the key", max(found["slip"].values())),
        ]

    def _collect(self) -> None:
        done = self._folder / "complete"
        if not done.exists():
            shutil.rmtree(self._folder, ignore_errors=True)
            write_collection(self._folder, self._size)
            done.touch()

    def _run(self, *words: str) -> Run:
        return run([*self._command, *words], self._env)

    def _part(self, name: str) -> dict[str, Any]:
        command = [sys.executable, "-m", "benchmarks.scale_parts", name, str(self._folder)]
        found: dict[str, Any] = json.loads(run(command, self._env).output)
        return found


def _shown(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    if unit == "s":
        return f"{value:,.1f} s" if value >= 1 else f"{value * 1000:,.3g} ms"
    return f"{value:,.1f} {unit}" if value < 10 else f"{value:,.0f} {unit}".rstrip()


if __name__ == "__main__":
    sys.exit(main())
