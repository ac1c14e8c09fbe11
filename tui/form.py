"""The form of one study as data: its fields, what may stand in them, what is wrong there, and how they are saved."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb.bibtex import read, scan
from kb.bibtex_writer import escape
from kb.fields import CONCEPT_FIELDS, FINDING, FINDING_FIELDS, MEASURE_STATUS
from kb.intake import coding
from kb.intake.coding_words import SEVERAL, field_help, kinds_of, named, written
from kb.intake.deed import improved
from kb.intake.difference import Difference
from kb.intake.transaction import apply, writing
from kb.latex import decode, unescape
from kb.text import clean_text
from kb.vocabulary import CIRCLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kb.bibtex import Entry
    from kb.intake.coding import Appraisal, Coded, FieldProblem
    from kb.vocabulary import Concept, Vocabulary
    from tui.desk import Desk

STUDY = "study"
_SEVERAL_OF_STUDY = ("measure", "design", "data", "countries")
#: Fields below the others, because most findings go without them.
_RARE = ("measure", "estimate", "se", "p", "n", "model", "verifier", "verified", "note")


class Field(NamedTuple):
    """One field of the form. ``part``: study or finding; ``separator``: what stands between several values."""

    part: str
    name: str
    needed: str
    meaning: str
    kinds: tuple[str, ...]
    separator: str

    @property
    def id(self) -> str:
        """Its name in the screen."""
        return f"{self.part}-{self.name}"


class Suggestion(NamedTuple):
    """Something that may stand in a field: as it is written, its name, and what it means."""

    text: str
    label: str
    definition: str


class Checked(NamedTuple):
    """A form as it stands: what is missing, what is wrong by field, what is wrong otherwise, and what follows."""

    needed: tuple[str, ...]
    problems: dict[str, FieldProblem]
    others: tuple[FieldProblem, ...]
    appraisal: Appraisal
    text: str

    @property
    def errors(self) -> int:
        """How many mistakes there are."""
        return sum(found.is_error for found in (*self.problems.values(), *self.others))

    def in_words(self, key: str) -> str:
        """Return in a line what is wrong, needed and follows; ``key`` is that of the finding."""
        wrong = [name.partition("-")[2] for name, found in self.problems.items() if found.is_error]
        wrong = [name for name in wrong if name not in self.needed]
        parts = [f"{key}."]
        parts += [f"Wrong: {', '.join(wrong)}."] if wrong else []
        parts += [found.sentence for found in self.others[:1]]
        parts += [f"Needed: {', '.join(self.needed)}."] if self.needed else []
        return " ".join([*parts, str(self.appraisal)])


@cache
def form_fields() -> tuple[Field, ...]:
    """Return all fields: those of the study, then those of the finding, in the order of the manual but for the rare."""
    lines = (Path(__file__).parent / "study_fields.tsv").read_text("utf-8").splitlines()[1:]
    fields = []
    for name, needed, meaning in (line.split("\t") for line in lines):
        kinds = (CONCEPT_FIELDS[name],) if name in CONCEPT_FIELDS else ()
        fields.append(Field(STUDY, name, needed, meaning, kinds, ";" * (name in _SEVERAL_OF_STUDY)))
    usual = [name for name in FINDING_FIELDS if name not in _RARE and name != "study"]
    for name in (*usual, *_RARE):
        separator = "->" if name == "relation" else ";" * (name in SEVERAL)
        fields.append(Field(FINDING, name, *field_help()[name], kinds_of(name), separator))
    return tuple(fields)


class Form:
    """One study and the next finding of it. Values go by the ``id`` of their field."""

    def __init__(self, desk: Desk, citekey: str) -> None:
        """Read the study.

        Raises:
            KnowledgeBaseError: there is no such study, or its file or the ontology cannot be read.
        """
        self.citekey = citekey
        self._desk = desk
        self.vocabulary = desk.vocabulary()
        self.file = coding.study_file(desk.collection, citekey)
        self._base = "\n\n".join(block.text for block in scan(self.file.text) if block.kind != FINDING) + "\n"
        entry = next((e for e in read(self.file.text).entries if e.key == citekey and e.kind != FINDING), None)
        self._fields: Mapping[str, str] = entry.fields if entry else {}
        self._before = {found.problem.message for found in self._problems(self._base) if found.problem.key == citekey}
        self.number = coding.next_number(self.file.text, citekey)
        self.coded = len(coding.findings_in(self.file.text, citekey))
        self.title = _reference(citekey, entry)

    @property
    def key(self) -> str:
        """The key of the next finding."""
        return f"{self.citekey}-{self.number}"

    def fields(self) -> list[Field]:
        """Return the fields to fill: those of the study only where its file leaves them empty."""
        filled = {name for name, value in self._fields.items() if value.strip()}
        filled |= {"countries", "coverage"} if filled & {"countries", "coverage"} else set()
        return [field for field in form_fields() if field.part == FINDING or field.name not in filled]

    def start(self, *, copy: bool) -> dict[str, str]:
        """Return the values at the beginning; with ``copy``, what the last finding of the study is likely to share."""
        last = "" if copy and self.coded else None
        values = coding.start(self.file, self.citekey, coder=self._desk.coder, copy=last)
        return {f"{FINDING}-{name}": value for name, value in values.items() if name != STUDY}

    def suggestions(self, field: Field, text: str) -> list[Suggestion]:
        """Return what may stand in a field, for the value that is being typed in it."""
        _, segment = split(field, text)
        if field.name == "measurestatus":
            return [Suggestion(word, "", "") for word in MEASURE_STATUS if word.startswith(segment.casefold())]
        if field.name == "source":
            return [Suggestion(found, "", "") for found in self._addresses() if segment in found]
        if field.name == "data":
            segment = segment.partition(":")[0]
        found = [concept for kind in field.kinds for concept in _complete(kind, segment, self.vocabulary)]
        return [
            Suggestion(written(concept), concept.label, concept.definition)
            for concept in found
            if not (concept.kind == "measure" and concept.notation in CIRCLES)
        ]

    def tidy(self, field: Field, text: str) -> str:
        """Return a value with names of concepts replaced by what the coding format writes."""
        text = clean_text(text)
        return named(field.name, text, self.vocabulary) if field.kinds and field.part == FINDING else text

    def appraisal(self, values: Mapping[str, str]) -> Appraisal:
        """Return the appraisal as it follows from the form, or that it has to be coded."""
        return coding.appraisal_of(self._parts(values)[1], self.vocabulary)

    def needed(self, values: Mapping[str, str]) -> list[Field]:
        """Return the fields that are empty and may not stay so."""
        always = ("yes", "moderator") if values.get(f"{FINDING}-role", "").strip() == "moderator" else ("yes",)
        return [f for f in self.fields() if f.needed in always and not values.get(f.id, "").strip()]

    def check(self, values: Mapping[str, str]) -> Checked:
        """Return what is missing, wrong and follows; light enough to be asked at every change."""
        study, finding = self._parts(values)
        draft = coding.draft(self.citekey, finding)
        entry = coding.finding_text(self.citekey, self.number, draft)
        problems: dict[str, FieldProblem] = {}
        others = []
        shown = {field.id for field in self.fields()}
        for found in self._problems(f"{self._improved(self._base, study)}\n{entry}"):
            if found.problem.key != self.key and found.problem.message in self._before:
                continue
            part = FINDING if found.problem.key == self.key else STUDY
            name = found.field or ("measure" if part == STUDY and "field measure" in found.problem.message else "")
            if f"{part}-{name}" in shown:
                problems.setdefault(f"{part}-{name}", found)
            elif found.is_error:
                others.append(found)
        needed = tuple(field.name for field in self.needed(values))
        return Checked(needed, problems, tuple(others), coding.appraisal_of(draft, self.vocabulary), entry)

    def save(self, values: Mapping[str, str]) -> Coded:
        """Write the finding, and what was added on the study, in one transaction.

        Raises:
            KnowledgeBaseError: something is wrong with them, or the file cannot be written.
        """
        study, finding = self._parts(values)
        collection, what = self._desk.collection, f"code {self.citekey}"
        if not study:
            return coding.write_findings(collection, self.citekey, [finding], what)
        from kb.errors import IntakeError

        with writing(self.file.folder):
            file = coding.study_file(collection, self.citekey)
            if file.text != self.file.text:
                raise IntakeError(f"{file.path} changed in the meantime. Nothing was written; open the study again.")
            key = f"{self.citekey}-{coding.next_number(file.text, self.citekey)}"
            text = coding.appended(self._improved(file.text, study), self.citekey, [finding])
            path = str(file.path)
            found = coding.full_problems({path: text}, collection, self.vocabulary)[path]
            if errors := coding.hindrances(file.text, text, path, found, self.vocabulary):
                raise IntakeError(f"Nothing was written. {' '.join(error.sentence for error in errors[:3])}")
            apply(file.folder, what, {file.path.name: text})
        return coding.Coded((key,), (file.path,), file.folder)

    def _problems(self, text: str) -> list[FieldProblem]:
        return coding.problems_of(text, self.file.path.name, self.vocabulary)

    def _parts(self, values: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        """Return the values of the study and of the finding, by the names of their fields."""
        parts: dict[str, dict[str, str]] = {STUDY: {}, FINDING: {}}
        for field in self.fields():
            if text := values.get(field.id, "").strip():
                parts[field.part][field.name] = text
        return parts[STUDY], parts[FINDING]

    def _improved(self, text: str, study: Mapping[str, str]) -> str:
        found = [Difference(name, "", escape(clean_text(value))) for name, value in study.items()]
        return improved(text, self.citekey, found) if found else text

    def _addresses(self) -> Iterable[str]:
        """Return the addresses under which the file says that the study can be read."""
        doi = unescape(clean_text(self._fields.get("doi", "")))
        found = [doi if doi.startswith("http") else f"https://doi.org/{doi}"] if doi else []
        for name in ("url", "bibsource"):
            found += [part.strip() for part in unescape(clean_text(self._fields.get(name, ""))).split("; ")]
        return dict.fromkeys(address for address in found if address)


@lru_cache(maxsize=1000)
def _complete(kind: str, beginning: str, vocabulary: Vocabulary) -> list[Concept]:
    """Return what ``complete`` does; the same beginnings come again and again."""
    return coding.complete(kind, beginning, vocabulary)


def split(field: Field, text: str) -> tuple[str, str]:
    """Return what stands before the value that is being typed, and that value."""
    before, separator, segment = text.rpartition(field.separator) if field.separator else ("", "", text)
    return (f"{before}{separator} " if separator else ""), segment.strip()


def _reference(citekey: str, entry: Entry | None) -> str:
    """Return the study in one line, its key first."""
    fields = entry.fields if entry else {}
    title = clean_text(decode(fields.get("title", ""))[0])
    year = clean_text(fields.get("year", "") or fields.get("date", "")[:4])
    return f"{citekey}: {title} ({year})"
