"""A challenger beside the pinned version on production input: kept apart, never sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from pipeline.config import read_settings
from pipeline.dicom.read.scan import scan
from pipeline.errors import UsageError
from pipeline.evaluate.record import agreed_from
from pipeline.evaluate.stage import Stage, set_stage
from pipeline.evaluate.statistics.summary import summarise_values
from pipeline.evaluate.unlabelled import compare_study
from pipeline.evaluate.watch import Watch
from pipeline.evaluation.unlabelled import Agreed, Unlabelled
from pipeline.report.figures import plain
from pipeline.report.write import write_whole
from pipeline.result import ModuleRef
from pipeline.run.pseudonym import pseudonym, site_key
from pipeline.versions.registry.version import Version
from pipeline.workspace import Workspace

FOLDER = "shadow"


def run_shadow(
    workspace: Workspace,
    dicom: Sequence[Path],
    out: Path,
    versions: Sequence[Version],
    watch: Watch,
) -> None:
    """Run a challenger on every study and note how it differs from the pinned version.

    What both share, and what the pinned version made, comes from the cache of the run before. The
    record of a study is `out`/shadow/MODULE@VERSION/STUDY.json; no DICOM is written.

    Parameters
    ----------
    workspace : Workspace
        Whose gate and roles apply, as in production.
    dicom : sequence of pathlib.Path
        What the run read.
    out : pathlib.Path
        The run's output folder.
    versions : sequence of Version
        The pinned version and the challenger.
    watch : Watch
        Told of progress.
    """
    settings, key = read_settings(workspace.settings), site_key(workspace.site_key)
    pinned, challenger = (set_stage(workspace, version, settings=settings) for version in versions)
    place = out / FOLDER / f"{challenger.module.name}@{challenger.module.version}"
    place.mkdir(parents=True, exist_ok=True)
    studies = scan(dicom).studies
    watch.began(f"shadow {versions[1]}", len(studies))
    for study in studies:
        name = pseudonym(study.uid, key)
        found = compare_study(name, study, settings.roles, (pinned, challenger))
        write_whole(place / f"{name}.json", _record(pinned, challenger, found))
        watch.compared(found)


def holds_shadows(folder: Path) -> bool:
    """Whether a run with --shadow wrote into this folder."""
    return (folder / FOLDER).is_dir()


def compare_shadowed(before: Version, after: Version, out: Path) -> Unlabelled:
    """Sum up what shadow runs noted of these two versions.

    Raises
    ------
    UsageError
        There is nothing of them.
    """
    place = out / FOLDER / f"{after.module.name}@{after.module.version}"
    records = [
        json.loads(path.read_text(encoding="utf-8")) for path in sorted(place.glob("*.json"))
    ]
    wanted = (before.module.digest, after.module.digest)
    fitting = [r for r in records if (r["reference"]["digest"], r["candidate"]["digest"]) == wanted]
    if not fitting:
        raise UsageError(
            f"{out} holds no shadow of {after} beside {before}.",
            f"Make one: tessera run DICOM -o {out.name} "
            f"--shadow {after.module.name}={after.module.version}",
        )
    cases = tuple(agreed_from(record["agreed"]) for record in fitting)
    return Unlabelled(before.module, after.module, cases, summarise_values(cases))


def _record(pinned: Stage, challenger: Stage, found: Agreed) -> str:
    refs: dict[str, ModuleRef] = {"reference": pinned.module, "candidate": challenger.module}
    document = {**{key: asdict(ref) for key, ref in refs.items()}, "agreed": asdict(found)}
    return json.dumps(plain(document), indent=1) + "\n"
