"""Evaluations in MLflow: a run each, tied to the model version it judged."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.versions.registry.asking import asking
from pipeline.versions.registry.closing import closing
from pipeline.versions.registry.download import text_of
from pipeline.versions.registry.experiment import experiment_of
from pipeline.versions.registry.quiet import quiet
from pipeline.versions.registry.sealed import DOCUMENT, SEAL, require_sealed, seal
from pipeline.versions.registry.search import model_of
from pipeline.versions.registry.store import Store
from pipeline.versions.registry.version import DIGEST_TAGS, KIND_TAG, SEMVER_TAG, Version

with quiet():
    from mlflow.entities import Dataset, DatasetInput, Metric, Param, RunTag

if TYPE_CHECKING:
    from mlflow import MlflowClient

KIND, FOLDS = "validation", "cross-validation"
TABLE = "cases.csv"


@dataclass(frozen=True)
class EvaluationRun:
    """An evaluation as MLflow keeps it.

    Attributes
    ----------
    tags : mapping of str to str
        What it was made from; searched by.
    metrics : mapping of str to float
        Figures with their bounds; undefined ones are left out.
    document, table : str
        evaluation.json and cases.csv.
    run_id : str
        Empty until it is recorded.
    """

    tags: Mapping[str, str]
    metrics: Mapping[str, float]
    document: str
    table: str
    run_id: str = ""


def record_evidence(
    client: MlflowClient, store: Store, version: Version, evidence: EvaluationRun
) -> str:
    """Log an evaluation of `version` and return its run; RegistryError in a moved workspace."""
    identity = {
        KIND_TAG: KIND,
        SEMVER_TAG: version.module.version,
        DIGEST_TAGS["digest"]: version.module.digest,
        "model": model_of(version.module.name),
        "model.version": str(version.module.mlflow_version),
    }
    title = f"validate {version} on {evidence.tags.get('cohort', '')}"
    with asking():
        experiment = experiment_of(client, store, version.module.name)
        return _record(client, experiment, title, identity, evidence)


def record_folds(client: MlflowClient, store: Store, name: str, evidence: EvaluationRun) -> str:
    """Log a cross-validation, which belongs to a recipe and not to a version; return its run."""
    title = f"cross-validate {name} on {evidence.tags.get('cohort', '')}"
    with asking():
        experiment = experiment_of(client, store, name)
        return _record(client, experiment, title, {KIND_TAG: FOLDS}, evidence)


def find_evidence(
    client: MlflowClient, store: Store, version: Version, tags: Mapping[str, str]
) -> EvaluationRun | None:
    """The last finished evaluation of `version` whose run has all of `tags`.

    Raises
    ------
    RegistryError
        Its document is not the one that was recorded.
    """
    wanted = {**tags, KIND_TAG: KIND, DIGEST_TAGS["digest"]: version.module.digest}
    query = " and ".join(f"tags.`{key}` = {_quoted(value)}" for key, value in wanted.items())
    with asking():
        runs = client.search_runs(
            [_experiment(client, version)],
            f"{query} and attributes.status = 'FINISHED'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        if not runs:
            return None
        run = runs[0]
        document, table = (
            text_of(client, store, run.info.run_id, name) for name in (DOCUMENT, TABLE)
        )
    require_sealed(run.info.run_id, run.data.params, document)
    return EvaluationRun(run.data.tags, run.data.metrics, document, table, run.info.run_id)


def _quoted(value: str) -> str:
    """A text in MLflow's search language, which has two kinds of quotes and no way to escape."""
    return f'"{value}"' if "'" in value else f"'{value}'"


def _dataset(evidence: EvaluationRun) -> Dataset:
    """The cohort as MLflow's pages name it; its digests are at most 36 characters long."""
    digest = evidence.tags.get("cohort.sha256", "").removeprefix("sha256:")[:36]
    name = evidence.tags.get("cohort", "")
    return Dataset(name, digest, "tessera cohort", json.dumps({"cohort": name}))


def _experiment(client: MlflowClient, version: Version) -> str:
    """The module's experiment: where the version's own run lies."""
    return str(client.get_run(version.run_id).info.experiment_id)


def _record(
    client: MlflowClient,
    experiment: str,
    title: str,
    identity: Mapping[str, str],
    evidence: EvaluationRun,
) -> str:
    run_id = str(client.create_run(experiment, run_name=title).info.run_id)
    with closing(client, run_id):
        _log(client, run_id, identity, evidence)
    return run_id


def _log(
    client: MlflowClient, run_id: str, identity: Mapping[str, str], evidence: EvaluationRun
) -> None:
    now = time.time_ns() // 1_000_000
    metrics = [
        Metric(name.replace(" ", "_"), value, now, 0)
        for name, value in evidence.metrics.items()
        if math.isfinite(value)
    ]
    tags = [RunTag(key, value) for key, value in {**identity, **evidence.tags}.items()]
    client.log_batch(run_id, tags=tags, params=[Param(SEAL, seal(evidence.document))])
    for start in range(0, len(metrics), 900):  # MLflow takes 1000 at a time
        client.log_batch(run_id, metrics=metrics[start : start + 900])
    client.log_inputs(run_id, [DatasetInput(_dataset(evidence))])
    client.log_text(run_id, evidence.document, DOCUMENT)
    client.log_text(run_id, evidence.table, TABLE)
