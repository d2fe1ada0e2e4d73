"""Two versions of a module on one cohort: evaluations looked up or made, then compared."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.evaluate.cohort.cohort import Cohort
from pipeline.evaluate.compare.compare import compare
from pipeline.evaluate.stage import set_stage
from pipeline.evaluate.validate import recorded, validate
from pipeline.evaluate.watch import Watch
from pipeline.evaluation.comparison import Comparison
from pipeline.evaluation.scores import Evaluation
from pipeline.versions.registry.version import Version
from pipeline.workspace import Workspace


def compare_versions(
    workspace: Workspace, before: Version, after: Version, cohort: Cohort, watch: Watch
) -> Comparison:
    """Compare two versions; an evaluation on these very files that was recorded is not repeated."""
    first, second = (evaluation(workspace, v, cohort, watch) for v in (before, after))
    return compare(first, second)


def evaluation(
    workspace: Workspace,
    version: Version,
    cohort: Cohort,
    watch: Watch,
    feeding: Mapping[str, Version] | None = None,
) -> Evaluation:
    """The evaluation of a version fed by the lock, or by `feeding`: looked up, else made."""
    found = recorded(workspace, version, cohort, set_stage(workspace, version, feeding))
    return found or validate(workspace, version, cohort, watch, feeding)
