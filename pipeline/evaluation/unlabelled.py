"""Two versions on studies without labels: how far they agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.evaluation.scores import Interval
from pipeline.result import ModuleRef


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
