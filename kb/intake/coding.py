"""Coding: findings of a study drafted, checked and put into its file, in one transaction that can be undone.

This is the face to command line and terminal program; the parts are in ``coding_text``, ``coding_words`` and
``coding_check``.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb.bibtex import read, scan
from kb.bibtex_writer import escape
from kb.errors import IntakeError, UnknownStudyError, UsageError
from kb.fields import FINDING
from kb.intake.coding_check import FieldProblem, full_problems, problems_of
from kb.intake.coding_text import Draft, appended, draft, finding_text, findings_in, next_number
from kb.intake.coding_words import Appraisal, appraisal_of, complete
from kb.intake.deed import improved
from kb.intake.difference import Difference
from kb.intake.transaction import apply, writing
from kb.text import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kb.collection import Collection
    from kb.problems import Problem
    from kb.vocabulary import Vocabulary

__all__ = [
    "Appraisal", "Coded", "Draft", "FieldProblem", "StudyFile", "appended", "appraisal_of", "complete", "draft",
    "finding_text", "findings_in", "full_problems", "has_measure", "hindrances", "next_number", "problems_of", "start",
    "study_file", "vocabulary_of", "with_findings", "write_all", "write_findings",
]  # fmt: skip

#: Fields in which the next finding of a study is often like the one before.
COPIED = ("policy", "population", "source", "sourcelevel", "locator")


class StudyFile(NamedTuple):
    """The file of a study: the folder that it counts from, its path and its text."""

    folder: Path
    path: Path
    text: str


class Coded(NamedTuple):
    """What was written: the keys of the new findings, their files, and the folder in which it can be undone."""

    keys: tuple[str, ...]
    files: tuple[Path, ...]
    folder: Path


def vocabulary_of(collection: Collection) -> Vocabulary:
    """Read the concepts of a collection from its ontology; nothing has to be built.

    Raises:
        CollectionError: the ontology cannot be read.
    """
    from kb.vocabulary import read_turtle

    return read_turtle(Path(file.path) for file in collection.ontology_files())


def study_file(collection: Collection, citekey: str) -> StudyFile:
    """Return the file of a study, from the first folder that holds it.

    Raises:
        UnknownStudyError: no folder holds it; the message suggests near keys.
        IntakeError: its file cannot be read as UTF-8.
    """
    files = collection.study_files()
    for folder in collection.studies:
        inside = [Path(file.path) for file in files if Path(file.path).parent == folder]
        for path in sorted(inside, key=lambda path: path.stem != citekey):
            content = _bytes(path)
            if citekey and citekey.encode("utf-8", "replace") in content and _holds(content, citekey):
                return StudyFile(folder, path, _text(path, content))
    raise UnknownStudyError(f"There is no study {citekey!r}.{_near(citekey, [file.stem for file in files])}")


def has_measure(file: StudyFile, citekey: str) -> bool:
    """Say whether the study itself names what stood for the policy; else its first finding has to."""
    return any(entry.key == citekey and entry.fields.get("measure", "").strip() for entry in read(file.text).entries)


def start(file: StudyFile, citekey: str, *, coder: str = "", copy: str | None = None) -> Draft:
    """Return the beginning of a new finding: study, coder and today; with ``copy`` also what another finding shares.

    ``copy``: the key or number of a finding of the study, or empty for its last one. Copied are policy, population,
    source, source level and locator.

    Raises:
        UsageError: the study has no such finding.
    """
    values = {"coder": coder, "coded": date.today().isoformat()}
    if copy is not None:
        known = findings_in(file.text, citekey)
        key = f"{citekey}-{copy}" if copy.isdigit() else copy or next(reversed(known), "")
        if key not in known:
            there = f"It has: {', '.join(known)}." if known else "It has no finding yet; leave --copy out."
            raise UsageError(f"{citekey} has no finding {copy or 'to copy'}. {there}")
        values |= {name: known[key][name] for name in COPIED if name in known[key]}
    return draft(citekey, values)


def hindrances(
    before: str, after: str, path: str, found: Sequence[FieldProblem], vocabulary: Vocabulary
) -> list[FieldProblem]:
    """Return the errors among ``found`` that an addition brings into a file; what was wrong before hinders nothing."""
    new = {block.key for block in scan(after) if block.kind == FINDING} - {block.key for block in scan(before)}
    old = {(each.problem.key, each.problem.message) for each in problems_of(before, path, vocabulary)}
    fresh = {each for each in problems_of(after, path, vocabulary) if _name_of(each.problem) not in old}
    return [each for each in found if each.is_error and (each.problem.key in new or each in fresh)]


def with_findings(text: str, citekey: str, drafts: Sequence[Mapping[str, str]]) -> str:
    """Return the text of a file with findings; a study that does not say its policy measure yet gets that of them.

    All else that was there stays as it is, byte for byte.
    """
    measures = "; ".join(dict.fromkeys(item for values in drafts for item in _items(values.get("measure", ""))))
    study = next((entry for entry in read(text).entries if entry.key == citekey), None)
    if measures and study and not study.fields.get("measure", "").strip():
        with suppress(StopIteration):  # the reader that keeps places does not find the entry
            text = improved(text, citekey, [Difference("measure", "", escape(measures))])
    return appended(text, citekey, drafts)


def write_findings(collection: Collection, citekey: str, drafts: Sequence[Mapping[str, str]], what: str) -> Coded:
    """Add findings to the file of a study, all or none; ``what`` is the name under which it can be undone.

    Raises:
        UnknownStudyError: no folder holds the study.
        IntakeError: a finding has errors (the message names them), or the file cannot be read or written.
    """
    return write_all(collection, {citekey: drafts}, what)


def write_all(
    collection: Collection,
    drafts: Mapping[str, Sequence[Mapping[str, str]]],
    what: str,
    expected: Mapping[str, str] | None = None,
) -> Coded:
    """Add findings to the files of several studies (key -> drafts) in one transaction.

    ``expected``: what the file of each study held when the findings were planned and asked of the shapes; where it
    changed since, nothing is written. Without it, the shapes are asked here.

    Raises:
        UnknownStudyError: no folder holds a study.
        IntakeError: a finding has errors, studies lie in different folders, or a file cannot be read or written.
    """
    drafts = {key: wanted for key, wanted in drafts.items() if wanted}
    vocabulary = vocabulary_of(collection)
    folders = {study_file(collection, key).folder for key in drafts}
    if len(folders) > 1:
        names = " and ".join(sorted(map(str, folders)))
        raise IntakeError(f"These studies lie in {names}. Code them apart, so that each can be undone.")
    folder = folders.pop() if folders else collection.studies[0]
    with writing(folder):
        before: dict[Path, str] = {}
        after: dict[Path, str] = {}
        keys: list[str] = []
        for key, wanted in drafts.items():
            file = study_file(collection, key)
            if expected and expected.get(key, file.text) != file.text:
                raise IntakeError(f"{file.path} changed in the meantime. Nothing was written; try again.")
            text = after.get(file.path, file.text)
            before.setdefault(file.path, file.text)
            number = next_number(text, key)
            keys += [f"{key}-{number + offset}" for offset in range(len(wanted))]
            after[file.path] = with_findings(text, key, wanted)
        named = {str(path): text for path, text in after.items()}
        if expected is None:
            found = full_problems(named, collection, vocabulary)
        else:
            found = {path: problems_of(text, path, vocabulary) for path, text in named.items()}
        _refuse(before, after, keys, found, vocabulary)
        apply(folder, what, {path.name: text for path, text in after.items()})
    return Coded(tuple(keys), tuple(after), folder)


def _refuse(
    before: Mapping[Path, str],
    after: Mapping[Path, str],
    keys: Sequence[str],
    found: Mapping[str, list[FieldProblem]],
    vocabulary: Vocabulary,
) -> None:
    """Raise the first errors of an addition in one sentence each."""
    errors = []
    for path, text in after.items():
        errors += hindrances(before[path], text, str(path), found[str(path)], vocabulary)
    if errors:
        shown = " ".join(f"{each.problem.key or each.problem.file}: {each.sentence}" for each in errors[:3])
        more = f" There are {len(errors) - 3} more." if len(errors) > 3 else ""
        raise IntakeError(f"{counted(len(errors), 'mistake')}, so nothing was written. {shown}{more}")
    readable = {key for text in after.values() for key in _keys(text)}
    if lost := [key for key in keys if key not in readable]:
        raise IntakeError(f"{lost[0]} could not be read again. Nothing was written; mend the file with mipex-kb check.")


def _items(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _keys(text: str) -> set[str]:
    return {entry.key for entry in read(text).entries}


def _name_of(problem: Problem) -> tuple[str, str]:
    return problem.key, problem.message


def _holds(content: bytes, citekey: str) -> bool:
    kinds = (FINDING, "comment", "string", "preamble")
    return any(block.key == citekey and block.kind not in kinds for block in scan(content.decode("utf-8", "replace")))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise IntakeError(f"{path} cannot be read: {error.strerror}. Check its permissions.") from None


def _text(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise IntakeError(f"{path}:{line} is not UTF-8. Save the file as UTF-8 first; nothing was written.") from None


def _near(citekey: str, known: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(citekey.lower(), known, n=3, cutoff=0.6)
    near = near or [name for name in known if len(citekey) > 3 and name.startswith(citekey.lower()[:6])][:3]
    return f" Did you mean {' or '.join(near)}?" if near else " Add it first with: mipex-kb add FILE.bib"
