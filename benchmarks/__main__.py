"""Run the benchmarks, print every ratio, and end with 1 where a bound is not kept."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from pathlib import Path

from benchmarks.build import build_ratios, touch_ratios
from benchmarks.cobib import cobib_ratios
from benchmarks.intake import intake_ratios
from benchmarks.measure import environment
from benchmarks.query import process_ratios, warm_ratios
from benchmarks.session import session_limits
from benchmarks.ui import ui_ratios


def main() -> int:
    """Run all of them in a scratch folder with a cache of its own."""
    with tempfile.TemporaryDirectory(prefix="mipex-kb-bench-") as name:
        folder = Path(name)
        env = environment(MIPEX_KB_CACHE=str(folder / "cache"), HOME=str(folder))
        os.environ["MIPEX_KB_CACHE"] = str(folder / "cache")
        print(f"Python {platform.python_version()}, {os.cpu_count()} cores; medians, taken in turns.")
        held = True
        for ratios in (
            build_ratios(folder, env),
            process_ratios(folder, env),
            cobib_ratios(folder, env),
            warm_ratios(),
            touch_ratios(folder),
            intake_ratios(folder),
            session_limits(),
            ui_ratios(folder, env),
        ):
            for ratio in ratios:
                print(ratio, flush=True)
                held = held and ratio.holds
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
