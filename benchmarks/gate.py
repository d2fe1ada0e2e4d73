"""Does the promotion gate keep its promise? False-pass rate at the margin, and power beyond it.

    python -m benchmarks.gate

Cohorts are drawn whose true mean difference lies exactly at the margin (so that passing is an
error) and further and further above it (so that passing is right); the bound is the very one that
`tessera promote` decides by. Shifting a cohort shifts its bound, so one draw gives the whole curve.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from benchmarks import ranking_gate
from benchmarks.populations import POPULATIONS, Population, Sample
from pipeline.evaluate.statistics.bound import bootstrap_t, lower_bound, standard_error

ALPHA = 0.05
SIZES = (8, 12, 20, 50)
COHORTS = 4000
AT_ONCE = 1000  # cohorts, so that resamples fit into the processor's cache and little memory
DISTANCES = (0.0, 0.5, 0.75, 1.0, 1.5, 2.0)


@dataclass(frozen=True)
class Rates:
    """How often cohorts pass.

    Attributes
    ----------
    power : tuple of float
        At each of DISTANCES; the first is the false-pass rate.
    student, bootstrap : float
        False-pass rates that Student's bound would have, and bootstrap-t alone (on the first
        AT_ONCE cohorts, as it takes the time).
    cohorts : int
        Drawn.
    """

    power: tuple[float, ...]
    student: float
    bootstrap: float
    cohorts: int

    @property
    def false_pass(self) -> float:
        """Rate of passing at the margin itself."""
        return self.power[0]

    @property
    def error(self) -> float:
        """Monte-Carlo standard error of the false-pass rate, at least that of a single pass."""
        rate = max(self.false_pass, 1 / self.cohorts)
        return math.sqrt(rate * (1 - rate) / self.cohorts)


def simulate(population: Population, number: int, cohorts: int = COHORTS) -> Rates:
    """Draw cohorts of `number` cases and count how many the gate lets pass.

    The mean difference is 0 and its standard deviation 1, so the margin is 0 and a cohort that
    truly lies d standard deviations above it passes where its bound is at least -d.
    """
    rng = np.random.default_rng([number, POPULATIONS.index(population)])
    drawn = [population.draw(rng, (AT_ONCE, number)) for _ in range(cohorts // AT_ONCE)]
    bounds = np.concatenate([lower_bound(gains, ALPHA) for gains in drawn])
    steps = student.ppf(1 - ALPHA, number - 1)
    return Rates(
        power=tuple(float(np.mean(bounds >= -distance)) for distance in DISTANCES),
        student=float(np.mean([_passes(gains, steps) for gains in drawn])),
        bootstrap=_passes(drawn[0], bootstrap_t(drawn[0], 1 - ALPHA)),
        cohorts=bounds.size,
    )


def _passes(gains: Sample, steps: Sample | float) -> float:
    return float(np.mean(gains.mean(axis=-1) >= steps * standard_error(gains)))


def main() -> None:
    """Print both tables, and what the promise does not cover."""
    started = time.perf_counter()
    found = {(p, n): simulate(p, n) for p in POPULATIONS for n in SIZES}
    print(f"\nGate: false-pass rate at the margin, alpha {ALPHA:g}, {COHORTS} cohorts each")
    print(f"  {'differences':<24}{'n':>4}  {'this gate':<15}{'Student':>8}{'bootstrap-t':>13}")
    for (population, number), rates in found.items():
        print(
            f"  {population.name:<24}{number:>4}  {rates.false_pass:.4f} ± {rates.error:.4f}"
            f"{rates.student:>8.3f}{rates.bootstrap:>13.3f}{_remark(population, rates)}"
        )
    print("\nGate: power by true distance above the margin, in standard deviations of a difference")
    print(f"  {'differences':<24}{'n':>4}" + "".join(f"{d:>8g}" for d in DISTANCES))
    for (population, number), rates in found.items():
        if population.promised:
            row = "".join(f"{power:>8.3f}" for power in rates.power)
            print(f"  {population.name:<24}{number:>4}{row}")
    ranking_gate.main(ALPHA)
    print(f"  {time.perf_counter() - started:.0f} s")


def _remark(population: Population, rates: Rates) -> str:
    if not population.promised:
        return "  outside the promise"
    return "" if rates.false_pass <= ALPHA else "  above alpha"


if __name__ == "__main__":
    main()
