"""Read damaged files by the thousand: no crash, no hang, no memory without bound, always a code.

    python -m tests.dicom.fuzz.run --inputs 20000 --data ../shared/data/dicom

Each input is a series with one file damaged; a process of its own scans and loads it, so that a
crash or a hang is seen from outside.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from pipeline.dicom.read.scan import scan
from pipeline.dicom.read.volume import load
from pipeline.errors import InputError
from pipeline.run.memory import peak_mib
from tests.dicom.fuzz.mutate import mutated
from tests.dicom.fuzz.seeds import lay_out, seeds

MOST_SECONDS = 5.0
MOST_MIB = 2500
EVERY = 1000


@dataclass
class Counts:
    """What became of the inputs."""

    codes: Counter[str] = field(default_factory=Counter)
    mutations: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    slowest: float = 0.0
    peak_mib: int = 0

    @property
    def sound(self) -> bool:
        """Whether every input ended in time and in memory, read or with a code."""
        return not self.broken and self.peak_mib < MOST_MIB


def fuzz(
    inputs: Sequence[int], data: Path | None = None, say: Callable[[str], None] = lambda _: None
) -> Counts:
    """Damage and read; an input's number decides seed, file and damage."""
    counts = Counts()
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        series = seeds(place / "seeds", data)
        worker = _Worker(place / "input")
        for number in inputs:
            files = series[number % len(series)]
            lay_out(files, place / "input")
            victim = files[number % len(files)]
            name, damaged = mutated(victim.read_bytes(), number)
            (place / "input" / victim.name).write_bytes(damaged)
            counts.mutations[name] += 1
            _count(counts, worker.read(), f"{number}: {name} of {victim.name}")
            done = sum(counts.mutations.values())
            if done % EVERY == 0:
                say(f"{done} of {len(inputs)} read, {len(counts.broken)} broken")
        worker.stop()
    return counts


def _count(counts: Counts, answer: tuple[list[str], float, int] | str, what: str) -> None:
    if isinstance(answer, str):
        counts.broken.append(f"{what}: {answer}")
        return
    ends, seconds, mib = answer
    counts.codes.update(ends)
    counts.broken += [f"{what}: {end}" for end in ends if end.startswith("CRASH")]
    counts.slowest, counts.peak_mib = max(counts.slowest, seconds), max(counts.peak_mib, mib)


class _Worker:
    """A process that reads one folder again and again; another takes its place if it dies."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._start()

    def read(self) -> tuple[list[str], float, int] | str:
        """How each file and series ended, seconds, peak MiB; or that it hung or died."""
        self._ours.send(True)
        try:
            if self._ours.poll(MOST_SECONDS):
                answer: tuple[list[str], float, int] = self._ours.recv()
                return answer
            end = f"no answer in {MOST_SECONDS:.0f} s"
        except (EOFError, OSError):
            end = "the process died"
        self._process.kill()
        self._start()
        return end

    def stop(self) -> None:
        """End the process."""
        self._process.kill()

    def _start(self) -> None:
        self._ours, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        self._process = context.Process(target=_serve, args=(self._folder, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self._ours.send(False)
        self._ours.recv()


def _serve(folder: Path, orders: Connection) -> None:
    # A warning would quote a value from the header.
    warnings.simplefilter("error")
    import highdicom  # noqa: F401 - what is imported once must not count as the first file's time

    while True:
        reads = orders.recv()
        started = time.perf_counter()
        ends = _read(folder) if reads else []
        peak = round(peak_mib())
        orders.send((ends, time.perf_counter() - started, peak))


def _read(folder: Path) -> list[str]:
    try:
        found = scan([folder])
        lying = sum(1 for _ in folder.iterdir())
        ends = [f"left out: {left.code}" for left in found.left_out]
        if found.found != lying:
            ends.append(f"CRASH: {found.found} of {lying} files are accounted for")
        series = [one for study in found.studies for one in study.series]
        return ends + [_load(one) for one in series]
    except Exception as error:
        return [f"CRASH: {type(error).__name__}: {error}"]


def _load(series: object) -> str:
    try:
        load(series)  # type: ignore[arg-type]
        return "read"
    except InputError as error:
        return f"refused: {error.code}"
    except Exception as error:
        return f"CRASH: {type(error).__name__}: {error}"


def main() -> None:
    """Print counts; exit 1 where one input ended neither read nor with a code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0, help="Number of the first input.")
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    data = given.data if given.data and given.data.is_dir() else None
    counts = fuzz(
        range(given.first, given.first + given.inputs), data, partial(print, file=sys.stderr)
    )
    print(f"{given.inputs} inputs; {'with' if data else 'without'} real files")
    for title, counted in (("damage", counts.mutations), ("ended", counts.codes)):
        print(f"{title}: " + ", ".join(f"{key} {n}" for key, n in sorted(counted.items())))
    print(f"slowest {counts.slowest:.2f} s, peak memory {counts.peak_mib} MiB")
    print(f"neither read nor refused: {len(counts.broken)}")
    print("\n".join(counts.broken[:50]))
    sys.exit(0 if counts.sound else 1)


if __name__ == "__main__":
    main()
