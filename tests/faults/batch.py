"""A batch in a process of its own, which can be killed, and what it left."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import random
import signal
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pipeline.workspace import Workspace

PRELOADED = ["pipeline.batch.batch", "pipeline.batch.setting", "highdicom", "monai.networks.nets"]
# Told of the clock and the machine, so they differ from run to run.
TIMED = ("seconds", "cached")


class Silent:
    """A watch that looks away."""

    def scanned(self, found: object) -> None: ...

    def started(self, name: str) -> None: ...

    def done(self, row: object, resumed: bool) -> None: ...


def batch(root: str, dicom: str, out: str) -> None:
    """Run a batch here and now."""
    from pipeline.batch.batch import run_batch
    from pipeline.batch.setting import open_setting

    run_batch([Path(dicom)], Path(out), open_setting(Workspace(Path(root))), Silent())


class Launcher:
    """Starts batches from a server that has imported everything, so that a start takes little."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(PRELOADED)

    def run(self, place: Workspace, dicom: Path, out: Path) -> float:
        """Run a batch to its end; how long it took."""
        started = time.perf_counter()
        self._end(place, dicom, out, None)
        return time.perf_counter() - started

    def kill(self, place: Workspace, dicom: Path, out: Path, after: float) -> bool:
        """Kill a batch after some seconds; whether it still ran then."""
        return self._end(place, dicom, out, after) == -signal.SIGKILL

    def _end(self, place: Workspace, dicom: Path, out: Path, after: float | None) -> int | None:
        arguments = (str(place.root), str(dicom), str(out))
        process = self._context.Process(target=batch, args=arguments)
        process.start()
        process.join(after)
        process.kill()
        process.join()
        if process.exitcode not in (0, -signal.SIGKILL):
            raise RuntimeError(f"the batch ended with {process.exitcode}")
        return process.exitcode


def left(out: Path) -> dict[str, str]:
    """Digest of every file of every study; records without what clocks say."""
    return {
        str(path.relative_to(out)): _digest(path)
        for path in sorted(out.glob("*/*"))
        if path.suffix != ".html"
    }


def _digest(path: Path) -> str:
    data = path.read_bytes()
    if path.name == "result.json":
        record = _timeless(json.loads(data))
        record["files"].pop("report.html", None)
        record["sizes"].pop("report.html", None)
        data = json.dumps(record, sort_keys=True).encode()
    return hashlib.sha256(data).hexdigest()


def _timeless(entry: object) -> dict:
    def strip(value: object) -> object:
        if isinstance(value, Mapping):
            return {key: strip(one) for key, one in value.items() if key not in TIMED}
        return [strip(one) for one in value] if isinstance(value, list) else value

    found = strip(entry)
    assert isinstance(found, dict)
    return found


class Stage(StrEnum):
    """How far a batch had come when it was killed, by what it had written of its studies."""

    BEFORE = "before a study was written"
    WHILE = "while a study was being written"
    BETWEEN = "between two studies' writing"
    AFTER = "after the last study was written"
    ENDED = "not at all: it had ended"


@dataclass(frozen=True)
class Killed:
    """When a batch was killed, and the digests of what a second run left."""

    stage: Stage
    left: dict[str, str]


def kill_and_resume(
    launcher: Launcher, place: Workspace, dicom: Path, out: Path, after: float
) -> Killed:
    """Kill a batch, look that nothing is half there, run it again."""
    studies = sum(path.is_dir() for path in dicom.iterdir())
    stage = _stage(out, studies) if launcher.kill(place, dicom, out, after) else Stage.ENDED
    for study in out.glob("study-*"):
        assert (study / "result.json").is_file(), f"{study.name} is half written"
    launcher.run(place, dicom, out)
    assert not list(out.glob(".partial-*")), "something temporary is left"
    return Killed(stage, left(out))


def _stage(out: Path, studies: int) -> Stage:
    whole = len(list(out.glob("study-*")))
    if any(out.glob(".partial-*")):
        return Stage.WHILE
    if not whole:
        return Stage.BEFORE
    return Stage.AFTER if whole == studies else Stage.BETWEEN


def moments(seconds: float, seed: int) -> Iterator[float]:
    """Random moments within a batch's duration, without end."""
    chance = random.Random(seed)
    while True:
        yield max(0.02, chance.random() * seconds)
