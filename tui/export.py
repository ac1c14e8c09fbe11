"""What is taken away from a screen: which files, in which formats, and what is remembered of it for the next time."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb.errors import ExportError, UserFolderError
from kb.export import write_file
from kb.sheet import SHEET_FORMATS, WITHOUT_RECORD, about, file_stem, reference_documents, render_sheet, whole_sheet
from kb.text import counted
from kb.user_folder import changing, read_json, write_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kb.session import Session
    from kb.sheet import Sheet
    from kb.studies import StudyDocument

_FILE = "export.json"
_REFERENCES = ("bibtex", "biblatex", "ris", "csl-json")
#: Before the name of a format that a screen brings itself.
RAW = "raw "
#: Formats that cannot be shown as text.
BINARY = ("xlsx",)
_ENDINGS = sorted({*SHEET_FORMATS.values(), "csl", "biblatex"}, key=len, reverse=True)


class Wish(NamedTuple):
    """What is to be written: ``forms`` of sheets, ``raw`` ones by name, all columns or those shown, with the record."""

    forms: tuple[str, ...] = ("csv",)
    raw: tuple[str, ...] = ()
    whole: bool = False
    record: bool = True

    def toggled(self, form: str) -> Wish:
        """Return the wish with a format more or less, in the order in which they are offered."""
        forms = {*self.forms} ^ {form}
        return self._replace(forms=tuple(name for name in SHEET_FORMATS if name in forms))

    def toggled_raw(self, name: str) -> Wish:
        """Return the wish with a further format more or less."""
        return self._replace(raw=tuple(n for n in self.raw if n != name) if name in self.raw else (*self.raw, name))


class Parcel:
    """One table and all the ways in which it can be taken away. ``raw`` gives further formats by ending."""

    def __init__(self, session: Session, sheet: Sheet, raw: Mapping[str, Callable[[], bytes]]) -> None:
        self._session = session
        self.sheet = sheet
        self.raw = raw
        self.about = about(sheet, session.version())
        self._all_columns: Sheet | None = None
        self._documents: list[StudyDocument] | None = None

    @property
    def has_more(self) -> bool:
        """Say whether there are columns that are not shown."""
        return bool(self.sheet.keys) and not set(self._whole().header) <= set(self.sheet.header)

    def _whole(self) -> Sheet:
        if self._all_columns is None:
            self._all_columns = whole_sheet(self.sheet, self._session)
        return self._all_columns

    def _references(self) -> list[StudyDocument]:
        if self._documents is None:
            self._documents = reference_documents(self.sheet.studies, self._session)
        return self._documents

    def stem(self, folder: str) -> str:
        """Return the name to write to, without ending, in a folder; in the current one where it does not exist."""
        place = Path(folder) if folder and Path(folder).is_dir() else Path.cwd()
        return str(place / file_stem(self.about))

    def files(self, stem: str, wish: Wish) -> dict[str, Path]:
        """Return the format and the path of each file; an ending that was typed is taken off first.

        Raises:
            ExportError: the name is none.
        """
        path = _path(stem)
        return {form: path.with_name(f"{path.name}.{ending}") for form, ending in self._endings(wish).items()}

    def _endings(self, wish: Wish) -> dict[str, str]:
        forms = {form: SHEET_FORMATS[form] for form in wish.forms}
        raw = {RAW + name: re.sub(r"[^\w.-]+", "-", name) for name in wish.raw if name in self.raw}
        return forms | {name: f"w3c.{end}" if end in forms.values() else end for name, end in raw.items()}

    def announced(self, stem: str, wish: Wish) -> str:
        """Return which files will be written: the name whole, and the endings; empty where nothing is ticked.

        Raises:
            ExportError: the name is none.
        """
        files, endings = self.files(stem, wish), self._endings(wish)
        shown = [f".{endings[form]}{' (exists)' if path.exists() else ''}" for form, path in files.items()]
        return f"Writes {_path(stem)} with {' and '.join(shown)}" if files else ""

    def content(self, form: str, wish: Wish) -> bytes:
        """Return the content of a file.

        Raises:
            KnowledgeBaseError: it cannot be made.
        """
        if form.startswith(RAW):
            return self.raw[form.removeprefix(RAW)]()
        sheet = self._whole() if wish.whole else self.sheet
        documents = self._references() if form in _REFERENCES else ()
        content = render_sheet(form, sheet, self.about, documents, bare=not wish.record)
        return content.encode() if isinstance(content, str) else content

    def said(self, files: Mapping[str, Path], wish: Wish) -> str:
        """Return what was written, how much, and where."""
        rows, studies = len(self.sheet.rows), len(self.sheet.studies)
        parts = [counted(rows, "row")] if ({*SHEET_FORMATS} - {*_REFERENCES}) & {*files} else []
        parts += [counted(studies, "reference")] if set(files) & {*_REFERENCES} else []
        names = " and ".join(path.name for path in files.values())
        folders = " and ".join(dict.fromkeys(str(path.absolute().parent) for path in files.values()))
        bare = [form for form in files if form in WITHOUT_RECORD and wish.record]
        told = f" {bare[0]} has no place for the query and the date." if bare else ""
        what = f"{' and '.join(parts)} to " if parts else ""
        return f"Written: {what}{names} in {folders}.{told}"


def write(files: Iterable[tuple[Path, bytes]], *, force: bool = False) -> None:
    """Write files, each whole or not at all.

    Raises:
        ExportError: one exists and ``force`` is off, or cannot be written.
    """
    for path, content in files:
        write_file(path, content, force=force)


def recall() -> tuple[Wish, str]:
    """Return what was wished for last, and the folder; the usual wish where nothing of it is understood."""
    try:
        found = read_json(_FILE)
    except UserFolderError:
        return Wish(), ""
    if not isinstance(found, dict):
        return Wish(), ""
    listed = found.get("forms")
    forms = tuple(form for form in SHEET_FORMATS if isinstance(listed, list) and form in listed) or Wish().forms
    folder = found.get("folder")
    wish = Wish(forms, (), found.get("whole") is True, found.get("record") is not False)
    return wish, folder if isinstance(folder, str) else ""


def remember(wish: Wish, folder: str) -> None:
    """Remember a wish and a folder for the next time, where the user's folder can be written.

    Where only formats of a screen's own were wished for, the others stay as they were.
    """
    with suppress(UserFolderError), changing():
        forms = wish.forms or recall()[0].forms
        found = {"forms": list(forms), "whole": wish.whole, "record": wish.record, "folder": folder}
        write_json(_FILE, found)


def _path(stem: str) -> Path:
    """Return the path of a name without its ending.

    Raises:
        ExportError: the name is none.
    """
    try:
        path = Path(_without_ending(stem.strip())).expanduser()
    except RuntimeError:  # a home that does not exist
        raise ExportError(f"There is no folder {stem.strip()}. Name another place.") from None
    if not stem.strip() or stem.strip().endswith("/") or path.name in ("", "..", "~"):
        raise ExportError("Name a file first.")
    return path


def _without_ending(stem: str) -> str:
    for ending in _ENDINGS:
        if stem.lower().endswith(f".{ending}"):
            return stem[: -len(ending) - 1]
    return stem
