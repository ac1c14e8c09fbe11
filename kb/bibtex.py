"""BibTeX text to entries: every entry on its own, with its line; what is broken becomes a problem, never a crash.

pybtex reads the entries; the scanner here only finds where each one begins and ends, so that a broken entry takes
no other down and every message can name its line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pybtex.scanner import PybtexSyntaxError

_START = re.compile(r"@[ \t]*([A-Za-z]+)[ \t]*[({]")
_NEXT = re.compile(r"(?:^|(?<=\}))[ \t]*@[ \t]*[A-Za-z]+[ \t]*[({]", re.MULTILINE)
_MARK = re.compile(r"\\.|[{}()\"]|^[ \t]*@[ \t]*[A-Za-z]+[ \t]*\{[ \t]*[^\s,{}=]+[ \t]*,", re.MULTILINE | re.DOTALL)
_KEY = re.compile(r"\s*([^\s,{}()=]*)\s*,")
_FIELD = re.compile(r"(?:^|,)[ \t]*([A-Za-z][\w:.+-]*)[ \t]*=", re.MULTILINE)
_SYNTAX_REMEDY = (
    "Look for a missing comma, brace or quotation mark just before this place (a % comment inside an entry is not "
    "allowed); the entry is left out until then."
)
_SAFE_KEY = re.compile(r"[a-z0-9]+(-[0-9]+)?\Z")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a BibTeX file from its ``@`` to its closing brace; ``closed`` is false where that is missing."""

    kind: str
    text: str
    line: int
    closed: bool = True

    @property
    def key(self) -> str:
        """The citation key, empty where none can be read."""
        start = _START.match(self.text)
        match = _KEY.match(self.text, start.end()) if start else None
        return match.group(1) if match else ""

    def field_line(self, name: str) -> int:
        """Return the line in the file on which a field begins, or the line of the block."""
        return self.field_lines().get(name, self.line)

    def field_lines(self) -> dict[str, int]:
        """Return the line in the file on which each field begins; the empty name stands for the block."""
        lines = {"": self.line}
        for name, line in self.field_places():
            lines.setdefault(name, line)
        return lines

    def field_places(self) -> list[tuple[str, int]]:
        """Return every field with its line, in the order of the text; what values hold is no field."""
        outside = _outline(self.text)
        return [
            (match.group(1).lower(), self.line + outside.count("\n", 0, match.start(1)))
            for match in _FIELD.finditer(outside)
        ]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as written: field names in lower case, values with macros resolved and LaTeX still in them."""

    kind: str
    key: str
    fields: Mapping[str, str]
    block: Block = field(repr=False)
    file: str = ""

    def line(self, name: str = "") -> int:
        """Return the line of a field, or of the entry."""
        return self.block.field_line(name) if name else self.block.line

    def problem(self, message: str, remedy: str, field_name: str = "", *, warning: bool = False) -> Problem:
        """Return a problem at the line of the field, or of the entry."""
        return Problem("warning" if warning else "error", self.file, self.line(field_name), self.key, message, remedy)


@dataclass(slots=True)
class Bibliography:
    """The entries of one file in their order, and the problems met while reading them."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def scan(text: str) -> Iterator[Block]:
    """Yield the blocks of a BibTeX text. A block without its closing brace ends where the next one begins."""
    position = 0
    line = 1
    while match := _START.search(text, position):
        start = match.start()
        line += text.count("\n", position, start)
        kind = match.group(1).lower()
        end = _closing(text, match.end(), nested=kind == "comment")
        closed = end is not None
        if end is None:
            following = _NEXT.search(text, match.end())
            end = following.start() if following else len(text)
        yield Block(kind, text[start:end], line, closed)
        line += text.count("\n", start, end)
        position = end


def _outline(text: str) -> str:
    """Return the text with the inside of every value blanked, line breaks kept, so that only the fields are left."""
    pieces = []
    depth = 0
    quoted = False
    for letter in text:
        if letter == "}":
            depth -= 1
        pieces.append(letter if letter == "\n" or (depth < 2 and not quoted) else " ")
        if letter == "{":
            depth += 1
        elif letter == '"' and depth == 1:
            quoted = not quoted
    return "".join(pieces)


def _closing(text: str, position: int, *, nested: bool) -> int | None:
    """Return where the block that opened just before ``position`` ends.

    None if it does not, or if another entry begins inside it where that is not ``nested``.
    """
    opener = text[position - 1]
    depth = 1
    quoted = False
    for match in _MARK.finditer(text, position):
        mark = match.group(0)
        if mark == "{":
            depth += 1
        elif mark == "}":
            depth -= 1
        elif mark == '"' and depth == 1:
            quoted = not quoted
        elif mark == ")" and opener == "(" and depth == 1 and not quoted:
            return match.end()
        elif mark[0] not in "\\()" and len(mark) > 1:
            if not nested:
                return None
            depth += 1
        if depth == 0:
            return match.end()
    return None


