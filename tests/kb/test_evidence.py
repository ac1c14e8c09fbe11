"""The evidence question: every filter, what lies below a concept, circles, search, and errors that suggest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from kb.build import ensure
from kb.errors import UnknownConceptError, UsageError
from kb.evidence import Answer, Question, Row, answer

if TYPE_CHECKING:
    from kb.collection import Collection
    from kb.store import Reader

A1, A2, A3 = "alpha2001trust-1", "alpha2001trust-2", "alpha2001trust-3"
B1, B2 = "beta2002moderator-1", "beta2002moderator-2"
D1, G1 = "delta2004reform-1", "gamma2003index-1"
ALL = ("all",)
CORE_ONLY = {A1, A2, A3, B1, B2}
HEAD = (
    "finding study authors year title doi policy policy_label outcome outcome_label outcome_group population role "
    "relation direction appraisal statement estimate se p n measure design countries source source_level locator"
)


def asked(reader: Reader, **fields: object) -> Answer:
    return answer(reader, Question(**fields))  # type: ignore[arg-type]


def keys(reader: Reader, **fields: object) -> list[str]:
    return [row.finding for row in asked(reader, **fields).rows]


def test_a_row_has_the_promised_columns_in_order() -> None:
    assert " ".join(Row._fields) == HEAD


def test_without_a_question_all_core_findings_are_shown(toy_reader: Reader) -> None:
    assert set(keys(toy_reader)) == CORE_ONLY


def test_all_circles_show_everything_once(toy_reader: Reader) -> None:
    found = keys(toy_reader, measure=ALL)
    assert sorted(found) == sorted({*CORE_ONLY, D1, G1})


def test_rows_come_by_policy_in_the_order_of_the_scheme(toy_reader: Reader) -> None:
    found = asked(toy_reader, measure=ALL).rows
    assert [row.policy for row in found] == [
        "overall", "overall", "aa1", "health", "access-to-nationality", "anti-discrimination", "anti-discrimination",
    ]  # fmt: skip
    assert [row.finding for row in found] == [A2, G1, A3, B2, D1, A1, B1]


def test_a_row_holds_what_the_file_says(toy_reader: Reader) -> None:
    (row,) = asked(toy_reader, study=("alpha2001trust",), policy=("anti-discrimination",)).rows
    assert row == Row(
        finding=A1, study="alpha2001trust", authors="Alpha, Anna; Müller, Jörg; O'Neil, Pat", year="2001",
        title="Made-up study of equal treatment and trust", doi="10.5555/toy.2001.1", policy="anti-discrimination",
        policy_label="Anti-discrimination", outcome="generalised-trust", outcome_label="Generalised trust",
        outcome_group="social-cohesion", population="immigrants", role="direct", relation="", direction="positive",
        appraisal="favourable",
        statement="A higher anti-discrimination score goes with more trust among immigrants in this made-up study.",
        estimate="0.25", se="0.10", p="<0.05", n="12,345", measure="mipex:2007", design="cross-sectional",
        countries="AT; BE; DE", source="https://example.org/alpha", source_level="fulltext", locator="Table 1",
    )  # fmt: skip


def test_a_moderator_shows_its_relation(toy_reader: Reader) -> None:
    (row,) = asked(toy_reader, role=("moderator",)).rows
    assert (row.finding, row.relation) == (B1, "perceived-discrimination -> generalised-trust")
    assert row.population == "immigrants; muslims"


FILTERS: list[tuple[dict[str, object], set[str]]] = [
    ({"policy": ("anti-discrimination",)}, {A1, B1}),
    ({"policy": ("Anti-Discrimination",)}, {A1, B1}),
    ({"policy": ("anti-d",)}, {A1, B1}),
    ({"policy": ("health", "overall")}, {B2, A2, G1}),
    ({"policy": ("citizenship policy",)}, {D1}),
    ({"policy": ("family-reunion",)}, set()),
    ({"outcome": ("generalised-trust",)}, {A1, B1}),
    ({"outcome": ("social-cohesion",)}, {A1, B1}),
    ({"outcome": ("receiving-society",)}, {A1, A2, B1}),
    ({"population": ("muslims",)}, {B1}),
    ({"population": ("majority",)}, {A2}),
    ({"population": ("general-public",)}, {A2}),
    ({"direction": ("negative",)}, {A2, B1}),
    ({"direction": ("positive", "null")}, {A1, A3, D1}),
    ({"direction": ("unclear",)}, {G1}),
    ({"appraisal": ("favourable",)}, {A1, A2, B1, D1}),
    ({"appraisal": ("neutral",)}, {A3}),
    ({"role": ("direct",)}, {A1, A2, A3, B2, D1, G1}),
    ({"design": ("panel",)}, {G1}),
    ({"design": ("quasi-experimental",)}, {D1}),
    ({"design": ("repeated-cross-sections",)}, {B1, B2}),
    ({"source_level": ("fulltext",)}, {A1, D1}),
    ({"source_level": ("secondary",)}, {A3}),
    ({"country": ("DE",)}, {A1, A2, A3, D1}),
    ({"country": ("Austria",)}, {A1, A2, A3}),
    ({"country": ("AUT",)}, {A1, A2, A3}),
    ({"country": ("CA", "BE")}, {A1, A2, A3, G1}),
    ({"since": "2003"}, {B1, B2, D1, G1}),
    ({"until": "2003"}, {A1, A2, A3, G1}),
    ({"since": "2003", "until": "2004"}, {D1, G1}),
    ({"since": "2005", "until": "2004"}, set()),
    ({"study": ("beta2002moderator",)}, {B1, B2}),
    ({"study": ("beta2002moderator", "delta2004reform")}, {B1, B2, D1}),
    ({"study": ("nowhere2000",)}, set()),
    ({"direction": ("negative",), "role": ("direct",)}, {A2}),
    ({"policy": ("overall",), "country": ("CA",)}, {G1}),
    ({"outcome": ("generalised-trust",), "population": ("immigrants",), "source_level": ("fulltext",)}, {A1}),
    ({"policy": ("health",), "direction": ("positive",)}, set()),
    ({"country": ("DE",), "since": "2002", "design": ("difference-in-differences",)}, {D1}),
]


@pytest.mark.parametrize(
    ("fields", "expected"), FILTERS, ids=lambda value: str(value)[:60] if isinstance(value, dict) else ""
)
def test_a_filter_leaves_what_fits_and_nothing_else(
    fields: dict[str, object], expected: set[str], toy_reader: Reader
) -> None:
    found = keys(toy_reader, measure=ALL, **fields)
    assert set(found) == expected
    assert len(found) == len(expected)


def test_a_policy_brings_what_lies_below_it(toy_reader: Reader) -> None:
    assert keys(toy_reader, policy=("labour-market-mobility",)) == [A3]
    assert keys(toy_reader, policy=("aa1",)) == [A3]


def test_exact_leaves_out_what_lies_below(toy_reader: Reader) -> None:
    assert keys(toy_reader, policy=("labour-market-mobility",), exact=True) == []
    assert keys(toy_reader, policy=("aa1",), exact=True) == [A3]
    assert keys(toy_reader, outcome=("social-cohesion",), exact=True) == []
    assert set(keys(toy_reader, outcome=("generalised-trust",), exact=True)) == {A1, B1}


def test_the_overall_score_is_no_evidence_for_an_area_nor_the_areas_for_it(toy_reader: Reader) -> None:
    assert keys(toy_reader, policy=("overall",)) == [A2]


CIRCLES = [
    (("core",), CORE_ONLY),
    (("comparable",), {G1}),
    (("reform",), {D1}),
    (("status",), set()),
    (("core", "reform"), {*CORE_ONLY, D1}),
    ((), {*CORE_ONLY, D1, G1}),
    (("mipex",), CORE_ONLY),
    (("mipex:2007",), {A1, A2, A3}),
    (("mipex-2007",), {A1, A2, A3}),
    (("index:mcp",), {G1}),
    (("index:mcp", "mipex:2007"), {A1, A2, A3, G1}),
    (("reform", "mipex:2007"), {A1, A2, A3, D1}),
]


@pytest.mark.parametrize(("measure", "expected"), CIRCLES)
def test_a_circle_or_a_measure_shows_its_findings(
    measure: tuple[str, ...], expected: set[str], toy_reader: Reader
) -> None:
    assert set(keys(toy_reader, measure=measure)) == expected


def test_hidden_findings_of_other_circles_are_counted(toy_reader: Reader) -> None:
    found = asked(toy_reader)
    assert found.circles == ("core",)
    assert found.hidden_circles == {"comparable": 1, "reform": 1}
    assert found.hidden_filters == 0
    assert asked(toy_reader, measure=ALL).hidden_circles == {}
    assert asked(toy_reader, measure=("reform",)).hidden_circles == {"core": 5, "comparable": 1}


def test_counts_of_hidden_findings_keep_to_the_policies_asked_for(toy_reader: Reader) -> None:
    assert asked(toy_reader, policy=("overall",)).hidden_circles == {"comparable": 1}
    assert asked(toy_reader, policy=("health",)).hidden_circles == {}
    assert asked(toy_reader, policy=("labour-market-mobility",)).hidden_filters == 0


def test_findings_hidden_by_filters_are_counted(toy_reader: Reader) -> None:
    assert asked(toy_reader, direction=("negative",)).hidden_filters == 3
    assert asked(toy_reader, search="weaker").hidden_filters == 4
    assert asked(toy_reader, measure=("mipex:2007",)).hidden_filters == 2
    assert asked(toy_reader, measure=ALL, since="2003").hidden_filters == 3


def test_shown_and_hidden_always_add_up(toy_reader: Reader) -> None:
    for fields, _ in FILTERS:
        if "policy" not in fields:
            found = asked(toy_reader, **fields)
            assert len(found.rows) + found.hidden_filters + sum(found.hidden_circles.values()) == 7


SEARCHES = [
    ("trust", {A1, A2, A3, B1}),
    ("TRUST", {A1, A2, A3, B1}),
    ("muller", {A1, A2, A3}),
    ("MÜLLER", {A1, A2, A3}),
    ("mu\u0308ller", {A1, A2, A3}),
    ("o'neil perceived", {A2}),
    ("perceived o'neil", {A2}),
    ("2012", {B1, B2}),
    ("10.5555/toy", {A1, A2, A3}),
    ("  weaker   law ", {B1}),
    ("immigrants muslims", {B1}),
    ("", CORE_ONLY),
    ("   ", CORE_ONLY),
    ("nothingofthekind", set()),
    (".*", set()),
    ("made-up", CORE_ONLY),
]


@pytest.mark.parametrize(("search", "expected"), SEARCHES)
def test_a_search_finds_all_its_words_whatever_their_case_or_accents(
    search: str, expected: set[str], toy_reader: Reader
) -> None:
    assert set(keys(toy_reader, search=search)) == expected


def test_a_search_joins_with_filters(toy_reader: Reader) -> None:
    assert keys(toy_reader, search="made-up", policy=("health",)) == [B2]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"policy": ("helth",)}, "Did you mean health"),
        ({"policy": ("zzzz",)}, "mipex-kb vocab policy"),
        ({"policy": ("",)}, "no policy"),
        ({"policy": ("a",)}, "could be any of"),
        ({"outcome": ("generalisd-trust",)}, "Did you mean generalised-trust"),
        ({"population": ("imigrants",)}, "Did you mean immigrants"),
        ({"direction": ("positve",)}, "Did you mean positive"),
        ({"appraisal": ("favorable",)}, "Did you mean favourable"),
        ({"role": ("moderater",)}, "Did you mean moderator"),
        ({"design": ("pannel",)}, "Did you mean panel"),
        ({"source_level": ("full",)}, None),
        ({"country": ("Austira",)}, "Did you mean AT"),
        ({"measure": ("mipex:1999",)}, "Did you mean mipex"),
        ({"measure": ("core", "nonsense")}, "no measure"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_name_that_is_in_no_scheme_gets_a_suggestion(
    fields: dict[str, object], message: str | None, toy_reader: Reader
) -> None:
    if message is None:
        assert set(keys(toy_reader, measure=ALL, **fields)) == {A1, D1}
        return
    with pytest.raises(UnknownConceptError, match=message):
        asked(toy_reader, **fields)


@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize("year", ["abc", "20155", "15", "-200", "２０１５", "2015 ", '2015"'])
def test_a_year_that_is_none_is_refused(name: str, year: str, toy_reader: Reader) -> None:
    with pytest.raises(UsageError, match=f"--{name}"):
        asked(toy_reader, **{name: year})


@pytest.mark.parametrize("text", ['x" } DELETE { ?s ?p ?o', "\\", "a\nb", '"""', "alpha2001trust' UNION"])
def test_a_study_key_is_never_read_as_sparql(text: str, toy_reader: Reader) -> None:
    assert keys(toy_reader, study=(text,)) == []


