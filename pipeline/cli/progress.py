"""Progress on the terminal: a bar with time left, or plain lines where nobody watches."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bar

from pipeline.report.row import Row
from pipeline.study import Scan


class Progress:
    """Watches a batch; a context manager, so that the bar is gone when the batch ends."""

    def __init__(self, quiet: bool = False) -> None:
        self._console = Console(stderr=True, quiet=quiet)
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
        )
        self._bar = Bar(
            *columns,
            TimeRemainingColumn(),
            console=self._console,
            disable=quiet or not self._console.is_terminal,
        )
        self._task = self._bar.add_task("reading headers", total=None)
        self._total = 0
        self._count = 0

    def __enter__(self) -> Progress:
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

    def warn(self, drift: Iterable[object]) -> None:
        """Say where the installation differs from the lock."""
        for entry in drift:
            self.say(f"warning: {entry}")

    def scanned(self, found: Scan) -> None:
        """Say what was found; the bar knows its length now."""
        self._total = len(found.studies)
        self._bar.update(self._task, total=self._total, description="studies")
        read = found.found - len(found.left_out)
        self.say(
            f"{found.found} files: {read} in {self._total} studies, {len(found.left_out)} left out"
        )

    def started(self, name: str) -> None:
        """Name the study that runs."""
        self._bar.update(self._task, description=name)

    def done(self, row: Row, resumed: bool) -> None:
        """Advance, and say how the study ended."""
        self._count += 1
        self._bar.advance(self._task)
        why = f" {row.code}: {row.message}" if row.code else ""
        end = "kept" if resumed else row.status.value
        self.say(f"[{self._count}/{self._total}] {row.pseudonym} {end}{why}")

    def say(self, text: str) -> None:
        """Print one line above the bar."""
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)
