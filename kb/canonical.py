"""The canonical form of the files of studies, so that every diff shows a change of meaning.

``python -m kb.canonical studies`` rewrites what is not in it: fields in their order, one a line, findings by number.
"""

from __future__ import annotations

import sys
from pathlib import Path

from kb.errors import CollectionError


def canonical_bibtex(text: str, name: str = "") -> str:
    """Return a file of studies in canonical form.

    Raises:
        CollectionError: the text does not read without errors, so that rewriting it could lose something.
    """
    from kb.bibtex import read
    from kb.bibtex_writer import format_file

    found = read(text, name)
    if errors := [problem for problem in found.problems if problem.severity == "error"]:
        raise CollectionError(f"{errors[0]} Correct this first; the file was left as it is.")
    return format_file(found.entries)


def main(arguments: list[str]) -> int:
    """Rewrite the files in the given folders that are not in canonical form, and name them."""
    failed = False
    for path in (path for folder in map(Path, arguments) for path in sorted(folder.glob("*.bib"))):
        try:
            text = path.read_bytes().decode("utf-8")
            formed = canonical_bibtex(text, str(path))
        except (CollectionError, UnicodeDecodeError) as error:
            print(error if isinstance(error, CollectionError) else f"{path}: not UTF-8; it was left.", file=sys.stderr)
            failed = True
            continue
        if formed != text:
            path.write_text(formed, "utf-8", newline="\n")
            print(path, file=sys.stderr)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
