"""Two versions on the same labelled cases: paired statistics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.evaluation.scores import Evaluation, Interval


@dataclass(frozen=True)
class Paired:
    """One metric of two versions on the same cases; differences are candidate minus reference.

    Attributes
    ----------
    metric, better : str
        Its name; ``higher``, ``lower``, or empty where neither is better.
    reference, candidate : float
        Means over the cases where both are defined, or made so by `evened`.
    difference : Interval
        Mean difference with a 95 % interval; its n is the number of pairs.
    spread : float
        Standard deviation of the differences.
    p_value : float
        Wilcoxon's signed-rank test, two-sided; NaN where all differences are zero or too few.
    wins, ties, losses : int
        Cases where the candidate is better, equal, worse.
    differences : mapping of str to float
        By case; empty for a figure over the whole cohort, such as AUROC, which has no cases to win
        or lose either.
    """

    metric: str
    better: str
    reference: float
    candidate: float
    difference: Interval
    spread: float
    p_value: float
    wins: int
    ties: int
    losses: int
    differences: Mapping[str, float]


@dataclass(frozen=True)
class Subgroup:
    """A paired comparison within one value of one column, p adjusted over all subgroups (Holm)."""

    column: str
    value: str
    paired: Paired
    p_adjusted: float


@dataclass(frozen=True)
class Agreement:
    """Bland and Altman's figures for a volume: candidate minus reference, ml."""

    metric: str
    bias: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Unpaired:
    """A case that one version has a figure for and the other has not, so that it has no difference.

    Attributes
    ----------
    case : str
        Its name in the cohort.
    metric : str
        What is missing; empty where there is no prediction at all.
    missing : str
        ``reference`` or ``candidate``: whose figure is missing.
    reason : str
        Code of the failure; ``undefined`` for a metric that is NaN; ``absent`` for a case that was
        not evaluated.
    """

    case: str
    metric: str
    missing: str
    reason: str


@dataclass(frozen=True)
class Comparison:
    """Two versions of a module on one cohort.

    Attributes
    ----------
    reference, candidate : Evaluation
        Same module, same cohort digest.
    metrics : tuple of Paired
        One a metric.
    subgroups : tuple of Subgroup
        For the metrics that have a better way.
    agreement : tuple of Agreement
        For the volumes.
    identical : int
        Cases whose predictions agree bit for bit.
    unpaired : tuple of Unpaired
        What only one of the two has; reported, never dropped.
    """

    reference: Evaluation
    candidate: Evaluation
    metrics: tuple[Paired, ...]
    subgroups: tuple[Subgroup, ...]
    agreement: tuple[Agreement, ...]
    identical: int
    unpaired: tuple[Unpaired, ...] = ()
