"""One version on one cohort: scores by case and their summary.

A metric is named ``<figure>/<structure>``, such as ``dice/whole``, or plainly, such as ``auroc``.
Undefined figures are NaN and are left out of means; every mean carries its n. A figure that only a
whole cohort has, such as ``auroc``, is computed from what its cases carry: ``chance/<event>``, the
chance the module gave an event (0 to 1), and ``truth/<event>``, whether it was so (0 or 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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
        What the prediction took once its input was ready: wall time, and the peak of memory over
        what was in use by then, such as the weights; NaN where it came from the cache.
    failure : str
        Why there is no prediction, ``code: message`` or the code alone; empty where there is one.
    lock : str
        Digest of the lock file under which it was scored; older than the evaluation's where the
        scores were known.
    """

    case: str
    values: Mapping[str, float]
    groups: Mapping[str, str] = field(default_factory=dict)
    output: str = ""
    seconds: float = float("nan")
    memory_mib: float = float("nan")
    failure: str = ""
    lock: str = ""


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
