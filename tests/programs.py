"""Programs that tests drive and that are not installed by pip: skipped for want of them, but not where CI is set."""

from __future__ import annotations

import os
import shutil

import pytest


def needs(*programs: str) -> pytest.MarkDecorator:
    """Return the mark of a test that needs programs; in continuous integration it runs, and fails without them."""
    missing = [program for program in programs if not shutil.which(program)]
    return pytest.mark.skipif(
        bool(missing) and not os.environ.get("CI"), reason=f"needs {', '.join(missing)}, which .ci/run installs"
    )
