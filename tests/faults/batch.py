"""A batch in a process of its own, which can be killed, and what it left."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import random
import time
from collections.abc import Mapping
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

    def run(self, place: Workspace, dicom: Path, out: Path, kill_after: float = 0.0) -> float:
        """Run a batch to its end, or kill it after some seconds; how long it took."""
        arguments = (str(place.root), str(dicom), str(out))
        process = self._context.Process(target=batch, args=arguments)
        started = time.perf_counter()
        process.start()
        process.join(kill_after or None)
        process.kill()
        process.join()
        if not kill_after and process.exitcode:
            raise RuntimeError(f"the batch ended with {process.exitcode}")
        return time.perf_counter() - started


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


def kill_and_resume(
    launcher: Launcher, place: Workspace, dicom: Path, out: Path, kill_after: float
) -> dict[str, str]:
    """Kill a batch, look that nothing is half there, run it again; what is left then."""
    launcher.run(place, dicom, out, kill_after)
    for study in out.glob("study-*"):
        assert (study / "result.json").is_file(), f"{study.name} is half written"
    launcher.run(place, dicom, out)
    assert not list(out.glob(".*")), "something temporary is left"
    return left(out)


def moments(times: int, seconds: float, seed: int) -> list[float]:
    """Random moments within a batch's duration."""
    chance = random.Random(seed)
    return [max(0.02, chance.random() * seconds) for _ in range(times)]
