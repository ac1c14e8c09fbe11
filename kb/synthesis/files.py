"""A synthesis as files hold it: text to read, Markdown, numbers for programs, and a table with one row a block."""

from __future__ import annotations

import csv
import io
import textwrap
from typing import TYPE_CHECKING, Any

from kb.markdown import escaped
from kb.synthesis.model import Bases, Counted
from kb.synthesis.words import enumerate_swim, page, template, title
from kb.terminal import table_text
from kb.text import guard_cell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.synthesis.model import Block, SignTest, Synthesis
    from kb.synthesis.words import Part

FORMATS = ("text", "md", "json", "csv")
_RULES = {"title": "=", "section": "-", "block": ""}
_HEADS = {"title": "#", "section": "##", "block": "###"}


def as_text(syntheses: Sequence[Synthesis], label: str, width: int = 80) -> str:
    """Return plain text, wrapped; tables keep their lines."""
    return "\n".join(_plain(part, width) for part in page(syntheses, label))


def as_markdown(syntheses: Sequence[Synthesis], label: str) -> str:
    """Return Markdown in which no text is taken for markup."""
    return "\n".join(_marked(part) for part in page(syntheses, label))


def as_data(syntheses: Sequence[Synthesis]) -> list[dict[str, Any]]:
    """Return everything for programs: each number with the keys of the studies and findings that it counts."""
    return [_data(synthesis) for synthesis in syntheses]


def as_csv(syntheses: Sequence[Synthesis]) -> str:
    """Return a table with one row a block, also the empty ones; cells that a spreadsheet could run are disarmed."""
    rows = [_row(synthesis, block) for synthesis in syntheses for block in synthesis.blocks]
    names = list(dict.fromkeys(name for row in rows for name in row))
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([guard_cell(str(row.get(name, ""))) for name in names] for row in rows)
    return stream.getvalue()


def _plain(part: Part, width: int) -> str:
    if part.kind in _RULES:
        rule = _RULES[part.kind]
        return f"{part.text}\n" + (rule * min(width, len(part.text)) + "\n" if rule else "")
    if part.kind == "list":
        return "".join(_wrapped(row[0], width, "- ") for row in part.rows)
    if part.kind == "table":
        header, *rows = part.rows
        return (_wrapped(f"{part.text}:", width) if part.text else "") + table_text(header, rows, numbers=True)
    return _wrapped(part.text, width)


def _wrapped(text: str, width: int, start: str = "") -> str:
    lines = textwrap.wrap(
        text, width, initial_indent=start, subsequent_indent=" " * len(start), break_on_hyphens=False,
        break_long_words=False,
    )  # fmt: skip
    return "\n".join(lines) + "\n"


def _marked(part: Part) -> str:
    if part.kind in _HEADS:
        return f"{_HEADS[part.kind]} {escaped(part.text)}\n"
    if part.kind == "list":
        return "".join(f"- {escaped(row[0])}\n" for row in part.rows)
    if part.kind == "table":
        header, *rows = ([escaped(cell) for cell in row] for row in part.rows)
        rule = ["---", *["---:"] * (len(header) - 1)]
        lines = "".join(f"| {' | '.join(cells)} |\n" for cells in (header, rule, *rows))
        return (f"{escaped(part.text)}:\n\n" if part.text else "") + lines
    return f"{escaped(part.text)}\n"


def _data(synthesis: Synthesis) -> dict[str, Any]:
    hidden = synthesis.hidden
    return {
        "title": title(synthesis),
        "policy": synthesis.policy,
        "policy_label": synthesis.policy_label,
        "outcomes": synthesis.outcomes,
        "outcome_label": synthesis.outcome_label,
        "by": synthesis.by,
        "filters": dict(synthesis.filters),
        "chosen_by_result": synthesis.by_result,
        "circles": synthesis.circles,
        "last_search": synthesis.last_search,
        "data_version": synthesis.version,
        "blocks": [_block(block) for block in synthesis.blocks],
        "hidden": {
            "circles": _all(hidden.circles),
            "filters": _all(hidden.filters),
            "other_policy": _counted(hidden.other_policy),
        },
        "limits": template()["limits"]["sentences"],
        "swim": dict(enumerate_swim(synthesis)),
    }  # fmt: skip


