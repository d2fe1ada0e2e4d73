"""Policies and evidence for the tests of decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from pipeline.evaluate.compare.compare import compare
from pipeline.evaluation.comparison import Comparison
from pipeline.evaluation.decision import Criterion, Decision
from pipeline.versions.policy.policy import Policy
from pipeline.versions.policy.read import parse_policy
from tests.evaluate.evaluations import evaluation, scored

Columns = Mapping[str, Sequence[float]]


def policy(module: str = "tumour", **tables: object) -> Policy:
    """A policy as its file would say it."""
    return parse_policy(tables, Path(f"{module}.toml"), "sha256:" + "a" * 64)


def comparison(
    old: Columns, new: Columns, groups: Mapping[str, Sequence[str]] | None = None
) -> Comparison:
    """Version 1.1.0 against 1.0.0."""
    return compare(evaluation(scored(old, groups)), evaluation(scored(new, groups), "1.1.0"))


def dice_moved(
    moves: Sequence[float], groups: Mapping[str, Sequence[str]] | None = None
) -> Comparison:
    """A comparison whose Dice moves by so much on each case, from values around 0.8."""
    old = 0.8 + np.random.default_rng(5).uniform(-0.05, 0.05, len(moves))
    return comparison({"dice/whole": old}, {"dice/whole": old + np.array(moves)}, groups)


def timed(found: Comparison, before: float, after: float, field: str = "seconds") -> Comparison:
    """The same with every case measured."""
    sides = {
        name: replace(side, cases=tuple(replace(c, **{field: value}) for c in side.cases))
        for name, side, value in [
            ("reference", found.reference, before),
            ("candidate", found.candidate, after),
        ]
    }
    return replace(found, **sides)


def only(decision: Decision, kind: str) -> Criterion:
    """The one criterion of a kind."""
    (criterion,) = [c for c in decision.criteria if c.kind == kind]
    return criterion
