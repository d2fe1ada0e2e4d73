"""What is registered under tags that somebody edited is not registered once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.errors import RegistryError
from pipeline.result import ModuleRef
from pipeline.versions.registry.asking import asking
from pipeline.versions.registry.search import find_rows
from pipeline.versions.registry.version import DIGEST_TAGS, identified

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities.model_registry import ModelVersion


def require_unedited(client: MlflowClient, module: ModuleRef) -> None:
    """Raise RegistryError where the files of `module` are registered as something else.

    Their number is written in them, so it is a tag that was changed.
    """
    for row in find_rows(client, module.name):
        if _digest(client, row) == module.digest:
            raise RegistryError(
                f"{module.name} {module.version} is registered already, as MLflow version "
                f"{row.version}, whose tags were changed.",
                "`tessera verify` says which; set them back in MLflow.",
            )


def _digest(client: MlflowClient, row: ModelVersion) -> str | None:
    """By its tags where they say anything, else as was recorded with its run."""
    told = identified(row.name, int(row.version), row.tags)
    if told is not None:
        return told.digest
    if not row.run_id:
        return None
    with asking():
        return client.get_run(row.run_id).data.params.get(DIGEST_TAGS["digest"])
