"""A training's record in MLflow: settings, data digest, hardware, curve and wall time."""

from __future__ import annotations

import json
import os
import platform
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.disk import writing
from pipeline.errors import OutputError, RegistryError
from pipeline.report.write import write_whole
from pipeline.train.identity import data_digest
from pipeline.train.recipe import Recipe
from pipeline.versions.bundles.digest import bundle_digest
from pipeline.versions.bundles.training import Point, Training
from pipeline.versions.open import open_registry
from pipeline.versions.registry.trainings import (
    Subject,
    begin,
    draw_curve,
    end,
    give_up,
    go_on,
    read_curve,
)
from pipeline.workspace import Workspace

CURVES = ("loss", "learning_rate")


class Journal:
    """Writes one training's run; opened again after an interruption it goes on in the same run.

    Parameters
    ----------
    workspace : Workspace
        Whose registry holds the run.
    subject : Subject
        What is trained, how and on what.
    place : pathlib.Path
        Folder of the checkpoint; keeps the run's identifier and the time spent so far.
    recipe : str
        Identity of the recipe; the run of another one is not gone on with.
    """

    def __init__(self, workspace: Workspace, subject: Subject, place: Path, recipe: str) -> None:
        self._registry = open_registry(workspace)
        self._subject = subject
        self._file = place / "journal.json"
        self._recipe = recipe
        self._started = time.monotonic()
        found = _read(self._file)
        known = found if found.get("recipe") == recipe else {}
        self._spent = float(known.get("seconds", 0.0))
        self._unsent = [Point(**point) for point in known.get("unsent", ())]
        self.run_id = str(known.get("run_id", "")) or begin(
            self._registry.client, self._registry.store, subject
        )
        self._keep()

    @property
    def seconds(self) -> float:
        """Wall time in all, interruptions left out."""
        return self._spent + time.monotonic() - self._started

    @contextmanager
    def learning(self) -> Iterator[None]:
        """See that the run is shown as running within, and as ended where training is stopped."""
        go_on(self._registry.client, self.run_id)
        try:
            yield
        except BaseException as reason:
            status = "KILLED" if isinstance(reason, KeyboardInterrupt) else "FAILED"
            with suppress(RegistryError):  # the first reason is the one to be told
                give_up(self._registry.client, self.run_id, status)
            raise

    def note(self, step: int, figures: Mapping[str, float]) -> None:
        """Add a point to the curves.

        Warns
        -----
        RuntimeWarning
            MLflow or the disk refuse; the point is sent with a later one.
        """
        self._unsent.append(Point(step, figures))
        for act in (self._send, self._keep):
            try:
                act()
            except (RegistryError, OutputError) as error:
                warnings.warn(f"{error.message} Training goes on.", RuntimeWarning, stacklevel=2)

    def close(self, settings: Path) -> None:
        """End the run with its wall time and the configuration it followed."""
        self._send()
        self._keep()
        end(self._registry.client, self.run_id, {"wall_seconds": self.seconds}, settings)

    def record(self) -> Training:
        """All that was written, to travel with the weights."""
        curve = read_curve(self._registry.client, self.run_id, CURVES)
        return Training(self._subject.settings, self._subject.tags, self.seconds, curve)

    def _send(self) -> None:
        draw_curve(self._registry.client, self.run_id, self._unsent)
        self._unsent.clear()

    def _keep(self) -> None:
        with writing(self._file.parent):
            self._file.parent.mkdir(parents=True, exist_ok=True)
        spent = round(self.seconds, 1)
        unsent = [asdict(point) for point in self._unsent]
        record = {"run_id": self.run_id, "seconds": spent, "recipe": self._recipe, "unsent": unsent}
        write_whole(self._file, json.dumps(record) + "\n")


def subject_of(name: str, bundle: Path, recipe: Recipe, fold: int | None) -> Subject:
    """What MLflow is told of a training before it begins."""
    part = f"fold {fold} left out" if fold else "all cases"
    schedule = {key: str(value) for key, value in asdict(recipe.schedule).items()}
    return Subject(
        module=name,
        title=f"train {name}, {part}",
        settings={**schedule, "fold": str(fold or ""), "cases": str(len(recipe.cases))},
        tags={
            "code.sha256": bundle_digest(bundle).code,
            "data.sha256": data_digest(recipe.files),
            "cases": ", ".join(recipe.cases)[:4000],
            **hardware(),
        },
    )


def hardware() -> dict[str, str]:
    """Processor, cores this process may use, and the GPU if there is one."""
    import torch

    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else "none"
    cores = str(len(os.sched_getaffinity(0)))
    return {"hardware.processor": _processor(), "hardware.cores": cores, "hardware.gpu": gpu}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _read(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found
