"""Numbers where there are numbers: a random-effects summary of estimates, and a correlation from t and n.

The work is done by statsmodels, which comes with the extra ``numbers``.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

from kb.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Sequence


class Summary(NamedTuple):
    """A random-effects summary of ``k`` estimates: mean with its interval, heterogeneity, and prediction interval.

    ``q`` is Cochran's, with probability ``q_p``; ``i2`` is the share of it beyond chance. The interval of the mean is
    that of Hartung and Knapp, never narrower than the usual standard error makes it.
    """

    k: int
    mean: float
    error: float
    low: float
    high: float
    tau2: float
    q: float
    q_p: float
    i2: float
    predicted_low: float
    predicted_high: float


class Pooled(NamedTuple):
    """A summary and what it sums up: findings by key, on one outcome, on one scale."""

    outcome: str
    scale: str
    findings: tuple[str, ...]
    summary: Summary


class Derived(NamedTuple):
    """A number that nobody printed: worked out from others, and marked so."""

    value: float
    error: float
    derived_from: str


def random_effects(
    estimates: Sequence[float], errors: Sequence[float], *, method: str = "pm", confidence: float = 0.95
) -> Summary:
    """Sum up estimates with their standard errors.

    ``method`` estimates the variance between studies: ``pm`` (Paule and Mandel) or ``dl`` (DerSimonian and Laird).

    Raises:
        ValueError: there are fewer than three estimates, or an error is not positive.
        MissingExtraError: the library for it is not installed.
    """
    if len(estimates) < 3 or len(estimates) != len(errors) or min(errors) <= 0:
        raise ValueError("A summary needs three estimates or more, each with a positive standard error.")
    try:
        from scipy import stats
        from statsmodels.stats.meta_analysis import combine_effects
    except ImportError:
        message = "Summing up numbers needs statsmodels. Install it with: pip install 'mipex-kb[numbers]'"
        raise MissingExtraError(message) from None
    import numpy

    k = len(estimates)
    options = {"atol": 1e-9} if method == "pm" else {}
    found = combine_effects(
        numpy.asarray(estimates, float), numpy.asarray(errors, float) ** 2, method_re=method, **options
    )
    tau2, mean = max(0.0, float(found.tau2)), float(found.mean_effect_re)
    error = float(found.sd_eff_w_re) * sqrt(max(1.0, float(found.scale_hksj_re)))
    width = float(stats.t.ppf((1 + confidence) / 2, k - 1)) * error
    reach = float(stats.t.ppf((1 + confidence) / 2, k - 2)) * sqrt(tau2 + error**2)
    q = float(found.q)
    i2 = max(0.0, 1 - (k - 1) / q) if q > 0 else 0.0
    q_p = float(stats.chi2.sf(q, k - 1))
    return Summary(k, mean, error, mean - width, mean + width, tau2, q, q_p, i2, mean - reach, mean + reach)


def partial_correlation(t: float, n: int, predictors: int) -> Derived:
    """Return the partial correlation behind a printed t value of a model with this many predictors.

    Raises:
        ValueError: there are no degrees of freedom left.
    """
    freedom = n - predictors - 1
    if freedom < 1:
        raise ValueError(f"{n} observations and {predictors} predictors leave no degrees of freedom.")
    value = t / sqrt(t * t + freedom)
    return Derived(value, sqrt((1 - value * value) / freedom), f"t = {t:g}, n = {n}, {predictors} predictors")
