"""Progress of validations and comparisons: a bar with time left, or plain lines."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from pipeline.evaluation import Agreed, CaseScore


class Watching:
    """Watches a validation; a context manager, so that the bar is gone at the end."""

    def __init__(self, quiet: bool = False) -> None:
        self._console = Console(stderr=True, quiet=quiet)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self._bar = Progress(
            *columns,
            TimeRemainingColumn(),
            console=self._console,
            disable=quiet or not self._console.is_terminal,
        )
        self._task = self._bar.add_task("", total=None)
        self._total = 0
        self._count = 0

    def __enter__(self) -> Watching:
        """Show the bar."""
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the bar away."""
        self._bar.stop()

    def began(self, title: str, cases: int) -> None:
        """Say what begins; the bar knows its length now."""
        self._total, self._count = cases, 0
        self._bar.reset(self._task, total=cases, description=title)
        self._say(f"{title}: {cases} cases")

    def scored(self, score: CaseScore, known: bool) -> None:
        """Advance, and say how the case did."""
        self._step(score.case, score.failure or ("known" if known else "done"))

    def compared(self, case: Agreed) -> None:
        """Advance, and say what differs."""
        same = "identical" if case.identical else "differs"
        self._step(case.case, case.failure or "; ".join(case.changes) or same)

    def _step(self, case: str, word: str) -> None:
        self._count += 1
        self._bar.advance(self._task)
        self._say(f"[{self._count}/{self._total}] {case} {word}")

    def _say(self, text: str) -> None:
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)
