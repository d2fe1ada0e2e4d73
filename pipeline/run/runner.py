"""Run the pinned modules on one case, in the order of their dependencies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from highdicom import Volume

from pipeline.bundle.contract_needs import Needs
from pipeline.bundle.tensor import chosen
from pipeline.config import Settings
from pipeline.errors import Code
from pipeline.grid.lattice import resample, working_geometry
from pipeline.result import CaseResult, Outcome, Result, Skipped
from pipeline.run.appraise import Appraised, appraise
from pipeline.run.clock import Clock
from pipeline.run.execute import Executor
from pipeline.run.plan import Step, missing
from pipeline.run.prepare import Images, Scene
from pipeline.study import Case
from pipeline.types import Inputs, Prediction

PICTURE_MM = (1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Computed:
    """A case's series in one place and what the modules made of them."""

    scene: Scene
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class Runner:
    """Runs cases; networks and cache are shared between them.

    One case may be appraised while another is computed: a module is series-level or case-level, so
    that none runs twice at a time, which networks and bundles' own code need not stand.

    Attributes
    ----------
    executor : Executor
        The pinned modules and the cache.
    settings : Settings
        The workspace's intent.
    lock : str
        Digest of the lock file.
    """

    executor: Executor
    settings: Settings
    lock: str

    def appraise(self, images: Images, clock: Clock) -> Appraised:
        """Judge, gate and align the series: all that can be done before the case's modules run."""
        return appraise(self.executor, self.settings, images, clock)

    def compute(self, appraised: Appraised, clock: Clock) -> Computed:
        """Run every module that can run on the case; what befalls one of them is an outcome."""
        outcomes = list(appraised.outcomes)
        for step in appraised.plan:
            if step.role is None and appraised.stopped:
                outcomes.append(Skipped(step.module, None, Code.QUALITY_GATE, appraised.stopped))
            elif step.role is None:
                with clock.stage(step.module):
                    outcomes.append(self._on_case(step, appraised, outcomes))
        return Computed(appraised.scene, tuple(outcomes))

    def on_images(self, images: Images) -> Computed:
        """Appraise and compute, for a caller who does not ask what took how long."""
        clock = Clock()
        return self.compute(self.appraise(images, clock), clock)

    def run(self, case: Case, pseudonym: str, appraised: Appraised, clock: Clock) -> CaseResult:
        """Run the case's modules and bring what they made onto the grid of the pictures."""
        done = self.compute(appraised, clock)
        with clock.stage("grid"):
            volumes = done.scene.on(PICTURE_MM, done.scene.native)
            labels = self._labels(done.scene, done.outcomes)
        contracts = self.executor.shelf.contracts
        return CaseResult(
            pseudonym=pseudonym,
            case=case,
            reference=done.scene.reference,
            volumes=volumes,
            labels=labels,
            segments={name: contracts[name].segments for name in labels},
            alignment=done.scene.alignment,
            geometry=done.scene.native[done.scene.reference].get_geometry(),
            fingerprints=appraised.images.prints,
            outcomes=done.outcomes,
            lock=self.lock,
            seconds=dict(clock.seconds),
        )

    def place(self, result: Result, scene: Scene) -> Volume | None:
        """A result's label map as a volume on the grid its contract asked for, None without one."""
        if result.prediction.labels is None:
            return None
        spacing = self.executor.shelf.contracts[result.module.name].needs.spacing_mm
        geometry = working_geometry(scene.native[scene.reference], spacing)
        return Volume(
            result.prediction.labels,
            geometry.affine,
            coordinate_system="PATIENT",
            frame_of_reference_uid=geometry.frame_of_reference_uid,
        )

    def _on_case(self, step: Step, appraised: Appraised, before: list[Outcome]) -> Outcome:
        scene, images = appraised.scene, appraised.images
        needs = self.executor.shelf.contracts[step.module].needs
        lacking = missing(needs, scene.native)
        if step.code:
            return Skipped(step.module, None, step.code, step.reason)
        if lacking:
            return Skipped(step.module, None, _why_lacking(needs, scene), lacking)
        upstream = {r.module.name: r for r in before if isinstance(r, Result) and r.role is None}
        absent = [name for name in needs.upstream if name not in upstream]
        if absent:
            return Skipped(step.module, None, Code.UPSTREAM, f"{', '.join(absent)} gave no result")
        used = chosen(needs, set(scene.native))
        fingerprints = [
            f"reference {images.prints[scene.reference]}",
            *(f"{role} {images.prints[role]} {scene.pose(role)}" for role in used),
            *(f"{name} {upstream[name].output}" for name in needs.upstream),
        ]

        def inputs() -> Inputs:
            return Inputs(
                scene.on(needs.spacing_mm, used),
                {role: scene.native[role] for role in used},
                {name: self._onto(upstream[name], scene, needs) for name in needs.upstream},
            )

        return self.executor.execute(step, fingerprints, inputs)

    def _onto(self, result: Result, scene: Scene, needs: Needs) -> Prediction:
        """An upstream prediction with its label map on this module's grid."""
        labels = self.place(result, scene)
        if labels is None:
            return result.prediction
        geometry = working_geometry(scene.native[scene.reference], needs.spacing_mm)
        moved = resample(labels, geometry, nearest=True)
        return replace(result.prediction, labels=np.asarray(moved.array, np.uint8))

    def _labels(self, scene: Scene, outcomes: Iterable[Outcome]) -> dict[str, Volume]:
        """Every label map on the grid of the pictures."""
        geometry = working_geometry(scene.native[scene.reference], PICTURE_MM)
        placed = {o.module.name: self.place(o, scene) for o in outcomes if isinstance(o, Result)}
        return {n: resample(v, geometry, nearest=True) for n, v in placed.items() if v is not None}


def _why_lacking(needs: Needs, scene: Scene) -> Code:
    """Why a case that has what a module needs lacks it now: not aligned, else not let through."""
    unplaced = {failure.role: failure.code for failure in scene.failures}
    return next((unplaced[r] for r in needs.at_least if r in unplaced), Code.QUALITY_GATE)
