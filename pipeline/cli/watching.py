"""Progress of validations and comparisons."""

from __future__ import annotations

from pipeline.cli.bar import Bar
from pipeline.evaluation.scores import CaseScore
from pipeline.evaluation.unlabelled import Agreed


class Watching(Bar):
    """Watches a validation."""

    def began(self, title: str, cases: int) -> None:
        """Say what begins; the bar knows its length now."""
        self.begin(title, cases)
        self.say(f"{title}: {cases} cases")

    def scored(self, score: CaseScore, known: bool) -> None:
        """Advance, and say how the case did."""
        self.step(f"{score.case} {score.failure or ('known' if known else 'done')}")

    def compared(self, case: Agreed) -> None:
        """Advance, and say what differs."""
        same = "identical" if case.identical else "differs"
        self.step(f"{case.case} {case.failure or '; '.join(case.changes) or same}")
