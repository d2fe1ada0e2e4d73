"""Get a version's files back out of MLflow."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.versions.bundles.copy import install
from pipeline.versions.registry.asking import asking
from pipeline.versions.registry.store import ARTIFACT, Store
from pipeline.versions.registry.version import Version

if TYPE_CHECKING:
    from mlflow import MlflowClient


def download(client: MlflowClient, store: Store, version: Version, place: Path) -> None:
    """Copy a version's files to `place`; raises LockError unless they are what was registered."""

    def fill(scratch: Path) -> Path:
        return files_of(client, store, version.module.name, version.run_id, scratch)

    install(fill, place, version.module)


def files_of(client: MlflowClient, store: Store, name: str, run_id: str, scratch: Path) -> Path:
    """Copy the files of a run of module `name` below `scratch`, unverified; return their folder."""
    target = scratch / ARTIFACT
    here = _local(store, name, run_id)
    if here is not None and here.is_dir():
        shutil.copytree(here, target, symlinks=True)
        return target
    with asking():
        return Path(client.download_artifacts(run_id, ARTIFACT, str(scratch)))


def _local(store: Store, name: str, run_id: str) -> Path | None:
    # MLflow records absolute paths; the layout below the workspace survives a move.
    if store.artifacts is None:
        return None
    return store.artifacts / name / run_id / "artifacts" / ARTIFACT
