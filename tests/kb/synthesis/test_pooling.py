"""Summaries of estimates against published ones to the printed digits, and what may be summed up at all."""

from __future__ import annotations

import subprocess
import sys
from math import sqrt
from typing import TYPE_CHECKING

import pytest

from kb.evidence_bases import EvidenceBases
from kb.synthesis.comparable import comparable_sets, number, numbers_of
from kb.synthesis.pooling import partial_correlation, random_effects
from tests.kb.synthesis.made_up import WORDS, row, study

if TYPE_CHECKING:
    from kb.evidence import Row
    from kb.tables import StudyRow


def test_kacker_2004_is_reproduced_to_the_digits_that_metafor_prints() -> None:
    """Nine laboratories (Kacker 2004), Paule and Mandel; data and results of R's metafor come with statsmodels."""
    from statsmodels.stats.tests.results import results_meta

    published = results_meta.exk1_metafor
    found = random_effects(list(published.yi), [sqrt(one) for one in published.vi])
    assert f"{found.mean:.4f}" == f"{published.b:.4f}" == "62.4076"
    assert f"{found.tau2:.4f}" == f"{published.tau2:.4f}" == "0.7054"
    assert f"{found.q:.4f}" == f"{published.QE:.4f}" == "24.8019"
    assert f"{found.q_p:.4f}" == f"{published.QEp:.4f}" == "0.0017"
    assert f"{sqrt(found.tau2):.4f}" == "0.8399"  # as Kacker's table has it


def test_kacker_2004_by_dersimonian_and_laird_with_the_interval_of_hartung_and_knapp() -> None:
    from statsmodels.stats.tests.results import results_meta

    published = results_meta.exk1_dl_hksj
    data = results_meta.exk1_metafor
    found = random_effects(list(data.yi), [sqrt(one) for one in data.vi], method="dl")
    for value, of in (
        (found.mean, published.b), (found.error, published.se), (found.low, published.ci_lb),
        (found.high, published.ci_ub), (found.tau2, published.tau2), (100 * found.i2, published.I2),
    ):  # fmt: skip
        assert f"{value:.4f}" == f"{of:.4f}"


def test_seventeen_trials_of_fine_1993_are_reproduced_to_the_digits_that_the_package_meta_prints() -> None:
    """Log odds ratios of survival (Fine and others 1993), DerSimonian and Laird with Hartung and Knapp."""
    from statsmodels.stats.meta_analysis import effectsize_2proportions
    from statsmodels.stats.tests.results import results_meta

    published = results_meta.results_or_dl_hk
    effects, variances = effectsize_2proportions(
        published.event_e, published.n_e, published.event_c, published.n_c, statistic="odds-ratio"
    )
    found = random_effects(list(effects), [sqrt(one) for one in variances], method="dl")
    for value, of in (
        (found.mean, published.TE_random), (found.low, published.lower_random), (found.high, published.upper_random),
        (found.tau2, published.tau2), (found.q, published.Q), (found.i2, published.I2),
    ):  # fmt: skip
        assert f"{value:.4f}" == f"{of:.4f}"
    assert (found.k, f"{found.q:.2f}") == (17, f"{published.Q:.2f}")


def test_a_prediction_interval_by_hand() -> None:
    """Three estimates 1, 2, 3 with errors 0.5: mean 2, Q = 8, tau2 = 1 - 0.25, error = sqrt((0.25 + 0.75) / 3).

    The mean lies within 2 -+ 4.302653 x 0.57735 = 2.48414 (t with 2 degrees of freedom), a new study within
    2 -+ 12.706205 x sqrt(0.75 + 1/3) = 13.22510 (t with 1).
    """
    found = random_effects([1, 2, 3], [0.5, 0.5, 0.5])
    assert found.k == 3
    assert found.mean == pytest.approx(2)
    assert found.q == pytest.approx(8)
    assert found.tau2 == pytest.approx(0.75)
    assert found.i2 == pytest.approx(0.75)
    assert found.high == pytest.approx(2 + 2.48414, abs=1e-4)
    assert found.predicted_low == pytest.approx(2 - 13.22510, abs=1e-4)


def test_agreeing_estimates_never_give_an_interval_narrower_than_their_errors() -> None:
    found = random_effects([1, 1, 1.01], [0.3, 0.3, 0.3])
    assert found.tau2 == pytest.approx(0, abs=1e-6)
    assert found.i2 == 0
    assert found.q_p > 0.99
    assert found.error == pytest.approx(0.3 / sqrt(3), rel=1e-6)


