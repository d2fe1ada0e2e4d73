"""The same promise for AUROC, whose bound rests on what each case contributes.

Two readers of known AUROC (binormal, their errors correlated) judge the same cases; the candidate
is worse by exactly the margin, so passing is an error.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.stats import norm

from pipeline.evaluate.statistics.bound import lower_bound
from pipeline.evaluate.statistics.paired import moved_contributions
from pipeline.evaluation.scores import CaseScore

REFERENCE, MARGIN, SHARED = 0.92, 0.05, 0.7
SIZES = (20, 50)
COHORTS = 300


def false_pass(number: int, alpha: float, cohorts: int = COHORTS) -> float:
    """Rate at which a candidate whose AUROC is lower by the margin passes.

    Parameters
    ----------
    number : int
        Cases, every other one positive.
    alpha : float
        Of the bound.
    cohorts : int
        Drawn.
    """
    rng = np.random.default_rng(number)
    passed = 0
    for _ in range(cohorts):
        moved = np.array(list(moved_contributions("auroc", *_readers(rng, number)).values()))
        passed += bool(lower_bound(moved, alpha) >= -MARGIN)
    return passed / cohorts


def _readers(rng: np.random.Generator, number: int) -> tuple[list[CaseScore], list[CaseScore]]:
    truth = np.arange(number) % 2
    shared = math.sqrt(SHARED) * rng.standard_normal(number)
    reference, candidate = (
        norm.cdf(
            math.sqrt(2) * norm.ppf(auroc) * truth
            + shared
            + math.sqrt(1 - SHARED) * rng.standard_normal(number)
        )
        for auroc in (REFERENCE, REFERENCE - MARGIN)
    )
    return _cases(reference, truth), _cases(candidate, truth)


def _cases(chances: np.ndarray, truth: np.ndarray) -> list[CaseScore]:
    return [
        CaseScore(str(index), {"chance/defect": float(chance), "truth/defect": float(so)})
        for index, (chance, so) in enumerate(zip(chances, truth, strict=True))
    ]


def main(alpha: float) -> None:
    """Print one line a size."""
    print(
        f"\nGate: AUROC {REFERENCE:g}, candidate worse by the margin of {MARGIN:g}, alpha {alpha:g}"
    )
    for number in SIZES:
        rate = false_pass(number, alpha)
        error = math.sqrt(max(rate, 1 / COHORTS) * (1 - rate) / COHORTS)
        print(f"  n {number:>3}  false-pass rate {rate:.4f} ± {error:.4f}  ({COHORTS} cohorts)")
