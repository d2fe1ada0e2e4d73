"""A bar with time left on the terminal, or plain lines where nobody watches."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)


class Bar:
    """Counts to a total; a context manager, so that the bar is gone at the end."""

    def __init__(self, quiet: bool = False, title: str = "") -> None:
        self._console = Console(stderr=True, quiet=quiet)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=self._console,
            disable=quiet or not self._console.is_terminal,
        )
        self._task = self._progress.add_task(title, total=None)
        self._total = 0
        self._count = 0

    def __enter__(self) -> Self:
        """Show the bar."""
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the bar away."""
        self._progress.stop()

    def say(self, text: str) -> None:
        """Print one line above the bar."""
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)

    def begin(self, title: str, total: int) -> None:
        """Start counting towards a total."""
        self._total, self._count = total, 0
        self._progress.reset(self._task, total=total, description=title)

    def name(self, title: str) -> None:
        """Say what is being done."""
        self._progress.update(self._task, description=title)

    def step(self, text: str) -> None:
        """Advance by one, and say how that one ended."""
        self._count += 1
        self._progress.advance(self._task)
        self.say(f"[{self._count}/{self._total}] {text}")
