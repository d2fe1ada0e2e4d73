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
        return _download(client, store, version, scratch)

    install(fill, place, version.module)


def _download(client: MlflowClient, store: Store, version: Version, scratch: Path) -> Path:
    target = scratch / ARTIFACT
    here = _local(store, version)
    if here is not None and here.is_dir():
        shutil.copytree(here, target, symlinks=True)
        return target
    with asking():
        return Path(client.download_artifacts(version.run_id, ARTIFACT, str(scratch)))


def _local(store: Store, version: Version) -> Path | None:
    # MLflow records absolute paths; the layout below the workspace survives a move.
    if store.artifacts is None:
        return None
    return store.artifacts / version.module.name / version.run_id / "artifacts" / ARTIFACT
