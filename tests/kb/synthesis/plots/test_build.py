"""What pictures show, worked out by hand, and that it is what the synthesis counts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from kb.evidence import Question
from kb.synthesis.make import synthesise
from kb.synthesis.plots.build import Source, height_of, picture, source
from kb.synthesis.plots.look import KINDS, look, size_of, wording
from kb.synthesis.plots.model import Arrow
from kb.synthesis.rules import COUNTED_BY, forbidden_words, rules
from kb.text import clean_text
from tests.kb.synthesis.made_up import block, row, rows_of, study
from tests.kb.synthesis.plots.drawn import DESIGNS, drawn, synthesis

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.session import Session


@pytest.fixture(scope="module")
def real(whole_session: Session) -> Session:
    """Return the session of the bundled collection."""
    return whole_session


def test_one_arrow_for_each_study_and_outcome() -> None:
    """Study a on trust: three of four findings say more, 75 per cent, so an arrow up; on threat: less, which is good.

    Study b on trust: one says more, one says none, so sideways and mixed. 30 countries are large, 9 small.
    """
    rows = [
        *rows_of({"a": "+++0", "b": "+0"}),
        row("a-5", "+", outcome="threat", direction="negative", appraisal="favourable"),
    ]
    countries = "; ".join(f"C{n}" for n in range(30))
    studies = {
        "a": study("a", data="survey-1:2002-2008", countries=countries, year="2010"),
        "b": study("b", data="survey-2", countries="; ".join(f"C{n}" for n in range(9))),
    }
    (panel,) = drawn("effect-direction", rows, studies).panels
    assert [(column.outcome, column.more) for column in panel.columns] == [
        ("trust", "more is good"), ("threat", "more is bad"),
    ]  # fmt: skip
    first, second = panel.lines
    assert first.arrows == {
        "trust": Arrow("positive", "favourable", ("a-1", "a-2", "a-3", "a-4")),
        "threat": Arrow("negative", "favourable", ("a-5",)),
    }
    assert second.arrows == {"trust": Arrow("mixed", "mixed", ("b-1", "b-2"))}
    assert (first.countries, first.size, first.year, first.data) == (30, "large", 2010, (2002, 2008))
    assert (second.countries, second.size, second.data) == (9, "small", None)
    assert panel.heading == "Core circle: policy measured by MIPEX. Direct findings of primary studies"
    assert panel.split.startswith("2 studies (7 findings; 2 evidence bases). More inclusive policy goes with")


def test_every_class_keeps_its_studies() -> None:
    """One study each: + favourable, - unfavourable, 0 null, m mixed, ? unclear, n neither good nor bad."""
    (panel,) = drawn("harvest", rows_of(dict(zip("abcdef", "+-0m?n", strict=True)))).panels
    assert [(line.study, line.result) for line in panel.lines] == [
        ("a", "favourable"), ("b", "unfavourable"), ("c", "null"), ("d", "mixed"), ("e", "unclear"),
        ("f", "unappraised"),
    ]  # fmt: skip
    assert panel.results == rules().scales["appraisal"].classes
    (raw,) = drawn("harvest", rows_of({"a": "+", "b": "-"}), by="direction").panels
    assert [line.result for line in raw.lines] == ["positive", "negative"]


@pytest.mark.parametrize(
    ("designs", "height"),
    [
        ((), 1), (("cross-sectional",), 1), (("panel",), 2), (("matching",), 2), (("natural-experiment",), 3),
        (("cross-sectional", "panel"), 2), (("panel", "natural-experiment"), 3), (("unheard-of",), 1),
    ],
)  # fmt: skip
def test_a_bar_is_as_tall_as_the_tallest_of_its_designs(designs: tuple[str, ...], height: int) -> None:
    assert height_of(designs, DESIGNS) == height


def test_bars_of_reviews_are_low() -> None:
    studies = {"a": study("a", design="panel", data="survey-1")}
    assert drawn("harvest", rows_of({"a": "+"}), studies).panels[0].lines[0].height == 2
    apart = drawn("harvest", rows_of({"a": "+"}), studies, place=("core", "direct", "review"))
    assert apart.panels[0].lines[0].height == 1


@pytest.mark.parametrize(
    ("countries", "size"), [(None, ""), (1, "small"), (9, "small"), (10, "medium"), (19, "medium"), (20, "large")]
)
def test_sizes_go_by_the_number_of_countries(countries: int | None, size: str) -> None:
    assert size_of(countries) == size


def test_estimates_are_summed_up_where_they_are_comparable() -> None:
    """Estimates 1, 2, 3 with errors of 0.5: mean 2 (see the test of pooling), each a third of the weight.

    The interval of each is its value -+ 1.959964 x 0.5 = 0.979982.
    """
    rows = [row(f"{key}-1", "+", estimate=str(n), se="0.5", p="<0.05") for n, key in enumerate("abc", start=1)]
    models = {one.finding: "OLS; year dummies" for one in rows}
    (panel,) = drawn("forest", rows, models=models).panels
    (forest,) = panel.forests
    assert (forest.outcome, forest.scale, forest.summary.k) == ("Trust", "ols (overall, mipex)", 3)
    assert forest.summary.mean == pytest.approx(2)
    assert [one.value for one in forest.estimates] == [1, 2, 3]
    assert [one.weight for one in forest.estimates] == pytest.approx([1 / 3] * 3)
    assert forest.estimates[0].low == pytest.approx(1 - 0.979982, abs=1e-6)
    assert forest.estimates[0].high == pytest.approx(1 + 0.979982, abs=1e-6)
    assert forest.estimates[0].printed == "estimate 1, SE 0.5, p <0.05"
    assert "Random-effects summary of 3 estimates" in panel.numbers[0]


def test_what_is_not_comparable_is_listed_as_printed() -> None:
    rows = [row("a-1", "+", estimate="0.2", se="0.1"), row("b-1", "-", estimate="−3"), row("c-1", "0")]
    (panel,) = drawn("forest", rows, models={"a-1": "OLS"}).panels
    assert panel.forests == ()
    assert panel.printed is not None
    assert [(one.finding, one.printed, one.model, one.low is None) for one in panel.printed] == [
        ("a-1", "estimate 0.2, SE 0.1", "OLS", False), ("b-1", "estimate −3", "", True),
    ]  # fmt: skip
    assert panel.numbers[0].startswith("Nothing is summed up in numbers. Findings that print an estimate: 2 of 3;")
    moderators = drawn("forest", rows, place=("core", "moderator", "primary"))
    assert moderators.panels[0].printed is None


def test_studies_of_one_name_and_year_bear_their_keys() -> None:
    (panel,) = drawn("timeline", rows_of({"a": "+", "b": "0"})).panels
    assert [line.label for line in panel.lines] == ["Alpha 2015 [a]", "Alpha 2015 [b]"]
    (alone,) = drawn("timeline", rows_of({"a": "+"})).panels
    assert alone.lines[0].label == "Alpha 2015"


@pytest.mark.parametrize("year", ["in press", "", "99999999", "²⁰¹⁵"])
def test_a_year_that_is_none_is_not_made_up(year: str) -> None:
    studies = {"a": study("a", year=year, data="survey-1")}
    (panel,) = drawn("timeline", rows_of({"a": "+"}), studies).panels
    assert (panel.lines[0].year, panel.lines[0].data) == (None, None)


def test_an_empty_circle_is_said() -> None:
    found = picture(synthesis(block([])), "harvest", Source({}, {}, {}, DESIGNS))
    (panel,) = found.panels
    assert (panel.heading, panel.split, panel.lines) == (
        "Core circle: policy measured by MIPEX", "No study in this circle.", (),
    )  # fmt: skip
    assert found.below[1] == "n: 0 studies. Data version 0123456789ab; last recorded search: 2026-11-25."


@pytest.mark.parametrize("kind", KINDS)
def test_below_stand_what_it_may_not_be_read_as_the_numbers_and_the_version(kind: str) -> None:
    found = drawn(kind, rows_of({"a": "+", "b": "0"}))
    assert found.below[0].startswith("Not to be read as")
    assert found.below[1].startswith("n: 2 studies (core, direct). Data version 0123456789ab;")
    assert found.title == f"Overall MIPEX score × Trust: {wording()['kinds'][kind]['name']}"


def test_every_class_has_a_look_and_none_is_told_by_colour_alone() -> None:
    for by in COUNTED_BY:
        looks = [look(name) for name in rules().scales[by].classes]
        assert len({one.letter for one in looks}) == len(looks)
    assert set(wording()["look"]) == set(rules().labels)


@pytest.mark.parametrize("by", COUNTED_BY)
def test_pictures_count_what_the_synthesis_counts(real: Session, by: str) -> None:
    """Over groups and circles: studies by class, findings, outcomes and estimates are the same."""
    words = real.vocabulary()
    groups = tuple(concept.notation for concept in words.concepts("outcome") if concept.level == "group")
    studies = 0
    for policy in words.tops("policy")[:: 3 if by == "appraisal" else 5]:
        for found in synthesise(real, Question((policy.notation,), groups, measure=("all",)), by):
            panels = [panel for panel in picture(found, "harvest", source(real, found)).panels if panel.lines]
            blocks = [one for one in found.blocks if one.everything.number]
            assert len(panels) == len(blocks)
            for panel, one in zip(panels, blocks, strict=True):
                assert Counter(line.result for line in panel.lines) == {
                    name: of.number for name, of in one.classes.items() if of.number
                }
                arrows = [arrow for line in panel.lines for arrow in line.arrows.values()]
                assert sorted(key for arrow in arrows for key in arrow.findings) == list(one.everything.findings)
                by_outcome = {(split.notation, name): of.number for split in one.outcomes
                              for name, of in split.directions.items() if of.number}  # fmt: skip
                assert by_outcome == Counter(
                    (outcome, arrow.direction) for line in panel.lines for outcome, arrow in line.arrows.items()
                )
                assert sum(line.countries is not None for line in panel.lines) == (
                    one.profile.countries.known.number if one.profile.countries else 0
                )
                if one.numbers is not None:
                    assert panel.printed is not None
                    assert tuple(est.finding for est in panel.printed) == one.numbers.printed.findings
                studies += len(panel.lines)
    assert studies > (200 if by == "appraisal" else 100)


def test_no_sentence_of_a_picture_holds_a_forbidden_word() -> None:
    def sentences(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            for inner in value.values() if isinstance(value, dict) else value:
                yield from sentences(inner)

    texts = list(sentences(wording()))
    assert len(texts) > 60
    assert [text for text in texts if forbidden_words(text)] == []
    assert all(clean_text(text) == text for text in texts)
