"""A case without scores: its failure reads ``code: message``, and some are tried again."""

from __future__ import annotations

from pipeline.errors import Code
from pipeline.evaluate.cohort.cohort import CohortCase
from pipeline.evaluation.scores import CaseScore
from pipeline.report.outcome import sentence_of
from pipeline.result import Failure, Skipped

# Of the case, whatever the module found: there is nothing to hold it against.
NO_LABELS = "no_label_map"
# The module was run and said nothing of itself.
NO_RESULT = "no_result"
# What may go well next time; upstream, because one of the others may have befallen it.
PASSING = {Code.MODULE_FAILED, Code.INTERNAL, Code.DISK_FULL, Code.UPSTREAM}


def failed(case: CohortCase, failure: str, lock: str) -> CaseScore:
    """The case without a score."""
    return CaseScore(case.name, {}, case.groups, failure=failure, lock=lock)


def failure(code: str, message: str) -> str:
    """Code and message in one line."""
    return f"{code}: {message}" if message else str(code)


def failure_of(trouble: Failure | Skipped) -> str:
    """What kept a module from a result."""
    return failure(trouble.code, sentence_of(trouble))


def may_pass(score: CaseScore) -> bool:
    """Whether the case is worth another try on the same files."""
    return score.failure.partition(":")[0] in PASSING
