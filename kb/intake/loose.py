"""A tolerant reader of BibTeX and biblatex: every well-formed entry, wherever it stands, with the place of each part.

The strict reader of our own files is ``kb.bibtex``. This one keeps places, for an entry is taken over byte for byte.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from kb.fields import BIBO_CLASSES

_START = re.compile(r"@[ \t\r\n]*([A-Za-z][\w:+.-]*)[ \t\r\n]*([{(])")
#: A line that begins an entry: where it stands inside a value, a brace before it is probably missing.
_MARK = re.compile(r"^[ \t]*@[ \t]*[A-Za-z]+[ \t]*[{(][ \t]*[^\s,{}()=\"]+[ \t]*,", re.MULTILINE)
# Possessive: text of any kind is searched, and none may take more time than its length allows.
_KEY = re.compile(r"[ \t\r\n]*+((?:[^,={} \t\r\n]++|[ \t\r\n]++(?=[^,={} \t\r\n]))*+)[ \t\r\n]*+(?=[,}])")
_KEY_ROUND = re.compile(r"[ \t\r\n]*+((?:[^,={}() \t\r\n]++|[ \t\r\n]++(?=[^,={}() \t\r\n]))*+)[ \t\r\n]*+(?=[,)])")
_WORD_OF_NAME = r"[^\s=,{}\"#@()]++"
_NAME = re.compile(rf"[ \t\r\n,]*+({_WORD_OF_NAME}(?:[ \t\xa0]++{_WORD_OF_NAME})*+)[ \t\r\n]*+=[ \t\r\n]*+")
_KEY_ALONE = re.compile(rf"[ \t\r\n]*+({_WORD_OF_NAME})[ \t\r\n]++{_WORD_OF_NAME}[ \t\r\n]*+=")
#: Fields behind an entry: it ended too early.
_REST = re.compile(rf"[ \t\r\n]*+,?[ \t\r\n]*+(?!%){_WORD_OF_NAME}[ \t]*+=[ \t]*+[{{\"0-9]")
_PLAIN_NAME = re.compile(r"[A-Za-z][\w:+.-]*\Z", re.ASCII)
_PLAIN_HEAD = re.compile(r"@[ \t]*[A-Za-z]+[ \t]*\{")
_PLAIN_MACRO = re.compile(r"[A-Za-z@!$&*+./:;<>?\[\\\]^_`|~-][\w@!$&*+./:;<>?\[\\\]^`|~-]*\Z", re.ASCII)
#: Escaped braces, and a line that may be taken for the next entry: readers of BibTeX differ over them.
_ODD = re.compile(r"\\[{}]|[\r\n][ \t]*@")
_PLAIN = re.compile(r"\{([^{}]*)\}[ \t\r\n]*(?=[,})])")
_BRACE = re.compile(r"[{}]")
_BRACE_ESCAPED = re.compile(r"\\.|[{}]", re.DOTALL)
_QUOTED_END = re.compile(r"[{}\"]")
_FIELD_LINE = re.compile(r"[\r\n][ \t]*[A-Za-z][\w-]*[ \t]*=[ \t]*[\"{]")
_BEHIND_QUOTE = re.compile(r"[ \t]*+(?:[,#})]|(?:\r\n|\r|\n)[ \t\r\n]*+[,#})]|\Z)")
_WORD = re.compile(r"[^\s=,{}\"#()]+")
_SPACE = re.compile(r"[ \t\r\n]*(?:%[^\n]*(?:\n[ \t\r\n]*|\Z))*")
_SEPARATOR = re.compile(r"[ \t\r\n,]*")
_COMMENTED = re.compile(r"(?:[ \t]*%[^\n]*(?:\n|\Z))+")
_COMMENT_LINE = re.compile(r"[ \t\r\n,]*%[^\n]*\n")
_HIDDEN = 10  # entries inside a comment above which its closing brace was forgotten rather than meant
_LOOK_AHEAD = 400_000  # characters after which an entry counts as one whose closing brace is missing


@dataclass(frozen=True, slots=True)
class Value:
    """One part of a value: text in braces or quotation marks, a number, or (``macro``) an abbreviation."""

    text: str
    macro: bool = False


@dataclass(frozen=True, slots=True)
class RawField:
    """One field as written. ``start`` and ``end``: from the first letter of its name to the end of its value."""

    name: str
    parts: tuple[Value, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One entry as written; places are offsets in the text of the file. ``close`` is where its closing brace stands.

    ``plain``: nothing in it but what every reader of BibTeX takes.
    """

    kind: str
    key: str
    fields: tuple[RawField, ...]
    start: int
    end: int
    key_start: int
    key_end: int
    close: int
    line: int
    plain: bool


