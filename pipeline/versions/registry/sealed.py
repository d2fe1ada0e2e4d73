"""Evaluations that nobody has changed since they were recorded: their digest is a parameter."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING

from pipeline.digest import digest
from pipeline.errors import RegistryError
from pipeline.versions.registry.asking import asking
from pipeline.versions.registry.download import ABSENT, holds, text_of
from pipeline.versions.registry.quiet import quiet
from pipeline.versions.registry.store import Store

with quiet():
    from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from mlflow import MlflowClient

DOCUMENT = "evaluation.json"
# MLflow lets nobody change a parameter, unlike a file.
SEAL = "evaluation.sha256"


class Seal(Enum):
    """What became of an evaluation's document.

    UNKNOWN is that of a run which this registry does not hold, a clone's say, or that has no seal.
    """

    WHOLE, BROKEN, UNREADABLE, UNKNOWN = range(4)


def seal(document: str) -> str:
    """``sha256:`` and the digest of an evaluation's document."""
    return digest(document.encode())


def require_sealed(run_id: str, params: Mapping[str, str], document: str) -> None:
    """Raise RegistryError where a run's document was changed; runs from before had no seal."""
    if params.get(SEAL, seal(document)) != seal(document):
        raise RegistryError(
            f"The evaluation in MLflow run {run_id} is not the one that was recorded: "
            f"{DOCUMENT} was changed.",
            "Delete that run in MLflow and validate again.",
        )


def seal_of(client: MlflowClient, store: Store, run_id: str) -> Seal:
    """Hold a run's document against what was recorded of it.

    Raises
    ------
    RegistryError
        MLflow does not answer, or does not hand out what it has.
    """
    with asking():
        try:
            params = client.get_run(run_id).data.params
        except MlflowException as error:
            if error.error_code not in (ABSENT, "INVALID_PARAMETER_VALUE"):
                raise
            return Seal.UNKNOWN
    if SEAL not in params:
        return Seal.UNKNOWN
    try:
        document = text_of(client, store, run_id, DOCUMENT)
    except RegistryError:
        if holds(client, store, run_id, DOCUMENT):
            raise
        return Seal.UNREADABLE
    return Seal.WHOLE if seal(document) == params[SEAL] else Seal.BROKEN
