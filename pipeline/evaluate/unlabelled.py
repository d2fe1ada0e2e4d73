"""Two versions on a folder of DICOM without labels."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.config import RoleOverride, read_settings
from pipeline.dicom.read.scan import scan
from pipeline.dicom.roles.assign import assign
from pipeline.errors import Code, InputError, TesseraError
from pipeline.evaluate.agree import agree
from pipeline.evaluate.failed import failure
from pipeline.evaluate.stage import Stage, set_stage
from pipeline.evaluate.statistics.summary import summarise_values
from pipeline.evaluate.watch import Watch
from pipeline.evaluation.unlabelled import Agreed, Unlabelled
from pipeline.run.prepare import read
from pipeline.run.pseudonym import pseudonym, site_key
from pipeline.study import Study
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
    found = scan(dicom)
    studies = found.studies
    if not studies:
        raise InputError(Code.EMPTY, found.why_empty)
    watch.began(f"{before} against {after}", len(studies))
    cases = []
    for study in studies:
        name = pseudonym(study.uid, key)
        cases.append(compare_study(name, study, settings.roles, stages))
        watch.compared(cases[-1])
    return Unlabelled(before.module, after.module, tuple(cases), summarise_values(cases))


def compare_study(
    name: str, study: Study, overrides: Sequence[RoleOverride], stages: Sequence[Stage]
) -> Agreed:
    """Run two versions on one study and compare; what befalls it alone is a failure of its own.

    What concerns every study, such as the lock or a bundle, is raised.
    """
    try:
        images = read(assign(study, overrides))
        before, after = (stage.own(stage.runner.on_images(images).outcomes) for stage in stages)
        return agree(name, before, after, (stages[0].contract, stages[1].contract))
    except InputError as error:
        return Agreed(name, {}, failure=failure(error.code, error.message))
    except TesseraError:
        raise
    except Exception as error:
        # Its own words may quote a header, so only its kind is kept.
        return Agreed(name, {}, failure=type(error).__name__)
