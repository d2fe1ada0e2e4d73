"""Evaluations for tests, made from plain lists of figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.evaluate.statistics.summary import directions, summarise
from pipeline.evaluation.scores import CaseScore, Counters, Evaluation
from pipeline.result import ModuleRef

COHORT = "sha256:" + "c" * 64


def scored(
    values: Mapping[str, Sequence[float]], groups: Mapping[str, Sequence[str]] | None = None
) -> tuple[CaseScore, ...]:
    """One case an entry, named case-00, case-01 and so on."""
    count = len(next(iter(values.values())))
    columns = groups or {}
    return tuple(
        CaseScore(
            f"case-{i:02}",
            {metric: float(column[i]) for metric, column in values.items()},
            {column: entries[i] for column, entries in columns.items()},
            output=f"sha256:{i:064}",
        )
        for i in range(count)
    )


def evaluation(
    cases: Sequence[CaseScore], version: str = "1.0.0", name: str = "tumour"
) -> Evaluation:
    """A version's evaluation on the test cohort."""
    ref = ModuleRef(name, version, 1, *["sha256:" + version.replace(".", "") * 10] * 4)
    summary = summarise(cases)
    return Evaluation(
        module=ref,
        cohort="held-out",
        cohort_digest=COHORT,
        upstream={},
        lock="",
        policy="",
        cases=tuple(cases),
        summary=summary,
        better=directions(summary),
        counters=Counters({}, {}),
    )


def failing(cases: Sequence[CaseScore], *names: str) -> tuple[CaseScore, ...]:
    """The cases, the named ones without a prediction."""
    return tuple(
        replace(c, values={}, output="", failure="module_failed") if c.case in names else c
        for c in cases
    )
