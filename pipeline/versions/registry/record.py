"""Write what is said of a version after it was registered: aliases, tags and figures."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline.errors import RegistryError
from pipeline.result import ModuleRef
from pipeline.versions.registry.asking import asking
from pipeline.versions.registry.quiet import quiet
from pipeline.versions.registry.search import model_of
from pipeline.versions.registry.version import IDENTITY

with quiet():
    from mlflow.entities import Metric, Param

if TYPE_CHECKING:
    from mlflow import MlflowClient


def record_alias(client: MlflowClient, module: ModuleRef, alias: str) -> None:
    """Let `alias` name `module`, wherever it pointed before."""
    with asking():
        client.set_registered_model_alias(model_of(module.name), alias, str(module.mlflow_version))


def drop_alias(client: MlflowClient, name: str, alias: str) -> None:
    """Let `alias` of module `name` name nobody."""
    with asking():
        client.delete_registered_model_alias(model_of(name), alias)


def record_tags(client: MlflowClient, module: ModuleRef, tags: Mapping[str, str]) -> None:
    """Set `tags`; raises RegistryError where one identifies the version."""
    fixed = IDENTITY & set(tags)
    if fixed:
        raise RegistryError(f"{min(fixed)} cannot be changed.", "Register a new version.")
    number = str(module.mlflow_version)
    with asking():
        for key, value in tags.items():
            client.set_model_version_tag(model_of(module.name), number, key, value)


def record_identity(client: MlflowClient, run_id: str, tags: Mapping[str, str]) -> None:
    """Write what identifies a version on its run too: MLflow lets nobody change a parameter."""
    with asking():
        client.log_batch(run_id, params=[Param(key, value) for key, value in tags.items()])


def record_scores(client: MlflowClient, run_id: str, scores: Mapping[str, float]) -> None:
    """Add figures to a run, all at one moment."""
    now = time.time_ns() // 1_000_000
    with asking():
        metrics = [Metric(name, value, now, 0) for name, value in scores.items()]
        client.log_batch(run_id, metrics=metrics)
