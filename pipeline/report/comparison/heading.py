"""What stands above a comparison's or an evaluation's tables: versions, cohort, cases, a doubt."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pipeline.evaluation.comparison import Comparison
from pipeline.evaluation.scores import CaseScore

# Undefined exactly where the reference holds nothing of a structure.
BIAS = "volume_bias/"


def title(found: Comparison) -> str:
    """What was compared, on what, on how many cases."""
    name, before = found.candidate.module.name, found.reference.module.version
    after, count = found.candidate.module.version, _paired_cases(found)
    same = f", {found.identical} identical" if found.identical else ""
    if before != after:
        versions = f"{before} → {after}"
    else:
        versions = f"{after}, upstream changed" if fed_otherwise(found) else f"{after} and itself"
    return f"{name} {versions} on {found.candidate.cohort} (n={count}{same})"


def sides(found: Comparison) -> tuple[str, str]:
    """What the columns of the reference and of the candidate are headed with."""
    before, after = found.reference.module.version, found.candidate.module.version
    if before != after:
        return before, after
    if fed_otherwise(found):
        return "fed as today", "fed by the candidate"
    return f"{before} (reference)", f"{after} (candidate)"


def fed_otherwise(found: Comparison) -> bool:
    """Whether the two were fed by different versions."""
    return dict(found.reference.upstream) != dict(found.candidate.upstream)


def in_no_reference(cases: Sequence[CaseScore]) -> str:
    """Name the structures that no case's labels hold; empty where each is in one."""
    scored = [case.values for case in cases if not case.failure]
    names = dict.fromkeys(name for values in scored for name in values if name.startswith(BIAS))
    empty = [
        name.removeprefix(BIAS)
        for name in names
        if all(math.isnan(values.get(name, math.nan)) for values in scored)
    ]
    return f"no case's labels hold any {', '.join(empty)}" if empty else ""


def with_remark(heading: str, remark: str) -> str:
    """The heading, and the remark behind it where there is one."""
    return f"{heading}; {remark}" if remark else heading


def _paired_cases(found: Comparison) -> str:
    """Cases that both have a prediction for, and of how many."""
    kept = {case.case for case in found.reference.cases if not case.failure}
    paired = sum(case.case in kept and not case.failure for case in found.candidate.cases)
    total = len(found.candidate.cases)
    return str(total) if paired == total else f"{paired} of {total}"
