"""Evaluations that nobody has changed since they were recorded: their digest is a parameter."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import RegistryError
from pipeline.versions.registry.asking import asking
from pipeline.versions.registry.quiet import quiet

with quiet():
    from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from mlflow import MlflowClient

DOCUMENT = "evaluation.json"
# MLflow lets nobody change a parameter, unlike a file.
SEAL = "evaluation.sha256"


def seal(document: str) -> str:
    """``sha256:`` and the digest of an evaluation's document."""
    return f"sha256:{hashlib.sha256(document.encode()).hexdigest()}"


def require_sealed(run_id: str, params: Mapping[str, str], document: str) -> None:
    """Raise RegistryError where a run's document was changed; runs from before had no seal."""
    if params.get(SEAL, seal(document)) != seal(document):
        raise RegistryError(
            f"The evaluation in MLflow run {run_id} is not the one that was recorded: "
            f"{DOCUMENT} was changed.",
            "Delete that run in MLflow and validate again.",
        )


def is_changed(client: MlflowClient, run_id: str) -> bool:
    """Whether a run's document is another than was recorded, or gone.

    A run that this registry does not hold, a clone's say, or that has no seal tells nothing.
    """
    with asking():
        try:
            params = client.get_run(run_id).data.params
        except MlflowException:
            return False
        if SEAL not in params:
            return False
        try:
            return seal(read_text(client, run_id, DOCUMENT)) != params[SEAL]
        except (MlflowException, OSError):
            return True


def read_text(client: MlflowClient, run_id: str, name: str) -> str:
    """A text file of a run."""
    with tempfile.TemporaryDirectory() as scratch:
        return Path(client.download_artifacts(run_id, name, scratch)).read_text(encoding="utf-8")
