"""What changed in the files of studies since the last check: field by field, whatever program wrote them anew."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb.intake.decoding import decode_bytes
from kb.intake.incoming import read_incoming

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kb.collection import Collection

_FILE = "checked.json"
Entries = dict[str, dict[str, dict[str, str]]]  # file -> key -> field -> value


class Changes(NamedTuple):
    """Sentences on what changed, and when the files were last looked at; ``when`` is empty the first time."""

    when: str
    lines: tuple[str, ...]


def changes_since_last_check(collection: Collection) -> Changes:
    """Compare the files with what they were at the last check, and remember what they are now.

    Order, alignment and spaces are no change: what counts is what a reader of BibTeX gets.
    """
    now = _entries(collection)
    path = collection.cache() / _FILE
    try:
        record = json.loads(path.read_text("utf-8"))
        before, when = record["entries"], record["when"]
    except (OSError, ValueError, KeyError):
        before, when = None, ""
    lines = () if before is None else tuple(_differences(before, now))
    content = {"when": datetime.now().astimezone().strftime("%Y-%m-%d %H:%M"), "entries": now}
    if before != now:
        path.parent.mkdir(parents=True, exist_ok=True)
        neighbour = path.with_suffix(".new")
        neighbour.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
        neighbour.replace(path)
    return Changes(when, lines)


def _entries(collection: Collection) -> Entries:
    found: Entries = {}
    for file in collection.study_files():
        text = decode_bytes(Path(file.path).read_bytes()).text
        found[file.path] = {
            item.key: {"type": item.kind, **{name: " ".join(value.split()) for name, value in item.fields.items()}}
            for item in read_incoming(text).entries
        }
    return found


def _differences(before: Entries, now: Entries) -> Iterator[str]:
    from kb.check import short_path

    for path in sorted({*before, *now}):
        name = short_path(path)
        if path not in now:
            yield f"{name}: the file is gone."
        elif path not in before:
            yield f"{name}: the file is new."
        else:
            yield from (f"{name}: {line}" for line in _in_file(before[path], now[path]))


def _in_file(before: Mapping[str, Mapping[str, str]], now: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    for key in sorted({*before, *now}):
        if key not in now:
            yield f"{key} is gone."
        elif key not in before:
            yield f"{key} is new."
        else:
            old, new = before[key], now[key]
            for field in sorted({*old, *new}):
                if old.get(field, "") != new.get(field, ""):
                    yield f"{key}: {field}: {old.get(field) or '(empty)'} -> {new.get(field) or '(empty)'}"
