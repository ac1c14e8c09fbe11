"""What drawings and text work out alike: orders, axes, and numbers in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.synthesis.plots.look import arrow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.synthesis.plots.model import Estimate, Forest, Line, Panel


def harvest_order(panel: Panel) -> tuple[str, ...]:
    """Return the classes as a harvest plot has them: against, no association, for, and then all others."""
    good, bad, null, *others = panel.results
    return (bad, null, good, *others)


def by_year(lines: Sequence[Line]) -> list[Line]:
    """Return studies by year of publication, those without one last."""
    return sorted(lines, key=lambda line: (line.year is None, line.year or 0, line.study))


def years_of(lines: Sequence[Line]) -> tuple[int, int] | None:
    """Return the first and the last year of publications and data, none where no year is known."""
    years = [year for line in lines for year in (line.year, *(line.data or ())) if year is not None]
    return (min(years), max(years)) if years else None


def estimate_text(estimate: Estimate) -> str:
    """Return an estimate as it is listed: whose, on what, which way, the numbers, and the model."""
    sign = f"{arrow(estimate.direction)} {estimate.direction}"
    who = f"{estimate.finding} ({estimate.label})"
    return "; ".join(filter(None, (who, f"{estimate.outcome} {sign}", estimate.printed, estimate.model)))


def ends_of(estimate: Estimate) -> tuple[float, float]:
    """Return the interval of an estimate; its value alone where there is no standard error."""
    low = estimate.value if estimate.low is None else estimate.low
    return low, estimate.value if estimate.high is None else estimate.high


def extent(forest: Forest) -> tuple[float, float]:
    """Return the ends of an axis that holds every interval of a forest plot, and zero."""
    summary = forest.summary
    ends = [(summary.low, summary.high), (summary.predicted_low, summary.predicted_high)]
    ends += map(ends_of, forest.estimates)
    return min(0.0, *(low for low, _ in ends)), max(0.0, *(high for _, high in ends))


def number_text(value: float, low: float | None, high: float | None) -> str:
    """Return a number with its interval."""
    return f"{value:.3g}" if low is None or high is None else f"{value:.3g} [{low:.3g}, {high:.3g}]"
