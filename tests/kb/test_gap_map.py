"""The gap map: the toy collection counted by hand, its cells against the choices behind them, its words and files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.dimensions import REST, dimension, dimensions, values_of
from kb.errors import UsageError
from kb.facets import CIRCLE, EVERYTHING, Choice, Value, facets
from kb.finding_index import FindingIndex
from kb.gap_map import ALL, EMPTY, GapMap, Mapper
from kb.gap_map_files import cells_sheet, map_data, map_list, map_sheet, map_table, short_names
from kb.gap_map_words import GAP, NOTE, gap_lines, in_short, in_signs, in_words, label, place
from kb.session import Session, make_session
from kb.sheet import studies_of
from kb.study_counter import Count
from kb.synthesis.classes import class_of_study
from kb.synthesis.rules import DIRECTION, rules
from kb.terminal import SIGNS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.collection import Collection
    from kb.evidence import Row

ANTI, TRUST = "anti-discrimination", "social-cohesion"
PAIRS = [(down, across) for down in dimensions() for across in dimensions() if down != across]


@pytest.fixture(scope="module")
def session(toy: Collection) -> Iterator[Session]:
    """Return the session of the toy collection."""
    found = make_session(toy)
    yield found
    found.close()


@pytest.fixture(scope="module")
def real(whole_session: Session) -> Session:
    """Return the session of the bundled collection."""
    return whole_session


def mapper(session: Session) -> Mapper:
    return Mapper(session.index, session.vocabulary())


def made(session: Session, choice: Choice | None = None, down: str = "outcome", across: str = "policy") -> GapMap:
    return mapper(session).make(choice or Choice(), dimension(down), dimension(across))


def signs(found: GapMap) -> dict[tuple[str, str], str]:
    """Return the cells with findings, without the totals."""
    return {name: in_signs(cell) for name, cell in found.cells.items() if ALL not in name}


def test_the_toy_collection_counted_by_hand(session: Session) -> None:
    found = made(session)
    assert signs(found) == {
        (TRUST, ANTI): "2: ▲1 m1",
        ("anti-immigrant-attitudes", "overall"): "1: ▼1",
        ("employment", "labour-market-mobility"): "1: ○1",
        ("health", "health"): "1: ◆1",
    }
    assert found.cell(ALL, ALL).counts.studies == 2
    assert found.cell(ALL, ANTI).counts == found.cell(TRUST, ALL).counts == found.cell(TRUST, ANTI).counts
    assert found.cell("health", "education") is EMPTY
    assert found.cell(TRUST, ANTI).main == ("positive",)
    assert found.cell(ALL, ALL).counts == Count(
        5, 2, {**dict.fromkeys(SIGNS, 0), "mixed": 2}, {**dict.fromkeys(SIGNS, 1), "unclear": 0}, 0, 1, 0, 0
    )


def test_rows_and_columns_are_there_also_where_nothing_was_found(session: Session) -> None:
    found = made(session)
    words = session.vocabulary()
    assert [value.name for value in found.across] == [concept.notation for concept in words.tops("policy")]
    assert {"overall", "health", "visa-policy"} <= {value.name for value in found.across}
    assert [value.name for value in found.down] == [
        concept.notation for concept in words.concepts("outcome") if concept.level == "group"
    ]
    assert len(list(found.gaps())) == len(found.down) * len(found.across) - 4


def test_what_is_not_known_has_a_row_of_its_own(session: Session) -> None:
    found = made(session, down="country")
    assert [(value.name, in_signs(found.cell(value.name, ALL))) for value in found.down] == [
        ("AT", "1: ◆1"), ("BE", "1: ◆1"), ("CA", "0"), ("DE", "1: ◆1"), (REST, "1: ◆1"),
    ]  # fmt: skip
    assert found.down[-1].label == "Not known"
    assert [row.study for row in mapper(session).rows(found.cell(REST, ALL))] == ["beta2002moderator"] * 2
    assert REST not in {value.name for value in made(session, EVERYTHING.only(CIRCLE, "reform"), "country").down}
    assert REST not in {place.name for pair in found.gaps() for place in pair}


def test_years_stand_in_bands_without_holes(session: Session) -> None:
    assert [value.name for value in made(session, down="year").down] == ["2000-2004", "2005-2009", "2010-2014"]


def test_data_stand_below_their_kind(session: Session) -> None:
    values = {value.name: value for value in made(session, EVERYTHING, "data").down}
    assert values["ess"].above == "cross-national-surveys"
    assert values["ess"].depth == 1
    assert "issp" not in values


def test_a_filter_of_a_dimension_leaves_no_false_gaps(session: Session) -> None:
    found = made(session, Choice().only("policy", "aa1").only("outcome", "immigrants"))
    assert [value.name for value in found.across] == ["labour-market-mobility"]
    assert {value.above for value in found.down} == {""}
    assert TRUST not in {value.name for value in found.down}
    assert signs(found) == {("employment", "labour-market-mobility"): "1: ○1"}
    choice = mapper(session).choice_of(found, "employment", "labour-market-mobility")
    assert choice == Choice().only("policy", "aa1").only("outcome", "employment")
    assert [value.name for value in made(session, Choice().only("year", "2001"), "year").down] == ["2000-2004"]


def test_the_choice_behind_a_cell_is_said_in_values_where_it_can_be(session: Session) -> None:
    found = made(session)
    assert mapper(session).choice_of(found, TRUST, ANTI) == Choice().only("outcome", TRUST).only("policy", ANTI)
    assert mapper(session).choice_of(found, ALL, ANTI) == Choice().only("policy", ANTI)
    assert mapper(session).choice_of(found, ALL, ALL) == Choice()
    unknown = made(session, down="country")
    choice = mapper(session).choice_of(unknown, REST, ALL)
    assert choice == Choice(findings=("beta2002moderator-2", "beta2002moderator-1"))
    assert mapper(session).choice_of(found, "health", "education") == Choice().only("outcome", "health").only(
        "policy", "education"
    )


@pytest.mark.parametrize(("down", "across"), PAIRS)
def test_every_cell_holds_what_its_choice_gives(real: Session, down: str, across: str) -> None:
    """Also what a filter of several values, a search and a value that is not known leave."""
    maker = mapper(real)
    for choice in (
        EVERYTHING,
        Choice().only("country", "DE", "AT").only("data", "ess"),
        Choice(search="trust").only("population", "immigrants"),
    ):
        found = maker.make(choice, dimension(down), dimension(across))
        rows = [ALL, *(value.name for value in found.down)]
        columns = [ALL, *(value.name for value in found.across)]
        for row in rows[:12] + rows[-1:]:
            for column in columns[:12] + columns[-1:]:
                cell = found.cell(row, column)
                held = maker.rows(cell)
                assert real.select(maker.choice_of(found, row, column)) == held
                assert cell.counts.studies + cell.counts.reviews == len(studies_of(held))
                assert cell.counts.findings == len(held)


PICKED = st.sets(st.sampled_from([
    (facet, value) for facet, values in {
        "policy": ["overall", ANTI, "aa1", "health"], "outcome": ["immigrants", "generalised-trust", TRUST],
        "country": ["AT", "DE", "CA"], "circle": ["core", "reform", "comparable"], "population": ["muslims"],
        "direction": ["positive", "null"], "year": ["2000-2004", "2012"], "data": ["ess", "cross-national-surveys"],
    }.items() for value in values
]), max_size=4)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(picked=PICKED, pair=st.sampled_from(PAIRS))
def test_any_choice_is_mapped_whole(session: Session, picked: set[tuple[str, str]], pair: tuple[str, str]) -> None:
    choice = Choice(tuple(sorted(picked)))
    maker, chosen = mapper(session), session.select(choice)
    found = maker.make(choice, *map(dimension, pair))
    assert maker.rows(found.cell(ALL, ALL)) == chosen
    for axis, values in enumerate((found.down, found.across)):
        totals = [found.cell(*((ALL, value.name) if axis else (value.name, ALL))) for value in values]
        assert {row.finding for cell in totals for row in maker.rows(cell)} == {row.finding for row in chosen}
    for (down, across), cell in found.cells.items():
        assert session.select(maker.choice_of(found, down, across)) == maker.rows(cell)


def test_a_map_of_seventeen_thousand_findings_counts_all(real: Session) -> None:
    rows = [
        row._replace(finding=f"{copy}-{row.finding}", study=f"{copy}-{row.study}")
        for copy in range(24) for row in real.findings()
    ]  # fmt: skip
    maker = Mapper(FindingIndex(rows, [], real.vocabulary()), real.vocabulary())
    found = maker.make(EVERYTHING, dimension("outcome"), dimension("policy"))
    once = made(real, EVERYTHING)
    assert found.cell(ALL, ALL).counts.studies == 24 * once.cell(ALL, ALL).counts.studies
    assert found.cell("employment", "overall").counts.by_study == {
        name: 24 * number for name, number in once.cell("employment", "overall").counts.by_study.items()
    }


def test_there_is_no_other_dimension() -> None:
    with pytest.raises(UsageError, match=r"There is no dimension 'x'\. There are: policy, outcome, population"):
        dimension("x")
    assert all(entry.facet in facets() and entry.label and entry.many and entry.rest for entry in dimensions().values())


def test_a_collection_without_findings_is_all_gaps(session: Session) -> None:
    empty = FindingIndex([], [], session.vocabulary())
    maker = Mapper(empty, session.vocabulary())
    for pair in PAIRS:
        found = maker.make(Choice(), *map(dimension, pair))
        assert found.cells == {}
    assert values_of(dimension("year"), empty, session.vocabulary()) == []


def test_words_for_a_cell(session: Session) -> None:
    found = made(session)
    cell = found.cell(TRUST, ANTI)
    assert in_words(cell, (1, 0)) == (
        "2 studies (2 findings, 1 evidence base): positive 1, negative 0, null 0, mixed 0, unclear 0, moderator only 1."
    )
    assert in_words(EMPTY, (0, 0)) == "No study."
    counts = Count(3, 0, dict.fromkeys(SIGNS, 0), dict.fromkeys(SIGNS, 0), 0, 0, 2, 3)
    assert in_words(cell._replace(counts=counts), (0, 2)).endswith("unclear 0; apart from these, 2 reviews.")
    assert in_short(cell._replace(counts=counts)) == "r"
    assert in_signs(cell._replace(counts=counts)) == "0: r2"
    assert (in_short(cell), in_short(EMPTY)) == ("2▲m", GAP)
    even = counts._replace(studies=3, by_study={**dict.fromkeys(SIGNS, 1), "mixed": 0, "unclear": 0}, reviews=0)
    assert in_short(cell._replace(counts=even)) == "3="
    two = even._replace(studies=2, by_study={**dict.fromkeys(SIGNS, 0), "positive": 1, "null": 1})
    assert in_short(cell._replace(counts=two)) == "2▲○"
    assert place(found, TRUST, ANTI) == "Trust and contact between people × Anti-discrimination"
    assert label(found, 1, ALL) == "All policy areas"


def test_the_note_tells_the_rule_of_the_synthesis() -> None:
    assert f"mixed where fewer than {rules().share} per cent agree" in NOTE


def test_a_cell_counts_as_the_synthesis_does(real: Session) -> None:
    """Also where the findings of a study do not all agree, which some here do not."""
    outweighed = 0
    reviews = {row.study for row in real.index.rows_of(real.index.sets("design")["synthesis"])}
    for choice in (Choice(), EVERYTHING):
        found = made(real, choice)
        for cell in found.cells.values():
            studies: dict[str, list[Row]] = {}
            for row in mapper(real).rows(cell):
                if row.role != "moderator" and row.study not in reviews:
                    studies.setdefault(row.study, []).append(row)
            classes = [class_of_study(rows, DIRECTION) for rows in studies.values()]
            assert cell.counts.by_study == {name: classes.count(name) for name in SIGNS}
            signs = [{row.direction for row in rows} - {"unclear"} for rows in studies.values()]
            outweighed += sum(len(s) > 1 and c != "mixed" for s, c in zip(signs, classes, strict=True))
    assert outweighed


def test_gaps_are_told_in_words(session: Session) -> None:
    lines = gap_lines(made(session))
    assert lines[0].startswith("No study on any of these outcome groups: Job quality; Income and poverty; ")
    assert "Family reunion; Education; Political participation" in lines[1]
    assert lines[2] == ("Employment: no study on 3 policy areas: Overall MIPEX score; Health; Anti-discrimination.")
    assert len(lines) == 2 + 4


def test_the_table_is_as_shown_with_studies_and_query(session: Session) -> None:
    found = made(session)
    sheet = map_sheet(found, mapper(session), session)
    assert sheet.title == "Gap map: outcome groups by policy areas"
    assert sheet.header[:3] == ("Outcome group", "All", "Overall MIPEX score")
    assert all(len(row) == len(sheet.header) for row in sheet.rows)
    assert sheet.rows[0][:2] == ("All outcome groups", "2")
    (trust,) = [row for row in sheet.rows if row[0].startswith("Trust and contact")]
    assert dict(zip(sheet.header, trust, strict=True))["Anti-discrimination"] == "2: ▲1 m1"
    assert sheet.studies == studies_of(session.select(Choice()))
    assert sheet.query == session.query(Choice())
    assert "5 findings, 2 studies" in sheet.summary
    assert "not how strong or how sure" in sheet.summary


def test_files_hold_each_number(session: Session) -> None:
    found = made(session)
    sheet = cells_sheet(found, mapper(session), session)
    assert len(sheet.rows) == len(found.down) * len(found.across)
    (row,) = [dict(zip(sheet.header, row, strict=True)) for row in sheet.rows if row[0] == TRUST and row[2] == ANTI]
    wanted = {"studies": "2", "positive": "1", "moderator_only": "1", "reviews": "0", "evidence_bases": "1"}
    assert {name: row[name] for name in wanted} == wanted
    data = json.loads(json.dumps(map_data(found, mapper(session), session)))
    assert data["all"]["studies"] == 2
    assert len(data["cells"]) == len(sheet.rows)
    (cell,) = [cell for cell in data["cells"] if (cell["down"], cell["across"]) == (TRUST, ANTI)]
    assert cell["finding_keys"] == ["alpha2001trust-1", "beta2002moderator-1"]
    assert cell["study_keys"] == ["alpha2001trust", "beta2002moderator"]
    assert {name: str(cell[name]) for name in wanted} == wanted
    totals = {value["name"]: value["studies"] for value in data["across"]["values"]}
    assert (totals[ANTI], totals["education"]) == (2, 0)


def test_the_list_has_a_line_for_each_cell_and_the_gaps(session: Session) -> None:
    lines = map_list(made(session), mapper(session), session).splitlines()
    assert sum(" × " in line for line in lines) == 8
    assert "Gaps:" in lines
    assert any(line.startswith("Employment × Labour market mobility: 1 study (1 finding, 1 evidence") for line in lines)


@pytest.mark.parametrize(("down", "across"), PAIRS)
def test_the_table_fits_eighty_columns_and_explains_its_heads(real: Session, down: str, across: str) -> None:
    found = made(real, EVERYTHING, down, across)
    text = map_table(found)
    assert max(map(len, text.splitlines())) <= 80
    names = short_names(found.across)
    assert len(set(names.values())) == len(names)
    flat = " ".join(text.split())
    assert all(f"{names[value.name]} = {value.label}" in flat for value in found.across)


def test_short_names_are_short_and_never_the_same() -> None:
    values = [Value(f"long{number}", "Health care", "", 0) for number in range(12)] + [Value("AT", "Austria", "", 0)]
    names = short_names([*values, Value("x", "\x1b[31m", "", 0), Value("", "", "", 0)])
    assert len(set(names.values())) == 15
    assert names["AT"] == "AT"
    assert names["long0"] == "Heal"
    assert all(text.isprintable() and 0 < len(text) <= 5 for text in names.values())


def test_labels_of_a_hostile_scheme_are_shown_clean(session: Session) -> None:
    found = made(session)._replace(across=[Value("x", "a\x1b[2J\nb\u202e", "", 0)])
    text = map_table(found) + map_list(found, mapper(session), session)
    assert not set("\x1b\u202e") & set(text)
