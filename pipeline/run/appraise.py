"""What is known of a case before its modules run: its series judged, gated and in one place."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.config import Settings
from pipeline.grid.lattice import resample, working_geometry
from pipeline.result import Outcome
from pipeline.run.clock import Clock
from pipeline.run.execute import Executor
from pipeline.run.gate import passed, stopped_because
from pipeline.run.plan import Step, steps
from pipeline.run.prepare import Images, Scene, arrange
from pipeline.types import Inputs, Role


@dataclass(frozen=True)
class Appraised:
    """A case whose series have been looked at one by one.

    Attributes
    ----------
    images : Images
        As they were read.
    plan : tuple of Step
        What runs on the case, series-level modules included.
    outcomes : tuple of Outcome
        Series that could not be read or aligned, and what series-level modules made of the others.
    scene : Scene
        The series that passed the gate, in one place; all of them where none did.
    stopped : str
        Why no series passed the gate; empty where one did.
    """

    images: Images
    plan: tuple[Step, ...]
    outcomes: tuple[Outcome, ...]
    scene: Scene
    stopped: str


def appraise(executor: Executor, settings: Settings, images: Images, clock: Clock) -> Appraised:
    """Run the series-level modules, gate the series by what they say, and align those that pass."""
    plan = steps(images.native, executor.shelf.contracts)
    outcomes: list[Outcome] = list(images.failures)
    for step in plan:
        if step.role is not None:
            with clock.stage(step.module):
                outcomes.append(_on_series(executor, step, step.role, images))
    kept = passed(images.native, outcomes, settings)
    stopped = "" if kept else stopped_because(outcomes, settings)
    with clock.stage("align"):
        scene = arrange(images.native, kept or images.native)
    return Appraised(images, plan, (*outcomes, *scene.failures), scene, stopped)


def _on_series(executor: Executor, step: Step, role: Role, images: Images) -> Outcome:
    native = images.native[role]
    needs = executor.shelf.contracts[step.module].needs

    def inputs() -> Inputs:
        geometry = working_geometry(native, needs.spacing_mm, needs.shape)
        return Inputs({role: resample(native, geometry)}, {role: native})

    return executor.execute(step, [f"{role} {images.prints[role]}"], inputs)