def _block(block: Block) -> dict[str, Any]:
    profile = block.profile
    spreads = {"countries": profile.countries, "years": profile.years}
    return {
        "circle": block.circle,
        "role": block.role,
        "kind": block.kind,
        **_counted(block.everything),
        "classes": _all(block.classes),
        "evidence_bases": _bases(block.bases),
        "unknown_data": _counted(block.unknown),
        "one_per_base": {name: _bases(found) for name, found in block.by_base.items()},
        "sign_test": _test(block.test),
        "sign_test_one_per_base": _test(block.base_test),
        "outcomes": [
            {"outcome": split.notation, "label": split.label, "valence": split.valence, **_all(split.directions)}
            for split in block.outcomes
        ],
        "designs": _all(profile.designs),
        **{name: spread and {**spread._asdict(), "known": _counted(spread.known)} for name, spread in spreads.items()},
        "measures": _all(profile.measures),
        "read_in": _all(profile.levels),
        "populations": _all(profile.populations),
        "data": _all(profile.sources),
        "verified": _counted(profile.verified),
        "coded_twice": profile.coded_twice and _counted(profile.coded_twice),
        "risk_of_bias_appraised": _counted(Counted()),
        "numbers": block.numbers
        and {
            "printed": _counted(block.numbers.printed),
            "with_error": _counted(block.numbers.with_error),
            "pooled": [pooled._asdict() for pooled in block.numbers.pooled],
        },
        "included_by_reviews": _counted(block.included),
        "members": [member._asdict() for member in block.members],
    }


def _counted(found: Counted) -> dict[str, Any]:
    return {
        "studies": found.number, "findings": len(found.findings),
        "study_keys": found.studies, "finding_keys": found.findings,
    }  # fmt: skip


def _all(found: dict[str, Counted]) -> dict[str, Any]:
    return {name: _counted(of) for name, of in found.items()}


def _bases(found: Bases) -> dict[str, Any]:
    return {"bases": len(found.members), "study_keys": found.members, "finding_keys": found.findings}


def _test(found: SignTest | None) -> dict[str, Any] | None:
    if found is None:
        return None
    values = found._asdict()
    return {**values, "finding_keys": values.pop("findings")}


def _row(synthesis: Synthesis, block: Block) -> dict[str, object]:
    test, countries, years = block.test, block.profile.countries, block.profile.years
    return {
        "policy": synthesis.policy, "outcomes": "; ".join(synthesis.outcomes), "by": synthesis.by,
        "circle": block.circle, "role": block.role, "kind": block.kind, "studies": block.everything.number,
        "findings": len(block.everything.findings),
        **{name: found.number for name, found in block.classes.items()},
        "evidence_bases": len(block.bases.members), "unknown_data": block.unknown.number,
        **{f"bases_{name}": len(found.members) for name, found in block.by_base.items()},
        "informative": test.informative if test else "", "sign_test_p": f"{test.p:.6g}" if test else "",
        "interval_low": f"{test.low:.4f}" if test else "", "interval_high": f"{test.high:.4f}" if test else "",
        "countries_median": f"{countries.median:g}" if countries else "",
        "countries_low": countries.low if countries else "", "countries_high": countries.high if countries else "",
        "countries_known": countries.known.number if countries else 0,
        "year_low": years.low if years else "", "year_high": years.high if years else "",
        **{f"read_{level}": found.number for level, found in block.profile.levels.items() if level},
        "verified_findings": len(block.profile.verified.findings),
        "last_search": synthesis.last_search, "data_version": synthesis.version,
        "study_keys": "; ".join(block.everything.studies), "finding_keys": "; ".join(block.everything.findings),
    }  # fmt: skip