@pytest.mark.parametrize(("estimates", "errors"), [([1, 2], [1, 1]), ([1, 2, 3], [1, 1]), ([1, 2, 3], [1, 0, 1])])
def test_what_cannot_be_summed_up_is_refused(estimates: list[float], errors: list[float]) -> None:
    with pytest.raises(ValueError, match="three estimates or more"):
        random_effects(estimates, errors)


def test_without_the_library_it_says_what_to_install() -> None:
    script = (
        "import sys; sys.modules['statsmodels.stats.meta_analysis'] = None\n"
        "from kb.synthesis.pooling import random_effects\n"
        "try:\n    random_effects([1, 2, 3], [1, 1, 1])\n"
        "except Exception as error:\n    print(type(error).__name__, error)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(
        "MissingExtraError Summing up numbers needs statsmodels. Install it with: pip install"
    )


def test_a_partial_correlation_is_marked_as_derived() -> None:
    """t = 2, n = 30, 5 predictors: 24 degrees of freedom, r = 2 / sqrt(4 + 24) = 0.377964."""
    found = partial_correlation(2, 30, 5)
    assert found.value == pytest.approx(0.377964, abs=1e-6)
    assert found.error == pytest.approx(((1 - 4 / 28) / 24) ** 0.5)
    assert found.derived_from == "t = 2, n = 30, 5 predictors"
    with pytest.raises(ValueError, match="no degrees of freedom"):
        partial_correlation(2, 6, 5)


def numbered(**changes: dict[str, str]) -> list[Row]:
    """Return three findings with estimates on one scale; ``changes`` to their fields by study."""
    fields = {"estimate": "0.10", "se": "0.05"}
    return [row(f"{key}-1", "+", **{**fields, **changes.get(key, {})}) for key in "abc"]


def sets(rows: list[Row], models: dict[str, str] | None = None, studies: list[StudyRow] | None = None) -> list[int]:
    known = studies or [study(key, data=f"survey-{number}") for number, key in enumerate("abc")]
    found = models or {one.finding: "OLS on a scale from 0 to 1; year dummies" for one in rows}
    return [len(members) for members in comparable_sets(rows, found, EvidenceBases(known, WORDS)).values()]


def test_three_comparable_estimates_are_summed_up() -> None:
    rows = numbered()
    models = {one.finding: "OLS on a scale from 0 to 1; with  controls" for one in rows}
    known = [study(key, data=f"survey-{number}") for number, key in enumerate("abc")]
    found = numbers_of(rows, models, EvidenceBases(known, WORDS))
    assert (found.printed.number, found.with_error.number, len(found.pooled)) == (3, 3, 1)
    pooled = found.pooled[0]
    assert (pooled.findings, pooled.outcome) == (("a-1", "b-1", "c-1"), "trust")
    assert pooled.scale == "ols on a scale from 0 to 1 (overall, mipex)"
    assert pooled.summary.mean == pytest.approx(0.1)


def test_what_is_not_comparable_is_not() -> None:
    assert sets(numbered()) == [3]
    assert sets(numbered(c={"outcome": "threat"})) == []
    assert sets(numbered(c={"policy": "health"})) == []
    assert sets(numbered(c={"measure": "mipex:2015"})) == []
    assert sets(numbered(c={"estimate": "-0.10"})) == []  # the number points the other way than the direction
    models = {"a-1": "OLS", "b-1": "OLS", "c-1": "Logistic regression"}
    assert sets(numbered(), models) == []
    assert sets(numbered(), {"a-1": "OLS", "b-1": "OLS"}) == []
    assert sets([*numbered(), row("c-2", "+", estimate="0.2", se="0.1")]) == []  # two of one study
    shared = [study("a", data="ess"), study("b", data="ess"), study("c", data="survey-1")]
    assert sets(numbered(), studies=shared) == []
    unknown = [study("a"), study("b", data="ess"), study("c", data="survey-1")]
    assert sets(numbered(), studies=unknown) == []


def test_a_finding_without_a_standard_error_counts_as_printed_only() -> None:
    found = numbers_of(numbered(a={"se": ""}, b={"estimate": "n.s."}), {}, EvidenceBases([], WORDS))
    assert (found.printed.findings, found.with_error.findings, found.pooled) == (("a-1", "c-1"), ("c-1",), ())


@pytest.mark.parametrize(("text", "value"), [("2,400", 2400), ("−0.5", -0.5), ("", None), (".534", 0.534), ("x", None)])
def test_numbers_are_read_as_printed(text: str, value: float | None) -> None:
    assert number(text) == value
