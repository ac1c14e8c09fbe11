"""What tests of the intake share: the look-alikes of real files, and plans against nothing or a folder."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from kb.collection import Collection
from kb.intake.decoding import Decoded, decode_bytes
from kb.intake.deed import Decisions, carry_out
from kb.intake.existing import Existing, read_existing
from kb.intake.plan import make_plan

if TYPE_CHECKING:
    from kb.intake.deed import Deed
    from kb.intake.plan import Plan, Row

FILES = Path(__file__).resolve().parents[2] / "intake_files"
ONTOLOGY = FILES.parents[1] / "ontology"
NOTHING = Existing({}, frozenset(), Path("/nowhere"))
with (FILES / "expected.csv").open(encoding="utf-8", newline="") as _file:
    EXPECTED = {row["file"]: row for row in csv.DictReader(_file)}


def text_of(name: str) -> str:
    """Return the text of a look-alike."""
    return decode_bytes((FILES / name).read_bytes()).text


def plan_of(content: str | bytes, existing: Existing = NOTHING) -> Plan:
    """Return the plan for a text or file against what is there."""
    return make_plan(Decoded(content, "UTF-8") if isinstance(content, str) else decode_bytes(content), existing)


def only(content: str) -> Row:
    """Return the only row of the plan for a text."""
    (row,) = plan_of(content).rows
    return row


def add(studies: Path, content: str | bytes, decisions: Decisions = Decisions()) -> Deed:  # noqa: B008 - immutable
    """Plan and carry out the addition of a text to a folder."""
    collection = Collection((studies,), ONTOLOGY)
    return carry_out(collection, plan_of(content, read_existing(collection)), decisions, "some.bib")


def state(studies: Path) -> dict[str, bytes]:
    """Return the bytes of every file that a reader of the collection sees."""
    return {path.name: path.read_bytes() for path in sorted(studies.glob("*.bib"))}


def leftovers(studies: Path) -> list[str]:
    """Return the files that a change which was cut short may leave."""
    return [path.name for path in studies.rglob("*") if path.name.endswith((".new", "pending.json"))]
