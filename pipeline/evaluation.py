"""What validation and comparison hand over: scores by case, paired statistics, a decision.

A metric is named ``<figure>/<structure>``, such as ``dice/whole``, or plainly, such as ``auroc``.
Undefined figures are NaN and are left out of means; every mean carries its n. A figure that only a
whole cohort has, such as ``auroc``, is computed from what its cases carry: ``chance/<event>``, the
chance the module gave an event (0 to 1), and ``truth/<event>``, whether it was so (0 or 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.result import ModuleRef


@dataclass(frozen=True)
class Interval:
    """A figure with its confidence bounds and the number of cases behind it."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class CaseScore:
    """One case of a cohort, run with one version.

    Attributes
    ----------
    case : str
        Its name in the cohort; unique.
    values : mapping of str to float
        By metric; NaN where undefined. Also ``chance/<event>`` and ``truth/<event>``, the raw
        values behind a figure over the whole cohort: no metrics, and never averaged.
    groups : mapping of str to str
        Subgroup by column, such as ``{"scanner": "Siemens"}``.
    output : str
        Digest of the prediction; two versions with the same digest agree bit for bit.
    seconds, memory_mib : float
        Wall time of the module alone, and the process's peak; NaN where it came from the cache.
    failure : str
        Code of why there is no prediction, empty where there is one.
    """

    case: str
    values: Mapping[str, float]
    groups: Mapping[str, str] = field(default_factory=dict)
    output: str = ""
    seconds: float = float("nan")
    memory_mib: float = float("nan")
    failure: str = ""


@dataclass(frozen=True)
class Counters:
    """How many predictions were computed and how many came from the cache, by module."""

    computed: Mapping[str, int]
    cached: Mapping[str, int]


@dataclass(frozen=True)
class Evaluation:
    """One version on one cohort.

    Attributes
    ----------
    module : ModuleRef
        The version.
    cohort, cohort_digest : str
        Name, and digest over the actual bytes of images, labels and definition.
    upstream : mapping of str to str
        By module it depends on, the digest of the version that fed it.
    lock, policy : str
        Digests of configs/pipeline.lock and of the module's policy; empty for no policy.
    cases : tuple of CaseScore
        In the cohort's order.
    summary : mapping of str to Interval
        By metric: the mean over cases (or the figure over the whole cohort, such as AUROC) with a
        95 % bootstrap interval.
    better : mapping of str to str
        By metric, ``higher`` or ``lower``; a metric that only describes is absent.
    counters : Counters
        What was run for it.
    run_id : str
        The MLflow run that holds it.
    """

    module: ModuleRef
    cohort: str
    cohort_digest: str
    upstream: Mapping[str, str]
    lock: str
    policy: str
    cases: tuple[CaseScore, ...]
    summary: Mapping[str, Interval]
    better: Mapping[str, str]
    counters: Counters
    run_id: str = ""


@dataclass(frozen=True)
class Paired:
    """One metric of two versions on the same cases; differences are candidate minus reference.

    Attributes
    ----------
    metric, better : str
        Its name; ``higher``, ``lower``, or empty where neither is better.
    reference, candidate : float
        Means over the cases where both are defined.
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


class Outcome(StrEnum):
    """What a criterion, and all of them together, come to."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True)
class Criterion:
    """One rule of a policy, applied.

    Attributes
    ----------
    kind : str
        ``floor``, ``non_inferiority``, ``subgroup``, ``worst_case``, ``lesions``, ``failures`` or
        ``budget``.
    subject : str
        The metric, with the subgroup where there is one.
    figure, bound : float
        What was found and what the policy asks for.
    outcome : Outcome
        Met, missed, or undecided on this many cases.
    reason : str
        One sentence with both figures and n.
    cases_needed : int or None
        Where undecided: how many cases in all would probably decide.
    """

    kind: str
    subject: str
    figure: float
    bound: float
    outcome: Outcome
    reason: str
    cases_needed: int | None = None


@dataclass(frozen=True)
class Decision:
    """A policy applied to a comparison; refuse outweighs inconclusive, that outweighs accept."""

    outcome: Outcome
    criteria: tuple[Criterion, ...]
    policy: str


@dataclass(frozen=True)
class Agreed:
    """One study run with two versions, without labels.

    Attributes
    ----------
    case : str
        Pseudonym of the study, or its name in a cohort.
    values : mapping of str to float
        ``dice/<segment>`` between the versions' label maps, ``change_ml/<measurement>`` and
        ``change/<measurement>``: candidate minus reference.
    changes : tuple of str
        Verdicts and lesion counts that differ, in words.
    identical : bool
        Whether the predictions agree bit for bit.
    failure : str
        Why there is nothing to compare, empty where there is.
    """

    case: str
    values: Mapping[str, float]
    changes: tuple[str, ...] = ()
    identical: bool = False
    failure: str = ""


@dataclass(frozen=True)
class Unlabelled:
    """Two versions on studies without labels: how far they agree, not which one is right.

    `summary` holds the mean over studies with its 95 % interval, by value.
    """

    reference: ModuleRef
    candidate: ModuleRef
    cases: tuple[Agreed, ...]
    summary: Mapping[str, Interval]
