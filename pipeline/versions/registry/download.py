"""Get a version's files back out of MLflow."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.disk import writing
from pipeline.errors import RegistryError
from pipeline.versions.bundles.copy import install
from pipeline.versions.registry.asking import asking
from pipeline.versions.registry.quiet import quiet
from pipeline.versions.registry.store import ARTIFACT, Store
from pipeline.versions.registry.version import Version

with quiet():
    from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from mlflow import MlflowClient

ABSENT = "RESOURCE_DOES_NOT_EXIST"


def download(client: MlflowClient, store: Store, version: Version, place: Path) -> None:
    """Copy a version's files to `place`; raises LockError unless they are what was registered."""

    def fill(scratch: Path) -> Path:
        return files_of(client, store, version.run_id, scratch)

    install(fill, place, version.module)


def files_of(client: MlflowClient, store: Store, run_id: str, scratch: Path) -> Path:
    """Copy the files of a version's run below `scratch`, unverified; return their folder.

    Raises
    ------
    RegistryError
        MLflow does not have them, or does not answer.
    OutputError
        The folder of `scratch` is full or cannot be written.
    """
    target = scratch / ARTIFACT
    here = local(store, run_id, ARTIFACT)
    if here is not None and here.is_dir():
        with writing(scratch.parent):
            shutil.copytree(here, target, symlinks=True)
        return target
    with asking():
        return Path(client.download_artifacts(run_id, ARTIFACT, str(scratch)))


def text_of(client: MlflowClient, store: Store, run_id: str, name: str) -> str:
    """Read a text file of a run; raises RegistryError where it is not there."""
    with asking(), tempfile.TemporaryDirectory() as scratch:
        place = local(store, run_id, name)
        if place is None and store.artifacts is None:
            place = Path(client.download_artifacts(run_id, name, scratch))
        if place is None:
            raise RegistryError(
                f"{name} of MLflow run {run_id} is gone from {store.artifacts}.",
                "Restore it from a backup, or validate again.",
            )
        return place.read_text(encoding="utf-8", errors="replace")


def holds(client: MlflowClient, store: Store, run_id: str, artifact: str) -> bool:
    """Whether an artifact of a run is there, readable or not.

    Raises
    ------
    RegistryError
        MLflow does not say.
    """
    if store.artifacts is not None:
        return local(store, run_id, artifact) is not None
    with asking():
        try:
            return any(found.path == artifact for found in client.list_artifacts(run_id))
        except MlflowException as error:
            if error.error_code != ABSENT:
                raise
            return False


def local(store: Store, run_id: str, artifact: str) -> Path | None:
    """Find an artifact of a run in the embedded store; None where it is not there.

    MLflow records absolute paths; the layout below the workspace survives a move.
    """
    if store.artifacts is None:
        return None
    return next(store.artifacts.glob(f"*/{run_id}/artifacts/{artifact}"), None)
