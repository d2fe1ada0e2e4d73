"""`tessera train` and `crossvalidate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.module import ModuleArgument
from pipeline.cli.option import (
    CohortOption,
    DebugOption,
    JsonOption,
    PageOption,
    RolesOption,
    WorkspaceOption,
)


def train(
    module: ModuleArgument,
    data: Annotated[
        Path, typer.Option("--data", help="Folder with what the recipe reads, see above.")
    ],
    workspace: WorkspaceOption = None,
    steps: Annotated[
        int | None,
        typer.Option(
            min=1, help="So many steps in place of the recipe's; weights are overwritten too."
        ),
    ] = None,
    fold: Annotated[
        int | None,
        typer.Option(help="Leave out this fold, from 1; the weights go to .training/."),
    ] = None,
    debug: DebugOption = False,
) -> int:
    """Train a module by its own recipe.

    Runs modules/NAME/train.py and overwrites modules/NAME/models/model.safetensors, with --steps
    too, and docs/training.json and training.csv, which say how the weights came about; with --fold
    the weights go to .training/NAME/fold-N. Goes on where it stopped; where recipe, data or number
    of steps are not those it began with, it says what to remove first.

    --data is a folder with tumour/CASE/ (t1, t1c, t2, flair, seg, each .nii.gz; a contrast may be
    missing), tissue/CASE/ (t1, seg), labelmaps/*.nii.gz, clinical/CASE/*.nii.gz and dicom/. tumour
    reads the first, brain the label maps, tissue these and tissue/, quality all of it.

    Example: tessera train tumour --data DATA
    """
    from pipeline.train.train import train as learn
    from pipeline.workspace import find

    path = learn(find(workspace), module, data, steps, lambda line: typer.echo(line), fold)
    if fold is None:
        register = f"tessera register {module} --trust"
        advice = f"Raise the version in configs/metadata.json, then `{register}`."
    else:
        advice = f"Train every fold, then `tessera crossvalidate {module} --cohort COHORT`."
    typer.echo(f"Weights: {path}. {advice}")
    return 0


def crossvalidate(
    module: ModuleArgument,
    cohort: CohortOption,
    roles: RolesOption = "",
    out: PageOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Judge a recipe: each fold's network on the cases it was kept from.

    Folds are those of the module's configs/train.json; train each with `tessera train --fold`.
    Upstream modules come from the lock. The outcome is a run in MLflow: scores by case and by fold.
    Cases that are in no fold, and folds that were trained otherwise than configs/train.json says,
    are named.

    Example: tessera crossvalidate tissue --cohort tissue-real -o folds
    """
    from pipeline.cli.evaluated import show
    from pipeline.cli.watching import Watching
    from pipeline.evaluate.cohort.read import read_cohort
    from pipeline.evaluate.crossvalidate import FOLD, fold_stage
    from pipeline.evaluate.crossvalidate import crossvalidate as judge
    from pipeline.evaluate.remarks import remarks
    from pipeline.report.comparison.lines.evaluation import evaluation_lines, group_lines
    from pipeline.workspace import find

    place = find(workspace)
    judged = read_cohort(place, cohort, roles)
    with Watching(quiet=as_json) as watch:
        done = judge(place, module, judged, watch)
    for remark in remarks(place, module, judged):
        typer.echo(remark, err=True)
    cases, means = evaluation_lines(done)
    tables = (cases, group_lines(done, FOLD), means)
    show(
        done,
        judged,
        tables,
        lambda score: fold_stage(place, module, int(score.groups[FOLD])),
        out,
        as_json,
    )
    return 0