def read(text: str, file: str = "") -> Bibliography:
    """Read a BibTeX text. Cross-references and ``@string`` are resolved; each broken entry gives one problem.

    ``file`` is the name that problems carry.
    """
    found = Bibliography()
    macros: dict[str, str] = {}
    seen: dict[str, Entry] = {}
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    blocks = list(scan(text))
    found.problems += _strays(blocks, text, file)
    for block in blocks:
        if block.kind == "preamble":
            continue
        if block.kind == "comment":
            if re.search(r"@[A-Za-z]+\s*\{[^}]*,", block.text[1:]):
                message = "An entry stands inside a @comment and is not read."
                found.problems.append(
                    Problem("warning", file, block.line, "", message, "Take it out of the comment, or delete it.")
                )
            continue
        if not block.closed:
            found.problems.append(
                Problem(
                    "error", file, block.line, block.key, "The braces of this entry do not balance.",
                    "Add the missing brace, or take out the one too many; the entry is left out until then.",
                )
            )  # fmt: skip
            continue
        entry = _parse(block, file, macros, found.problems)
        if entry is None:
            continue
        first = seen.setdefault(entry.key.casefold(), entry)
        if first is entry:
            found.entries.append(entry)
        else:
            message = f"The key {entry.key} is already used in line {first.line()}."
            found.problems.append(entry.problem(message, "Give one of the two another key; the first is kept."))
    found.entries = [_with_parent(entry, seen, found.problems) for entry in found.entries]
    return found


def _parse(block: Block, file: str, macros: dict[str, str], problems: list[Problem]) -> Entry | None:
    """Let pybtex read one block; macros defined by it are added to ``macros``."""
    from pybtex.database.input.bibtex import LowLevelParser, UndefinedMacro, month_names
    from pybtex.utils import CaseInsensitiveDict

    broken = False

    def note(message: str, remedy: str, offset: int = 0) -> None:
        line = block.line + offset
        problems.append(Problem("error", file, line, block.key, message, remedy))

    def handle(error: PybtexSyntaxError) -> None:
        nonlocal broken
        offset = max((error.lineno or 1) - 1, 0)
        what = str(error.args[0]).rstrip(".")
        if isinstance(error, UndefinedMacro):
            note(f"The abbreviation is not defined: {what}.", "Define it with @string, or use braces.", offset=offset)
        else:
            broken = True
            note(f"This entry is no valid BibTeX: {what}.", _SYNTAX_REMEDY, offset=offset)

    known = CaseInsensitiveDict({**month_names, **macros})
    try:
        commands = list(LowLevelParser(block.text, macros=known, handle_error=handle))
    except Exception as error:  # pybtex raises bare exceptions on some malformed input
        note(f"This entry cannot be read ({type(error).__name__}).", "Compare it with a good entry and correct it.")
        return None
    if broken:
        return None
    if block.kind == "string":
        macros.update({name: value for name, value in known.items() if name not in month_names})
        return None
    if not commands:
        return None
    kind, (key, pairs) = commands[0]
    fields: dict[str, str] = {}
    for name, parts in pairs:
        name = name.lower()
        if name in fields:
            second = [line for known_name, line in block.field_places() if known_name == name][1:2]
            note(
                f"The field {name} is given twice.", "Keep one of the two; the first is used.",
                second[0] - block.line if second else 0,
            )  # fmt: skip
            continue
        fields[name] = "".join(str(part) for part in parts)
    if not key or not _SAFE_KEY.match(key):
        note(
            f"The key {key!r} is not usable." if key else "This entry has no key.",
            "Keys are lower-case ASCII letters and digits, as in ziller2014societal; findings add -1, -2 and so on.",
        )
        return None
    return Entry(kind.lower(), key, fields, block, file)


def _strays(blocks: list[Block], text: str, file: str) -> Iterator[Problem]:
    """Yield a problem for text between blocks that closes a brace which nothing opened: what it holds is not read."""
    position, line, key = 0, 1, ""
    for block in (*blocks, None):
        start = text.index(block.text, position) if block else len(text)
        between = text[position:start]
        if between.count("}") > between.count("{"):
            first = line + between[: len(between) - len(between.lstrip())].count("\n")
            owner = key if between.lstrip().startswith((",", "}")) else ""
            yield Problem(
                "error", file, first, owner, "This text stands outside of any entry, and has a brace too many.",
                "Look for a brace too many just before it, or one missing after @; it is not read until then.",
            )  # fmt: skip
        if block:
            position = start + len(block.text)
            line = block.line + block.text.count("\n")
            key = block.key


def _with_parent(entry: Entry, known: Mapping[str, Entry], problems: list[Problem]) -> Entry:
    """Return the entry with the fields of the entry that its ``crossref`` names; its own fields win."""
    name = entry.fields.get("crossref", "").strip()
    if not name:
        return entry
    parent = known.get(name.casefold())
    if parent is None:
        message = f"crossref names {name}, which is not in this file."
        problems.append(entry.problem(message, "Add that entry to the file, or take crossref out.", "crossref"))
        return entry
    inherited = {key: value for key, value in parent.fields.items() if key not in ("crossref", "key")}
    if "title" in inherited:
        inherited.setdefault("booktitle", inherited.pop("title"))
    return Entry(entry.kind, entry.key, {**inherited, **entry.fields}, entry.block, entry.file)
