"""Figures that only a whole cohort has: how well chances rank its cases, and keep their word.

A case carries ``chance/<event>`` and ``truth/<event>``. ``auroc/<event>`` is one event's figure.
Plain ``auroc`` and ``auprc`` are the mean over the events that at least two cases show and two do
not; plain ``brier`` and ``calibration_error`` take all chances of all events together.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import BundleError
from pipeline.evaluation.scores import CaseScore
from pipeline.metrics import auprc, auroc, brier, calibration_error

Chances = NDArray[np.float64]

CHANCE, TRUTH = "chance/", "truth/"
FIGURES: dict[str, Callable[[Chances, NDArray[np.bool_]], float]] = {
    "auroc": auroc,
    "auprc": auprc,
    "brier": brier,
    "calibration_error": calibration_error,
}
RANKED = ("auroc", "auprc")
LEAST = 2  # cases of either kind, so that leaving one out leaves the figure defined


def is_raw(name: str) -> bool:
    """Say whether `name` is a raw value and no metric."""
    return name.startswith((CHANCE, TRUTH))


def is_cohort_figure(metric: str) -> bool:
    """Say whether only a whole cohort has `metric`."""
    return metric.partition("/")[0] in FIGURES


def cohort_metrics(cases: Sequence[CaseScore]) -> tuple[str, ...]:
    """Name the figures over the whole cohort that these cases allow; none without chances."""
    events = _events(cases)
    each = (f"{figure}/{event}" for event in events for figure in FIGURES)
    return (*FIGURES, *each) if events else ()


def cohort_figure(cases: Sequence[CaseScore], metric: str) -> float:
    """Compute one figure over all cases; NaN where it is undefined.

    Parameters
    ----------
    cases : sequence of CaseScore
        One version's.
    metric : str
        Such as ``auroc`` or ``auroc/noise``.

    Raises
    ------
    BundleError
        A chance is not between 0 and 1.
    """
    return _figure(*_table(cases, metric), metric)


def contributions(cases: Sequence[CaseScore], metric: str) -> dict[str, float]:
    """What each case contributes to a figure over the whole cohort: jackknife pseudo-values.

    n F - (n - 1) F without the case. Their mean is the figure freed of its first-order bias, their
    spread gives its standard error (Tukey, Annals of Mathematical Statistics 29:614, 1958; for
    AUROC, a U-statistic, Arvesen, ibid. 40:2076, 1969), so the bounds of means serve it as well.

    Parameters
    ----------
    cases, metric
        As `cohort_figure`.

    Returns
    -------
    dict of str to float
        By case, without those that carry no chance; empty where the figure is undefined.
    """
    names = [case.case for case in cases if _events([case], metric)]
    chances, truth = _table(cases, metric)
    whole, number = _figure(chances, truth, metric), len(names)
    if math.isnan(whole) or number < 2:
        return {}
    left = [
        _figure(np.delete(chances, index, 0), np.delete(truth, index, 0), metric)
        for index in range(number)
    ]
    return {
        name: number * whole - (number - 1) * without
        for name, without in zip(names, left, strict=True)
    }


def _figure(chances: Chances, truth: Chances, metric: str) -> float:
    figure = FIGURES[metric.partition("/")[0]]
    if figure not in (auroc, auprc):
        known = ~np.isnan(chances)
        return figure(chances[known], truth[known] > 0)
    columns = [
        (c[~np.isnan(c)], t[~np.isnan(c)] > 0) for c, t in zip(chances.T, truth.T, strict=True)
    ]
    return float(np.mean([figure(*column) for column in columns])) if columns else math.nan


def _table(cases: Sequence[CaseScore], metric: str) -> tuple[Chances, Chances]:
    """Chances and truths, cases × events; NaN where a case does not tell of an event."""
    events = _events(cases, metric)
    rows = [[_pair(case, event) for event in events] for case in cases if _events([case], metric)]
    pairs = np.array(rows, np.float64).reshape(len(rows), len(events), 2)
    chances, truth = pairs[..., 0], pairs[..., 1]
    if metric.partition("/")[0] in RANKED:
        shown = np.nansum(truth, axis=0)
        kept = (shown >= LEAST) & ((~np.isnan(truth)).sum(axis=0) - shown >= LEAST)
        chances, truth = chances[:, kept], truth[:, kept]
    return chances, truth


def _events(cases: Sequence[CaseScore], metric: str = "") -> list[str]:
    """The events that any case tells of, the metric's own alone where it names one."""
    wanted = metric.partition("/")[2]
    names = {
        name.removeprefix(CHANCE) for c in cases for name in c.values if name.startswith(CHANCE)
    }
    told = {event for event in names if any(not math.isnan(_pair(c, event)[0]) for c in cases)}
    return sorted(event for event in told if wanted in ("", event))


def _pair(case: CaseScore, event: str) -> tuple[float, float]:
    chance, truth = (case.values.get(prefix + event, math.nan) for prefix in (CHANCE, TRUTH))
    if math.isnan(chance) or math.isnan(truth):
        return math.nan, math.nan
    if not 0 <= chance <= 1:
        raise BundleError(
            f"Case {case.case}: the module gives {event} a chance of {chance:g}, not 0 to 1.",
            "Mend the bundle's last layer or threshold, and register it as a new version.",
        )
    return chance, truth
