from __future__ import annotations

import math
import platform
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from pipeline.bundle.runtimes.memory import keep_freed_memory
from pipeline.evaluate.meter import Meter, Metered
from pipeline.result import ModuleRef, Result
from pipeline.run.cache import Cache
from pipeline.run.plan import Step
from pipeline.types import Inputs, Prediction

MIB = 2**20
TUMOUR, TISSUE = (ModuleRef(n, "1.0.0", 1, "d", "w", "c", "m") for n in ("tumour", "tissue"))


def takes(mib: int, seconds: float) -> None:
    """Fill memory, wait, and let go of it."""
    held = np.ones(mib * MIB // 8)
    time.sleep(seconds)
    del held


def predict(_: Inputs) -> Prediction:
    takes(100, 0.1)
    return Prediction()


@pytest.fixture
def executor(tmp_path: Path) -> Metered:
    """Judges tumour, whose prediction takes 100 MiB and 0.1 s."""
    shelf = SimpleNamespace(
        refs={ref.name: ref for ref in (TUMOUR, TISSUE)},
        runtime_of=lambda _: "torch-cpu",
        module=lambda _: SimpleNamespace(predict=predict),
    )
    return Metered(shelf, Cache(tmp_path, ""), judged="tumour")  # type: ignore[arg-type]


def large_inputs() -> Inputs:
    takes(300, 0.5)
    return Inputs({}, {})


def run(executor: Metered, name: str, print_: str) -> Result:
    step = Step(name, None, None, "")
    found = executor.execute(step, [print_], large_inputs)
    assert isinstance(found, Result)
    return found


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="needs glibc and Linux")
def test_only_the_judged_prediction_is_measured(executor: Metered) -> None:
    keep_freed_memory()
    run(executor, "tissue", "first")
    assert math.isnan(executor.meter.seconds)
    for print_ in ("second", "third"):
        executor.meter.reset()
        started = time.perf_counter()
        run(executor, "tumour", print_)
        spent = time.perf_counter() - started
        assert 80 < executor.meter.memory_mib < 200, "what the input took is no part of it"
        assert 0.1 <= executor.meter.seconds < spent - 0.5


def test_what_comes_from_the_cache_is_not_measured(executor: Metered) -> None:
    run(executor, "tumour", "first")
    executor.meter.reset()
    assert run(executor, "tumour", "first").cached
    assert math.isnan(executor.meter.seconds)
    assert math.isnan(executor.meter.memory_mib)


def test_series_add_their_times_and_share_the_largest_peak() -> None:
    meter = Meter()
    meter.add(1.0, 300.0)
    meter.add(2.0, 200.0)
    assert (meter.seconds, meter.memory_mib) == (3.0, 300.0)