def test_the_summary_says_what_is_shown_and_what_is_not(toy_reader: Reader) -> None:
    assert asked(toy_reader).summary() == (
        "5 findings of 2 studies; circle shown: core (use of MIPEX: seen 1, believed 1). "
        "Not shown from other circles: 1 comparable, 1 reform (--measure all shows them)."
    )
    assert (
        asked(toy_reader, direction=("mixed",))
        .summary()
        .startswith("1 finding of 1 study; circle shown: core (use of MIPEX: believed 1). Filters hide 4 more findings")
    )
    assert asked(toy_reader, measure=ALL).summary() == (
        "7 findings of 4 studies; circle shown: all circles (use of MIPEX: seen 1, believed 1)."
    )
    assert "core and reform" in asked(toy_reader, measure=("core", "reform")).summary()


def test_the_summary_of_several_circles_does_not_speak_of_one(toy_reader: Reader) -> None:
    assert "of this circle" not in asked(toy_reader, measure=ALL, direction=("mixed",)).summary()


def test_a_label_in_another_language_repeats_no_finding(copy_of_toy: Collection) -> None:
    label = '<https://w3id.org/mipex-kb/{}> <http://www.w3.org/2004/02/skos/core#prefLabel> "{}"@de .\n'
    text = label.format("policy/health", "Gesundheit") + label.format("outcome/self-rated-health", "Befinden")
    (copy_of_toy.ontology / "own.ttl").write_text(text, "utf-8")
    reader, _ = ensure(copy_of_toy)
    with reader:
        found = asked(reader, policy=("health",)).rows
        assert [(row.finding, row.policy_label, row.outcome_label) for row in found] == [
            (B2, "Health", "Self-rated health")
        ]
        concept = reader.vocabulary("policy").get("policy", "health")
        assert concept is not None
        assert concept.label == "Health"


def test_every_finding_of_the_bundled_collection_is_one_row(whole_reader: Reader) -> None:
    found = keys(whole_reader, measure=ALL)
    stored = whole_reader.rows("SELECT ?k { ?f a ev:Finding ; dcterms:identifier ?k } ORDER BY ?k")
    assert sorted(found) == [row[0] for row in stored]


def test_no_cell_of_the_bundled_collection_is_an_address_of_the_graph(whole_reader: Reader) -> None:
    cells = [cell for row in asked(whole_reader, measure=ALL).rows for cell in row]
    assert cells
    assert [cell for cell in cells if re.search(r"w3id\.org/mipex-kb", cell)] == []
