"""What a module's network is shown on a cohort."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from pipeline.bundle.runtimes.network import Network
from pipeline.errors import UsageError
from pipeline.evaluate.cohort.cohort import Cohort
from pipeline.evaluate.judge import judge
from pipeline.evaluate.stage import Stage
from pipeline.evaluate.watch import Watch
from pipeline.result import Outcome
from pipeline.run.cache import Cache
from pipeline.run.execute import Executor
from pipeline.run.plan import Step
from pipeline.types import Inputs


@dataclass
class Listener:
    """A network that keeps every image it is shown."""

    network: Network
    seen: list[np.ndarray] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The runtime that computes."""
        return self.network.name

    def __call__(self, image: np.ndarray) -> np.ndarray:
        """Keep the image and compute."""
        self.seen.append(image.copy())
        return self.network(image)


@dataclass(frozen=True)
class Fresh(Executor):
    """Looks results up but for one module's, which are computed anew and not kept.

    A result from the cache would show the network nothing.
    """

    fresh: str = ""

    def execute(
        self, step: Step, fingerprints: Iterable[str], inputs: Callable[[], Inputs]
    ) -> Outcome:
        """Run one module, see `Executor`."""
        if step.module != self.fresh:
            return super().execute(step, fingerprints, inputs)
        with tempfile.TemporaryDirectory() as scratch:
            alone = Executor(self.shelf, Cache(Path(scratch), self.cache.lock))
            return alone.execute(step, fingerprints, inputs)


def listen(stage: Stage, cohort: Cohort, images: int, watch: Watch) -> list[np.ndarray]:
    """What the judged network is shown on a cohort: so many images at most, evenly from its cases.

    Returns
    -------
    list of ndarray
        float32, (channels, x, y, z) each.

    Raises
    ------
    UsageError
        No case can be run.
    """
    shelf, name = stage.runner.executor.shelf, stage.module.name
    module = shelf.module(name)
    kept: list[np.ndarray] = []
    executor = Fresh(shelf, stage.runner.executor.cache, fresh=name)
    listening = replace(stage, runner=replace(stage.runner, executor=executor))
    for number, case in enumerate(cohort.cases):
        if len(kept) == images:
            break
        ear = Listener(module.network)
        shelf.replace(replace(module, network=ear))
        score, _ = judge(listening, cohort, case)
        # Where a case gives fewer, those that follow give more.
        share = math.ceil((images - len(kept)) / (len(cohort.cases) - number))
        kept += spread(ear.seen, share)
        watch.scored(score, known=False)
    if not kept:
        raise UsageError(
            f"No case of {cohort.name} could be run.", "See why with `tessera validate`."
        )
    return kept


def spread(seen: list[np.ndarray], count: int) -> list[np.ndarray]:
    """At most `count` of the images, evenly spaced."""
    places = np.linspace(0, len(seen) - 1, min(count, len(seen))).round().astype(int)
    return [seen[place] for place in places]
