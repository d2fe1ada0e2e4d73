"""Who is told how far a validation or comparison has come."""

from __future__ import annotations

from typing import Protocol

from pipeline.evaluation.scores import CaseScore
from pipeline.evaluation.unlabelled import Agreed


class Watch(Protocol):
    """Told of progress."""

    def began(self, title: str, cases: int) -> None:
        """A version begins its cases."""

    def scored(self, score: CaseScore, known: bool) -> None:
        """A case is done; `known` where an earlier run had scored it."""

    def compared(self, case: Agreed) -> None:
        """A study was run with both versions."""
