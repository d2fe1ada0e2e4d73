"""Each module's experiment: where the runs of its versions, trainings and evaluations lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.errors import RegistryError
from pipeline.versions.registry.search import model_of
from pipeline.versions.registry.store import Store

if TYPE_CHECKING:
    from mlflow import MlflowClient


def experiment_of(client: MlflowClient, store: Store, name: str) -> str:
    """Return the module's experiment, made where it is missing."""
    place = None if store.artifacts is None else (store.artifacts / name).as_uri()
    found = client.get_experiment_by_name(model_of(name))
    if found is None:
        return str(client.create_experiment(model_of(name), artifact_location=place))
    if place and found.artifact_location != place:
        raise RegistryError(
            "This workspace was moved: its registry still writes to the old place.",
            "Move it back, or start one with `tessera init` and register there.",
        )
    return str(found.experiment_id)
