"""Trainings in MLflow: one run each, with its curve, goes on where it stopped.

What a version's bundle says of its training is shown on the version's own run.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.versions.bundles.training import Point, Training
from pipeline.versions.registry.asking import asking
from pipeline.versions.registry.experiment import experiment_of
from pipeline.versions.registry.quiet import quiet
from pipeline.versions.registry.store import Store
from pipeline.versions.registry.version import KIND_TAG

with quiet():
    from mlflow.entities import Metric, Param, RunTag

if TYPE_CHECKING:
    from mlflow import MlflowClient

KIND = "training"
PREFIX = f"{KIND}."
# MLflow takes no more figures at a time.
MOST = 1000


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


def go_on(client: MlflowClient, run_id: str) -> None:
    """Show a run as running, which an interruption had ended."""
    with asking():
        client.update_run(run_id, status="RUNNING")


def give_up(client: MlflowClient, run_id: str, status: str) -> None:
    """Close a run that came to no weights, as "FAILED" or "KILLED"."""
    with asking():
        client.set_terminated(run_id, status)


def draw_curve(client: MlflowClient, run_id: str, points: Sequence[Point]) -> None:
    """Add points to a run's curves."""
    now = time.time_ns() // 1_000_000
    metrics = [
        Metric(name, value, now, point.step)
        for point in points
        for name, value in point.figures.items()
    ]
    with asking():
        for first in range(0, len(metrics), MOST):
            client.log_batch(run_id, metrics=metrics[first : first + MOST])


def read_curve(client: MlflowClient, run_id: str, names: Sequence[str]) -> tuple[Point, ...]:
    """A run's curves; of a step that was repeated after an interruption, the last figures."""
    found: dict[int, dict[str, float]] = {}
    with asking():
        for name in names:
            for metric in client.get_metric_history(run_id, name):
                found.setdefault(metric.step, {})[name] = metric.value
    return tuple(Point(step, found[step]) for step in sorted(found))


def record_training(client: MlflowClient, run_id: str, training: Training) -> None:
    """Show on a version's run how its weights came about."""
    named = {PREFIX + key: value for key, value in training.settings.items()}
    tags = {PREFIX + key: value for key, value in training.tags.items()}
    with asking():
        client.log_batch(
            run_id,
            params=[Param(key, value) for key, value in named.items()],
            tags=[RunTag(key, value) for key, value in tags.items()],
        )
    whole = Point(0, {"wall_seconds": training.wall_seconds})
    points = [
        Point(point.step, {PREFIX + name: value for name, value in point.figures.items()})
        for point in (whole, *training.curve)
    ]
    draw_curve(client, run_id, points)


def end(client: MlflowClient, run_id: str, figures: Mapping[str, float], settings: Path) -> None:
    """Log the last figures and the configuration file, and close the run."""
    draw_curve(client, run_id, [Point(0, figures)])
    with asking():
        client.log_artifact(run_id, str(settings))
        client.set_terminated(run_id)
