"""A structure that a case has not: who draws nothing there is right, though no overlap says so."""

from __future__ import annotations

import math
from dataclasses import replace

from pipeline.evaluation.scores import CaseScore
from pipeline.metrics.figures import best


def evened(one: CaseScore, other: CaseScore) -> tuple[CaseScore, CaseScore]:
    """Make one case of two versions comparable where the reference holds nothing of a structure.

    There the version that draws nothing has no Dice, and the one that draws something has a Dice of
    0. The former gets the figure's best value, so that the other's false positives are a loss. What
    neither of them has a figure for stays undefined.

    Parameters
    ----------
    one, other : CaseScore
        Of the same case, scored against the same reference.

    Returns
    -------
    tuple of CaseScore
        In the same order.
    """
    return _credited(one, other), _credited(other, one)


def _credited(case: CaseScore, other: CaseScore) -> CaseScore:
    earned = {
        metric: best(metric)
        for metric, value in other.values.items()
        # A figure that was never computed is not undefined.
        if math.isnan(case.values.get(metric, 0.0)) and not math.isnan(value)
        if _truth_is_empty(case, metric) and _truth_is_empty(other, metric)
    }
    return replace(case, values={**case.values, **earned}) if earned else case


def _truth_is_empty(case: CaseScore, metric: str) -> bool:
    """A volume has no relative bias exactly where its truth is empty."""
    return math.isnan(case.values.get(f"volume_bias/{metric.partition('/')[2]}", 0.0))