@dataclass(frozen=True, slots=True)
class Broken:
    """A piece that is no entry: where, which key it seems to have, and what is wrong with it."""

    key: str
    line: int
    reason: str
    kind: str = ""


@dataclass(slots=True)
class RawFile:
    """What a text holds: entries, ``@string`` definitions in their order, and what could not be read."""

    entries: list[RawEntry] = field(default_factory=list)
    strings: list[RawEntry] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    remarks: list[Broken] = field(default_factory=list)


class _NotAnEntryError(Exception):
    """The text at a place does not continue an entry."""

    def __init__(self, reason: str, place: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = place


def read_loose(text: str) -> RawFile:
    """Read a text; any text is accepted, and nothing raises."""
    return _Reader(text).read()


class _Reader:
    """Reads one text from its beginning to its end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._breaks = [match.start() for match in re.finditer(r"\r\n|\r|\n", text)]
        self._marked = (0, -1)
        self._groups: dict[bool, dict[int, int]] = {}
        self._lenient = False
        self._found = RawFile()

    def read(self) -> RawFile:
        """Return everything that the text holds."""
        place = 0
        while match := _START.search(self._text, place):
            place = self._commented_out(match) or self._block(match)
        return self._found

    def line(self, place: int) -> int:
        """Return the number of the line in which a place is."""
        return bisect_right(self._breaks, place - 1) + 1

    def _commented_out(self, match: re.Match[str]) -> int:
        """Return where a block ends of which every line begins with a percent sign, 0 where it is none."""
        line = self._text.rfind("\n", 0, match.start()) + 1
        if not self._text[line : match.start()].lstrip().startswith("%"):
            return 0
        block = _COMMENTED.match(self._text, line)
        if block is None or block.end() < match.end() or block.group(0).count("\n") < 2:
            return 0
        key = _KEY.match(self._text, match.end())
        reason = "An entry that is commented out is not read; take the percent signs away if it is wanted."
        self._found.remarks.append(
            Broken(key.group(1) if key else "", self.line(match.start()), reason, match.group(1).lower())
        )
        return block.end()

    def _block(self, match: re.Match[str]) -> int:
        """Read the block that begins at the match; return where to go on."""
        kind = match.group(1).lower()
        if kind in ("comment", "preamble"):
            return self._skipped(match, kind)
        reason = ""
        for escaped, self._lenient in ((False, False), (True, False), (False, True)):
            try:
                entry = self._entry(match, kind, escaped=escaped)
            except _NotAnEntryError as error:
                reason = reason or f"{error.reason} (line {self.line(error.place)})"
            else:
                if not entry.fields and entry.kind not in BIBO_CLASSES:  # an address of e-mail, a rule of a style sheet
                    self._found.broken.append(Broken(entry.key, entry.line, "no entry: it has no field", kind))
                    return entry.end
                (self._found.strings if kind == "string" else self._found.entries).append(entry)
                if _REST.match(self._text, entry.end):
                    reason = "fields stand behind the end of this entry and are not read: a brace before is too many"
                    self._found.broken.append(Broken(entry.key, self.line(entry.end), reason, kind))
                return entry.end
        key = _KEY.match(self._text, match.end()) or _KEY_ALONE.match(self._text, match.end())
        self._found.broken.append(Broken(key.group(1) if key else "", self.line(match.start()), reason, kind))
        following = self._mark_after(match.end())
        return following if following < len(self._text) else self._end_of_rest(match.end())

    def _mark_after(self, place: int) -> int:
        """Return where the next line is that begins an entry, or the end of the text."""
        if not self._marked[0] <= place <= self._marked[1]:
            following = _MARK.search(self._text, place)
            self._marked = (place, following.start() if following else len(self._text))
        return self._marked[1]

    def _end_of_rest(self, place: int) -> int:
        """Return where to look on after a broken block with no marked entry behind it."""
        following = _START.search(self._text, place)
        return following.start() if following else len(self._text)

    def _skipped(self, match: re.Match[str], kind: str) -> int:
        try:
            end = self._braces(match.end() - 1, escaped=False) if match.group(2) == "{" else match.end()
        except _NotAnEntryError:
            end = match.end()
        inside = self._text[match.end() : end]
        first = inside.splitlines()[0] if inside.strip() else ""
        if first.strip() and "}" not in first and "@" not in first and len(_MARK.findall(inside)) > _HIDDEN:
            return match.end() + len(first)  # a remark whose brace was never closed: entries behind it are read
        if kind == "comment" and (hidden := _MARK.search(inside) or _START.match(inside.lstrip())):
            key = _KEY.match(hidden.string, hidden.start())
            line, many = self.line(match.start()), len(_MARK.findall(inside))
            reason = "An entry inside a @comment is not read; take it out of the comment if it is wanted."
            if many > 1:
                reason = f"{many} entries inside a @comment are not read; if they are wanted, close it before them."
            self._found.remarks.append(Broken(key.group(1) if key else "", line, reason, kind))
        return end

    def _entry(self, match: re.Match[str], kind: str, *, escaped: bool) -> RawEntry:
        text, place = self._text, match.end()
        closer = "}" if match.group(2) == "{" else ")"
        key, key_start, key_end = "", place, place
        pattern = _KEY if closer == "}" else _KEY_ROUND
        if kind != "string" and (found := pattern.match(text, place)):
            key, key_start, key_end = found.group(1), found.start(1), found.end(1)
            place = found.end()
        elif kind != "string" and _KEY_ALONE.match(text, place):
            raise _NotAnEntryError("the comma behind the key is missing", place)
        fields: list[RawField] = []
        plain = not escaped and not self._lenient and bool(_PLAIN_HEAD.match(text, match.start()))
        while True:
            before = place
            place = self._between(place)
            plain = plain and text.count(",", before, place) <= 1 and "%" not in text[before:place]
            if place >= len(text):
                raise _NotAnEntryError("the closing brace is missing", match.start())
            if text[place] == closer:
                line = self.line(match.start())
                plain = plain and not _ODD.search(text, match.start(), place)
                if kind == "string":  # one abbreviation, and no comma behind it
                    plain = plain and len(fields) == 1 and "," not in text[before:place]
                return RawEntry(
                    kind, key, tuple(fields), match.start(), place + 1, key_start, key_end, place, line, plain
                )  # fmt: skip
            name = _NAME.match(text, place)
            if name is None:
                raise _NotAnEntryError(self._what_is_wrong(place, match.end()), place)
            parts, place = self._value(name.end(), closer, escaped=escaped)
            fields.append(RawField(name.group(1).lower(), parts, name.start(1), place))
            after = _SPACE.match(text, place).end()  # type: ignore[union-attr]
            known = _PLAIN_NAME.match(name.group(1)) and "%" not in text[place:after]
            plain = bool(plain and known and (parts[0].text or text[place - 1] in '}"'))
            plain = plain and all(_PLAIN_MACRO.match(part.text) for part in parts if part.macro)
            if text[after : after + 1] not in (",", closer):
                plain = False
                if not _NAME.match(text, after):
                    raise _NotAnEntryError(self._what_is_wrong(after, match.end()), after)

    def _between(self, place: int) -> int:
        """Skip space, commas and lines of comment between fields."""
        while comment := _COMMENT_LINE.match(self._text, place):
            place = comment.end()
        return _SEPARATOR.match(self._text, place).end()  # type: ignore[union-attr]

    def _what_is_wrong(self, place: int, start: int) -> str:
        line = self._text.rfind("\n", 0, place) + 1
        if place >= len(self._text) or (line >= start and _MARK.match(self._text, line, place + 200)):
            return "the closing brace is missing"
        if self._text.startswith(('"', "}", ")"), place):
            return "a brace or quotation mark too many"
        return "no field name with an equals sign where one should be" if place > start else "no key and no field"

    def _value(self, place: int, closer: str, *, escaped: bool) -> tuple[tuple[Value, ...], int]:
        """Return the parts of a value and where it ends."""
        text = self._text
        plain = _PLAIN.match(text, place) if not escaped else None
        if plain and not (closer == ")" and "@" in plain.group(1)):
            return (Value(plain.group(1)),), plain.end(1) + 1
        parts: list[Value] = []
        while True:
            letter = text[place : place + 1]
            if letter == "{":
                end = self._braces(place, escaped=escaped)
                parts.append(Value(text[place + 1 : end - 1]))
            elif letter == '"':
                end = self._quotes(place)
                parts.append(Value(text[place + 1 : end - 1]))
            elif word := _WORD.match(text, place):
                end = word.end()
                parts.append(Value(word.group(0), macro=not re.fullmatch(r"[0-9]+", word.group(0))))
            elif not parts and letter in (",", closer):
                return (Value(""),), place
            else:
                raise _NotAnEntryError("a field has no value", place)
            after = _SPACE.match(text, end).end()  # type: ignore[union-attr]
            if not text.startswith("#", after):
                return tuple(parts), end
            place = _SPACE.match(text, after + 1).end()  # type: ignore[union-attr]

    def _braces(self, place: int, *, escaped: bool) -> int:
        """Return where the group that opens here ends, just behind its closing brace."""
        end = self._pairs(escaped=escaped).get(place)
        if end is None or end > place + _LOOK_AHEAD:
            raise _NotAnEntryError("the closing brace is missing", place)
        return end

    def _pairs(self, *, escaped: bool) -> dict[int, int]:
        """Return where each group of the text ends, by where it opens."""
        if escaped not in self._groups:
            pairs, still_open = {}, []
            for match in (_BRACE_ESCAPED if escaped else _BRACE).finditer(self._text):
                if match.group(0) == "{":
                    still_open.append(match.start())
                elif match.group(0) == "}" and still_open:
                    pairs[still_open.pop()] = match.end()
            self._groups[escaped] = pairs
        return self._groups[escaped]

    def _quotes(self, place: int) -> int:
        """Return where the value in quotation marks that opens here ends; braces in it protect quotation marks.

        Leniently, a quotation mark ends the value only where a comma, a cross or the end of the entry follows.
        """
        here = place + 1
        while match := _QUOTED_END.search(self._text, here, place + _LOOK_AHEAD):
            letter = match.group(0)
            if letter == '"':
                if self._lenient and self._text[place + 1 : match.start()].rstrip().endswith("="):
                    raise _NotAnEntryError("the closing quotation mark is missing", place)
                if self._lenient and not _BEHIND_QUOTE.match(self._text, match.end()):
                    here = match.end()
                    continue
                if self._lenient and _FIELD_LINE.search(self._text, place, match.end()):
                    break
                return match.end()
            if letter == "}":
                raise _NotAnEntryError("a brace too many in quotation marks", match.start())
            here = self._pairs(escaped=False).get(match.start(), len(self._text))
        raise _NotAnEntryError("the closing quotation mark is missing", place)
