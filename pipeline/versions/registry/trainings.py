"""Trainings in MLflow: one run each, with its curve, goes on where it stopped."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.versions.registry.asking import asking
from pipeline.versions.registry.evaluations import KIND_TAG
from pipeline.versions.registry.publish import experiment_of
from pipeline.versions.registry.quiet import quiet
from pipeline.versions.registry.store import Store

with quiet():
    from mlflow.entities import Metric, Param, RunTag

if TYPE_CHECKING:
    from mlflow import MlflowClient

KIND = "training"


@dataclass(frozen=True)
class Point:
    """Figures at one step of a curve, such as the mean loss since the last point."""

    step: int
    figures: Mapping[str, float]


@dataclass(frozen=True)
class Subject:
    """What is being trained.

    Attributes
    ----------
    module : str
        Its name; the run lies in its experiment.
    title : str
        The run's name.
    settings, tags : mapping of str to str
        Logged as parameters, and as tags.
    """

    module: str
    title: str
    settings: Mapping[str, str]
    tags: Mapping[str, str]


def begin(client: MlflowClient, store: Store, subject: Subject) -> str:
    """Open a run and return its identifier."""
    with asking():
        experiment = experiment_of(client, store, subject.module)
        run_id = str(client.create_run(experiment, run_name=subject.title).info.run_id)
        client.log_batch(
            run_id,
            params=[Param(key, value) for key, value in subject.settings.items()],
            tags=[RunTag(k, v) for k, v in {KIND_TAG: KIND, **subject.tags}.items()],
        )
    return run_id


def draw_curve(client: MlflowClient, run_id: str, points: Sequence[Point]) -> None:
    """Add points to a run's curves."""
    now = time.time_ns() // 1_000_000
    metrics = [
        Metric(name, value, now, point.step)
        for point in points
        for name, value in point.figures.items()
    ]
    with asking():
        client.log_batch(run_id, metrics=metrics)


def end(client: MlflowClient, run_id: str, figures: Mapping[str, float], settings: Path) -> None:
    """Log the last figures and the configuration file, and close the run."""
    draw_curve(client, run_id, [Point(0, figures)])
    with asking():
        client.log_artifact(run_id, str(settings))
        client.set_terminated(run_id)
