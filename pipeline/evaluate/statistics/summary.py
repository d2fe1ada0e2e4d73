"""One version on one cohort: every metric's mean, or figure over the whole, with its interval."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from pipeline.evaluate.statistics.cohort import (
    cohort_figure,
    cohort_metrics,
    contributions,
    is_raw,
)
from pipeline.evaluate.statistics.interval import around, mean_interval
from pipeline.evaluation.scores import CaseScore, Interval
from pipeline.metrics import FIGURES, better


class Valued(Protocol):
    """Anything scored case by case."""

    @property
    def values(self) -> Mapping[str, float]:
        """Figures by metric; NaN where undefined."""


def summarise(cases: Sequence[CaseScore]) -> dict[str, Interval]:
    """Sum a version up: what `Evaluation.summary` holds.

    Parameters
    ----------
    cases : sequence of CaseScore
        As validated; raw chances and truths become figures over the whole cohort.

    Returns
    -------
    dict of str to Interval
        By metric, in the order of its first case, figures over the whole cohort last.
    """
    whole = {metric: _whole(cases, metric) for metric in cohort_metrics(cases)}
    return summarise_values(cases) | whole


def summarise_values(cases: Sequence[Valued]) -> dict[str, Interval]:
    """Mean of every value that cases carry, raw chances and truths left out."""
    names = dict.fromkeys(name for case in cases for name in case.values if not is_raw(name))
    return {
        name: _mean(name, (case.values.get(name, math.nan) for case in cases)) for name in names
    }


def directions(metrics: Iterable[str]) -> dict[str, str]:
    """Which way each metric is better, without those that only describe: `Evaluation.better`."""
    return {metric: better(metric) for metric in metrics if better(metric)}


def _mean(metric: str, values: Iterable[float]) -> Interval:
    known = FIGURES.get(metric.partition("/")[0])
    return mean_interval(values, known.low, known.high) if known else mean_interval(values)


def _whole(cases: Sequence[CaseScore], metric: str) -> Interval:
    figure, parts = cohort_figure(cases, metric), contributions(cases, metric)
    return around(figure, _mean(metric, parts.values()))
