"""Let a version stand on an evaluation: its status, the run that judged it, and its figures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline.versions.registry.evaluations import EvaluationRun
from pipeline.versions.registry.key import key_of
from pipeline.versions.registry.record import record_scores, record_tags
from pipeline.versions.registry.version import STATUS_TAG, UNVALIDATED, Version

if TYPE_CHECKING:
    from mlflow import MlflowClient


def record_validation(
    client: MlflowClient, version: Version, run_id: str, evidence: EvaluationRun
) -> None:
    """Record on `version`, read anew, what the run `run_id` says of it."""
    cohort = evidence.tags["cohort"]
    key = key_of(cohort)
    # What a promotion said of it outlasts another validation.
    news = {STATUS_TAG: "validated"} if version.tags[STATUS_TAG] == UNVALIDATED else {}
    said = run_id if key == cohort else f"{run_id} ({cohort})"
    record_tags(client, version.module, {**news, f"validation.{key}": said})
    figures = {f"{key}/{name}": value for name, value in _figures(evidence.metrics).items()}
    record_scores(client, version.run_id, figures)


def _figures(metrics: Mapping[str, float]) -> dict[str, float]:
    """What is defined, without the bounds of what is there itself."""
    bounds = {f"{name}/{side}" for name in metrics for side in ("low", "high")}
    return {k: v for k, v in metrics.items() if k not in bounds and math.isfinite(v)}
