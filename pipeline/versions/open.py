"""Open the registry, and only then import MLflow: planning and cached runs need none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.versions.registry.store import store
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from pipeline.versions.registry.registry import Registry


def open_registry(workspace: Workspace) -> Registry:
    """Open the workspace's registry; the embedded one is made where there is none."""
    from pipeline.versions.registry.registry import Registry

    return Registry(workspace)


def registry_there(workspace: Workspace) -> Registry | None:
    """Open the registry where there is one: for who only looks, and makes nothing."""
    return open_registry(workspace) if store(workspace).exists else None
