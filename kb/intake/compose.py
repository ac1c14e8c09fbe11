"""The text of a new file: the entry as its source wrote it, with only what the plan names changed."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from kb.bibtex import read
from kb.bibtex_writer import JABREF, escape, format_entry
from kb.fields import FINDING, FINDING_FIELDS
from kb.intake.words import word_list
from kb.text import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kb.intake.incoming import Incoming, IncomingFile
    from kb.intake.loose import RawEntry

#: Fields that ours gives a meaning of its own; a foreign field of this name goes under another one.
_RENAMED = {"data": "data-note", "design": "design-note", "measure": "measure-note", "period": "period-note"}
_LINKS = frozenset({"crossref", "xdata"})
_HEAD = re.compile(r"@[^{(]*")
_COMMA = re.compile(r"[ \t\r\n]*+,")
_PIECE = re.compile(r"\\.|.", re.DOTALL)
_ESCAPED_BRACE = re.compile(r"\\(?:[{}]|\Z)")
_PLAIN_BRACE = {"\\{": "{", "\\}": "}"}
_NAMED_BRACE = {"\\{": r"\textbraceleft{}", "\\}": r"\textbraceright{}"}
_NO_LETTER = re.compile(r"[^a-z]+")
_FIELD_NAME = re.compile(r"[a-z][a-z0-9:+._-]*\Z")
_NO_NAME = re.compile(r"[^a-z0-9]+")


class Composed(NamedTuple):
    """The text of a file, a sentence for each thing in it that is not as the source wrote it, and what is wrong."""

    text: str
    changes: tuple[str, ...]
    problems: tuple[str, ...] = ()


def compose(
    item: Incoming, file: IncomingFile, key: str, *, added: Mapping[str, str], findings: Sequence[Incoming] = ()
) -> Composed:
    """Return the file of one study under our key. ``added``: fields that the plan adds; ``findings``: those of it.

    The entry keeps its own letters, spaces and line ends, but for: the key, fields left out, abbreviations that nothing
    defines (put into braces), fields given twice, and what cross-references give (added). Where our own reader cannot
    read it so, it is written anew in our form.
    """
    definitions = _definitions(item, file)
    text, changes = _study(item, file, key, added, definitions)
    problems: tuple[str, ...] = ()
    if (_doubtful(item, definitions, file) or not item.entry.plain) and not reads(text, key):
        fields: dict[str, str] = {}
        for name, value in {**item.fields, **added}.items():
            if name not in _LINKS and not _is_private(name, item):
                fields.setdefault(_our_name(name, item), balanced(value))
        text = format_entry(_our_kind(item.kind), key, fields)
        changes = [*changes, "written anew in our form, because its own is not plain BibTeX"]
        if not reads(text, key):
            problems = ("It cannot be written as BibTeX.",)
            text = ""
    for number, finding in enumerate(findings if text else (), 1):
        fields = {name: balanced(value) for name, value in finding.fields.items() if _FIELD_NAME.match(name)}
        fields["study"] = key
        text += "\n" + format_entry("finding", f"{key}-{number}", fields, FINDING_FIELDS)
    if findings and text:
        text += "\n" + JABREF
        changes.append(f"with {counted(len(findings), 'finding')}")
    return Composed(text, tuple(changes), problems)


def reads(text: str, key: str) -> bool:
    """Say whether our own reader finds exactly this entry in a text, without an error."""
    found = read(text)
    return [entry.key for entry in found.entries] == [key] and not any(p.severity == "error" for p in found.problems)


def balanced(value: str) -> str:
    """Return a value whose braces balance for readers that count escaped braces and for those that do not."""
    pieces = [r"\textbackslash{}" if piece == "\\" else piece for piece in _PIECE.findall(value)]
    plain, escaped = _closes("".join(pieces)), _closes(pieces)
    if plain and escaped:
        return "".join(pieces)
    if plain:
        return "".join(_PLAIN_BRACE.get(piece, piece) for piece in pieces)
    if escaped:
        return "".join(_NAMED_BRACE.get(piece, piece) for piece in pieces)
    return escape(value)


def _closes(pieces: Sequence[str]) -> bool:
    depth = 0
    for piece in pieces:
        depth += (piece == "{") - (piece == "}")
        if depth < 0:
            return False
    return depth == 0


def _doubtful(item: Incoming, definitions: Sequence[RawEntry], file: IncomingFile) -> bool:
    """Say whether what comes from other entries may be more than our own reader takes."""
    used = [(definition, part) for definition in definitions for field in definition.fields for part in field.parts]
    return (
        any(_ESCAPED_BRACE.search(item.fields[name]) for name in item.inherited)
        or any(part.macro and not _defined_before(definition, part.text, file) for definition, part in used)
        or not all(definition.plain for definition in definitions)
    )


def _defined_before(definition: RawEntry, name: str, file: IncomingFile) -> bool:
    earlier = file.strings.get(name.casefold())
    return earlier is not None and earlier.start < definition.start


def _our_kind(kind: str) -> str:
    plain = _NO_LETTER.sub("", kind)
    return plain if plain not in ("", "comment", "preamble", "string", FINDING) else "misc"


def _our_name(name: str, item: Incoming) -> str:
    if name in _RENAMED and not _is_ours(item):
        return _RENAMED[name]
    return name if _FIELD_NAME.match(name) else _NO_NAME.sub("-", name).strip("-") or "field"


def _is_ours(item: Incoming) -> bool:
    return "bibstatus" in item.fields


def _is_private(name: str, item: Incoming) -> bool:
    return is_left_out(name) and not (name == "bibsource" and _is_ours(item))


def _study(
    item: Incoming, file: IncomingFile, key: str, added: Mapping[str, str], definitions: Sequence[RawEntry]
) -> tuple[str, list[str]]:
    entry, text = item.entry, file.text
    edits: list[tuple[int, int, str]] = []
    changes: list[str] = []
    head = _HEAD.match(text, entry.start)
    if head and _our_kind(entry.kind) != entry.kind:
        edits.append((entry.start, head.end(), f"@{_our_kind(entry.kind)}"))
        changes.append(f"type {_our_kind(entry.kind)} instead of {entry.kind}")
    elif head and ("\n" in head.group(0) or "\r" in head.group(0)):
        edits.append((entry.start, head.end(), "@" + head.group(0)[1:].strip()))
        changes.append("the type on a line with its brace")
    if key != entry.key:
        edits.append((entry.key_start, entry.key_end, key if entry.key else f"{key},"))
        changes.append(f"key {key}" + (f" instead of {entry.key}" if entry.key else ""))
    seen: set[str] = set()
    dropped: list[str] = []
    for part in entry.fields:
        name = _our_name(part.name, item)
        if _is_private(part.name, item) or part.name in seen or part.name in _LINKS:
            edits.append((*_with_comma(text, entry, part.start, part.end), ""))
            dropped.append(f"{part.name} (given twice)" if part.name in seen else part.name)
        elif name != part.name:
            edits.append((part.start, part.start + len(part.name), name))
            changes.append(f"{part.name} is called {name}")
        elif any(value.macro and value.text in item.undefined for value in part.parts):
            edits.append((part.start, part.end, f"{part.name} = {{{item.fields[part.name]}}}"))
            changes.append(f"{part.name} in braces, since nothing defines the abbreviation")
        seen.add(part.name)
    if dropped:
        changes.append(f"left out: {', '.join(dict.fromkeys(dropped))}")
    extra = {name: item.fields[name] for name in item.inherited if not is_left_out(name) and name not in seen}
    if extra:
        changes.append(f"taken from the entry that it refers to: {', '.join(extra)}")
    extra |= {name: value for name, value in added.items() if name not in seen}
    if added:
        changes.append(f"added: {', '.join(name for name in added if name not in seen)}")
    body = _edited(file, entry, edits, extra)
    needed = [text[definition.start : definition.end] + file.line_end for definition in definitions]
    return "".join([*needed, body, file.line_end]), changes


@cache
def is_left_out(name: str) -> bool:
    """Say whether an addition leaves a field out."""
    words = word_list("left_out")
    return name in words or any(name.startswith(word[:-1]) for word in words if word.endswith("*"))


def _edited(file: IncomingFile, entry: RawEntry, edits: list[tuple[int, int, str]], extra: Mapping[str, str]) -> str:
    text, pieces, place = file.text, [], entry.start
    for start, end, replacement in sorted(edits):
        if start < place:
            continue
        pieces += [text[place:start], replacement]
        place = end
    pieces.append(text[place : entry.close])
    inside = "".join(pieces)
    if extra:
        line = file.line_end
        trimmed = inside.rstrip()
        comma = "" if trimmed.endswith(",") else ","
        inside = trimmed + comma + line + ("," + line).join(f"  {name} = {{{value}}}" for name, value in extra.items())
        inside += line
    return inside + text[entry.close : entry.end]


def _with_comma(text: str, entry: RawEntry, start: int, end: int) -> tuple[int, int]:
    """Return the place of a field with the comma behind it and the space before it, as far as it is in the entry."""
    before = text[entry.key_end : start].rstrip(" \t")
    before = before.removesuffix("\n").removesuffix("\r").rstrip(" \t")
    after = _COMMA.match(text, end, entry.close)
    return entry.key_end + len(before), after.end() if after else end


def _definitions(item: Incoming, file: IncomingFile) -> list[RawEntry]:
    """Return the ``@string`` definitions that the entry needs, in their order."""
    needed: dict[int, RawEntry] = {}
    queue = [name for name in item.macros if name in file.strings]
    done: set[str] = set()
    while queue:
        name = queue.pop()
        if name in done:
            continue
        done.add(name)
        definition = file.strings[name]
        needed[definition.start] = definition
        for part in definition.fields:
            queue += [
                value.text.casefold() for value in part.parts if value.macro and value.text.casefold() in file.strings
            ]
    return [needed[place] for place in sorted(needed)]
