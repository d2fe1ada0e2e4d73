"""A policy applied to a comparison: every criterion, its figure and its reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
