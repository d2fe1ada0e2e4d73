"""Two versions on a folder of DICOM without labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.config import read_settings
from pipeline.dicom.read.scan import scan
from pipeline.dicom.roles.assign import assign
from pipeline.errors import Code, InputError
from pipeline.evaluate.agree import agree, summarise
from pipeline.evaluate.stage import Stage, set_stage
from pipeline.evaluate.watch import Watch
from pipeline.evaluation.unlabelled import Agreed, Unlabelled
from pipeline.result import Result
from pipeline.run.clock import Clock
from pipeline.run.prepare import Images, read
from pipeline.run.pseudonym import pseudonym, site_key
from pipeline.versions.registry.version import Version
from pipeline.workspace import Workspace


def compare_unlabelled(
    workspace: Workspace, before: Version, after: Version, dicom: Sequence[Path], watch: Watch
) -> Unlabelled:
    """Run both versions on every study below `dicom`, what they share from the cache.

    Raises
    ------
    InputError
        EMPTY, where there is no study.
    """
    stages = [set_stage(workspace, version) for version in (before, after)]
    settings, key = read_settings(workspace.settings), site_key(workspace.site_key)
    studies = scan(dicom).studies
    if not studies:
        raise InputError(Code.EMPTY, "There is no study in what was named.")
    watch.began(f"{before} against {after}", len(studies))
    cases = []
    for study in studies:
        name = pseudonym(study.uid, key)
        try:
            images = read(assign(study, settings.roles))
        except InputError as error:
            cases.append(Agreed(name, {}, failure=str(error.code)))
        else:
            cases.append(_both(name, stages, images))
        watch.compared(cases[-1])
    return Unlabelled(before.module, after.module, tuple(cases), summarise(cases))


def _both(name: str, stages: Sequence[Stage], images: Images) -> Agreed:
    first, second = (tuple(results_of(stage, images)) for stage in stages)
    return agree(name, first, second, stages[1].contract)


def results_of(stage: Stage, images: Images) -> Iterator[Result]:
    """What the module under judgement made of a study's images; empty where it could not run."""
    for outcome in stage.runner.compute(images, Clock()).outcomes:
        if isinstance(outcome, Result) and outcome.module.name == stage.module.name:
            yield outcome
