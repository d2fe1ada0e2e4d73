"""What a policy asks for. A loss is a change for the worse, whichever way the metric runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Floor:
    """What the candidate must reach by itself.

    Attributes
    ----------
    metric : str
        Such as ``dice/whole``.
    side : str
        ``least`` for a metric that is better high, ``most`` for one that is better low.
    limit : float
        The worst value that is accepted.
    on : str
        ``mean``, or ``bound``: the one-sided bound of the mean.
    """

    metric: str
    side: str
    limit: float
    on: str


@dataclass(frozen=True)
class Margin:
    """Non-inferiority: a mean loss against the reference that is still accepted, from 0."""

    metric: str
    loss: float


@dataclass(frozen=True)
class Gate:
    """A guard for every value of a subgroup column: its mean loss, not the bound, counts.

    Attributes
    ----------
    column, metric : str
        Such as ``scanner`` and ``dice/whole``.
    loss : float
        Mean loss within one subgroup that is still accepted.
    least_cases : int
        A subgroup of fewer is too small to judge.
    small : str
        What such a subgroup comes to: ``pass`` or ``hold`` (inconclusive).
    """

    column: str
    metric: str
    loss: float
    least_cases: int
    small: str


@dataclass(frozen=True)
class Worst:
    """Loss on any single case that is still accepted."""

    metric: str
    loss: float


@dataclass(frozen=True)
class Misses:
    """How many more lesions than the reference the candidate may miss, over all cases together."""

    metric: str
    more: int


@dataclass(frozen=True)
class Budget:
    """Time and memory, as ratios of candidate to reference; None for no limit."""

    seconds: float | None = None
    memory: float | None = None


@dataclass(frozen=True)
class Policy:
    """All criteria for one module.

    Attributes
    ----------
    module : str
        The file's name without .toml.
    alpha : float
        Chance that a candidate worse than a margin passes it.
    least_cases : int
        With fewer, no bound decides.
    inconclusive : str
        What an undecided criterion makes of the whole: ``hold``, or ``refuse``.
    failures : int
        Cases that the candidate may fail although the reference does not.
    floors, margins, subgroups, worst, misses, budget
        The criteria.
    digest : str
        ``sha256:`` and 64 hexadecimal digits, of the file's bytes: what `sha256sum` prints.
    """

    module: str
    alpha: float
    least_cases: int
    inconclusive: str
    failures: int
    floors: tuple[Floor, ...]
    margins: tuple[Margin, ...]
    subgroups: tuple[Gate, ...]
    worst: tuple[Worst, ...]
    misses: tuple[Misses, ...]
    budget: Budget
    digest: str

    @property
    def metrics(self) -> tuple[str, ...]:
        """Every metric it asks for, once."""
        asked = (
            *(floor.metric for floor in self.floors),
            *(margin.metric for margin in self.margins),
            *(gate.metric for gate in self.subgroups),
            *(worst.metric for worst in self.worst),
            *(misses.metric for misses in self.misses),
        )
        return tuple(dict.fromkeys(asked))
