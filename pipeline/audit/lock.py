"""Judge the lock: what it pins is registered so, or lies in modules/."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.audit.finding import Finding, Kind
from pipeline.errors import TesseraError
from pipeline.result import ModuleRef
from pipeline.versions.ensure import pinned_folder
from pipeline.versions.registry.version import Version
from pipeline.workspace import Workspace

FILE = "configs/pipeline.lock"


def judge_pin(
    workspace: Workspace, module: ModuleRef, versions: Sequence[Version]
) -> Iterator[Finding]:
    """Name a pin that is of nothing known, or says something else than what was registered."""
    known = next((v.module for v in versions if v.module.digest == module.digest), None)
    if known is None:
        try:
            pinned_folder(workspace, module)
        except TesseraError as error:
            yield Finding(Kind.LOCK, FILE, error.message, error.remedy)
    # MLflow counts versions in each store for itself.
    elif replace(module, mlflow_version=known.mlflow_version) != known:
        yield Finding(
            Kind.LOCK,
            FILE,
            f"The block of {module.name} is not what was registered as {module.digest}.",
            f"Restore it from git, or pin anew with `tessera lock {module.name}@{known.version}`.",
        )
