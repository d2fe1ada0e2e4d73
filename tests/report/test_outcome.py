from __future__ import annotations

from pipeline.report.outcome import severest
from pipeline.types import Role, Verdict

from .phantom import quality


def test_the_severest_verdict_counts() -> None:
    said = (Verdict.PASS, Verdict.FAIL, Verdict.ABSTAIN)
    given = [quality(Role.T2, verdict, "", 0.5) for verdict in said]
    assert severest(given) == {Role.T2: Verdict.FAIL}
    assert severest(given[::2]) == {Role.T2: Verdict.ABSTAIN}
