"""Look at each version three times: its tags, its run's parameters, and the files themselves.

Tags can be edited in MLflow, files on the disk; a run's parameters MLflow lets nobody change, so
they tell which of the other two is the one that was.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.disk import temporary, writing
from pipeline.errors import OutputError, RegistryError, TesseraError
from pipeline.versions.bundles.describe import describe
from pipeline.versions.bundles.trust import executable_parts
from pipeline.versions.registry.asking import asking
from pipeline.versions.registry.download import files_of, holds
from pipeline.versions.registry.quiet import quiet
from pipeline.versions.registry.search import find_rows, model_of
from pipeline.versions.registry.store import ARTIFACT
from pipeline.versions.registry.version import DIGEST_TAGS, IDENTITY, identity_tags

with quiet():
    from mlflow.entities import ViewType

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion

    from pipeline.versions.registry.registry import Registry


@dataclass(frozen=True)
class Examined:
    """One version, each mapping by the tags that identify it, such as ``bundle.sha256``.

    Attributes
    ----------
    number : int
        MLflow's.
    name : str
        The module it is filed under.
    tags, recorded, files : mapping of str to str
        As the version's tags say, as was recorded with its run (empty for a version registered
        before that was done), and as computed from the files now (empty where there are none).
    fault : str
        Why the files say nothing; empty where they do.
    """

    number: int
    name: str
    tags: Mapping[str, str]
    recorded: Mapping[str, str]
    files: Mapping[str, str]
    fault: str = ""


def examine(registry: Registry, name: str, only: int | None = None) -> Iterator[Examined]:
    """Fetch and examine every version of module `name`, or `only` one; changes nothing.

    Raises
    ------
    RegistryError
        MLflow does not answer, or does not hand out what it has.
    OutputError
        The folder for temporary files is full.
    """
    for row in find_rows(registry.client, name):
        if only in (None, int(row.version)):
            yield _examine(registry, name, row)


def was_registered(registry: Registry, name: str, digest: str) -> bool:
    """Whether module `name` has, or had, a version of this content here.

    Its run is left where the version was deleted.
    """
    with asking():
        experiment = registry.client.get_experiment_by_name(model_of(name))
        if experiment is None:
            return False
        query = f"params.`{DIGEST_TAGS['digest']}` = '{digest}' and attributes.status = 'FINISHED'"
        found = registry.client.search_runs([experiment.experiment_id], query, ViewType.ALL, 1)
    return bool(found)


def _examine(registry: Registry, name: str, row: ModelVersion) -> Examined:
    try:
        run_id = _run_of(row)
        recorded, files, fault = _recorded(registry, run_id), _files(registry, run_id), ""
    except OutputError:
        raise
    except TesseraError as error:
        if isinstance(error, RegistryError) and row.run_id and _has(registry, row.run_id):
            raise  # who could not look has not found that anything is wrong
        recorded, files, fault = {}, {}, error.message
    return Examined(int(row.version), name, _identity(row.tags), recorded, files, fault)


def _has(registry: Registry, run_id: str) -> bool:
    return holds(registry.client, registry.store, run_id, ARTIFACT)


def _run_of(row: ModelVersion) -> str:
    if not row.run_id:
        raise RegistryError("it was not registered by Tessera.", "Delete it in MLflow.")
    return row.run_id


def _recorded(registry: Registry, run_id: str) -> Mapping[str, str]:
    with asking():
        return _identity(registry.client.get_run(run_id).data.params)


def _files(registry: Registry, run_id: str) -> Mapping[str, str]:
    with writing(temporary()), tempfile.TemporaryDirectory() as scratch:
        folder = files_of(registry.client, registry.store, run_id, Path(scratch))
        return identity_tags(describe(folder), has_code=bool(executable_parts(folder)))


def _identity(found: Mapping[str, str]) -> Mapping[str, str]:
    return {key: value for key, value in sorted(found.items()) if key in IDENTITY}
