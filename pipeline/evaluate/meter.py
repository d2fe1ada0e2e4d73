"""What a module's own prediction takes, apart from what fed it and what ran before it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from pipeline.bundle.runtimes.memory import give_freed_memory_back
from pipeline.result import Outcome
from pipeline.run.execute import Executor
from pipeline.run.memory import peak_mib, reset_peak
from pipeline.run.plan import Step
from pipeline.types import Inputs


@dataclass
class Meter:
    """Seconds and the peak of memory over what was in use before, MiB; NaN where nothing ran."""

    seconds: float = math.nan
    memory_mib: float = math.nan

    def reset(self) -> None:
        """Begin another case."""
        self.seconds = self.memory_mib = math.nan

    def add(self, seconds: float, memory_mib: float) -> None:
        """Count one prediction of the case; times add up, and of peaks the largest counts."""
        before = 0.0 if math.isnan(self.seconds) else self.seconds
        self.seconds = before + seconds
        self.memory_mib = max(memory_mib, 0.0 if math.isnan(self.memory_mib) else self.memory_mib)


@dataclass(frozen=True)
class Metered(Executor):
    """Measures one module, from when its input is ready until its prediction is kept.

    Building the input does not count: it takes less where what runs before looked at the same grid.
    """

    judged: str = ""
    meter: Meter = field(default_factory=Meter)

    def execute(
        self, step: Step, fingerprints: Iterable[str], inputs: Callable[[], Inputs]
    ) -> Outcome:
        """Run one module, see `Executor`."""
        if step.module != self.judged:
            return super().execute(step, fingerprints, inputs)
        began: list[tuple[float, float]] = []

        def ready() -> Inputs:
            built = inputs()
            # What others left behind would be used again, and count as nothing.
            give_freed_memory_back()
            reset_peak()
            began.append((time.perf_counter(), peak_mib()))
            return built

        outcome = super().execute(step, fingerprints, ready)
        for started, in_use in began:
            self.meter.add(time.perf_counter() - started, peak_mib() - in_use)
        return outcome
