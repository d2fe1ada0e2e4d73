"""Put a bundle into MLflow: a run that holds its files, and a model version with its digests."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.bundle.contract import read_contract
from pipeline.disk import temporary, writing
from pipeline.errors import BundleError
from pipeline.result import ModuleRef
from pipeline.versions.bundles.copy import copy_members
from pipeline.versions.bundles.digest import bundle_digest
from pipeline.versions.bundles.metadata import read_metadata
from pipeline.versions.bundles.training import read_training
from pipeline.versions.bundles.trust import executable_parts
from pipeline.versions.registry.asking import asking
from pipeline.versions.registry.closing import closing
from pipeline.versions.registry.experiment import experiment_of
from pipeline.versions.registry.quiet import quiet
from pipeline.versions.registry.record import record_identity, record_scores
from pipeline.versions.registry.search import model_of
from pipeline.versions.registry.store import ARTIFACT, Store
from pipeline.versions.registry.trainings import record_training
from pipeline.versions.registry.version import (
    KIND_TAG,
    SEMVER_TAG,
    STATUS_TAG,
    UNVALIDATED,
    identity_tags,
)

with quiet():
    from mlflow.entities import RunTag
    from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from mlflow import MlflowClient

KIND = "version"


def publish(client: MlflowClient, store: Store, bundle: Path, module: ModuleRef) -> None:
    """Publish `bundle`, which is `module`, as a new version; a run that fails is marked so.

    Raises
    ------
    BundleError
        The folder changed meanwhile, or its record of a training is wrong.
    OutputError
        The folder for temporary files is full or cannot be written.
    RegistryError
        MLflow refuses, or the workspace was moved.
    """
    metadata, training = read_metadata(bundle), read_training(bundle)
    with _copy(bundle, module.digest) as copy, asking():
        run = client.create_run(
            experiment_of(client, store, module.name), run_name=f"{module.name} {module.version}"
        )
        run_id = run.info.run_id
        with closing(client, run_id):
            client.log_artifacts(run_id, str(copy), ARTIFACT)
            record_scores(client, run_id, metadata.scores)
            tags = identity_tags(module, has_code=bool(executable_parts(bundle)))
            record_identity(client, run_id, tags)
            _tag(client, module, run_id)
            if training:
                record_training(client, run_id, training)
            _describe(client, bundle, module.name)
            _create(client, module, run_id, metadata.change, tags)


@contextmanager
def _copy(bundle: Path, digest: str) -> Iterator[Path]:
    """What belongs to the bundle and nothing else; it cannot change while it travels."""
    with ExitStack() as held:
        with writing(temporary()):
            scratch = Path(held.enter_context(tempfile.TemporaryDirectory()))
            copy_members(bundle, scratch)
        if bundle_digest(scratch).digest != digest:
            raise BundleError(f"{bundle} changed while it was copied.", "Register it again.")
        yield scratch


def _create(
    client: MlflowClient, module: ModuleRef, run_id: str, change: str, identity: Mapping[str, str]
) -> None:
    tags = {**identity, STATUS_TAG: UNVALIDATED}
    source = f"runs:/{run_id}/{ARTIFACT}"
    client.create_model_version(
        model_of(module.name), source, run_id, tags=tags, description=change or None
    )


def _tag(client: MlflowClient, module: ModuleRef, run_id: str) -> None:
    """Say on the run what it is, as those of evaluations and trainings do."""
    said = {KIND_TAG: KIND, SEMVER_TAG: module.version, "model": model_of(module.name)}
    client.log_batch(run_id, tags=[RunTag(key, value) for key, value in said.items()])


def _describe(client: MlflowClient, bundle: Path, name: str) -> None:
    """Make the registered model where there is none, and describe it where nobody has."""
    contract = read_contract(bundle)
    words = f"{contract.title}: {contract.summary}"
    try:
        client.create_registered_model(model_of(name), description=words)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
        if not client.get_registered_model(model_of(name)).description:
            client.update_registered_model(model_of(name), words)
