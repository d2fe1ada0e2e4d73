"""Whatever a module's own code does is that module's failure, and no more."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from highdicom import Volume
from safetensors.torch import load_file, save_file

from pipeline.errors import BundleError, Code
from pipeline.result import Failure, ModuleRef, Outcome, Result
from pipeline.run.cache import Cache
from pipeline.run.execute import Executor
from pipeline.run.plan import Step
from pipeline.run.shelf import Shelf
from pipeline.types import Inputs, Role
from tests import bundles

STEP = Step("spots", None, None, "on T1")
GOOD = bundles.LABELLER


def executor(place: Path, digest: str, *, code: str | None = GOOD, debug: bool = False) -> Executor:
    """Of one module whose folder lies in `place`; `digest` keeps its code apart from others'."""
    bundles.write_bundle(place / "spots", code=code, parameters={"threshold": 0.5})
    ref = ModuleRef("spots", "1.0.0", 1, digest, *("sha256:" + "0" * 64,) * 3)
    shelf = Shelf({"spots": ref}, {"spots": place / "spots"})
    return Executor(shelf, Cache(place / "cache", "sha256:lock"), debug)


def inputs() -> Inputs:
    array = np.random.default_rng(0).random((8, 8, 8)).astype(np.float32)
    return Inputs({Role.T1: Volume(array, np.eye(4), coordinate_system="PATIENT")}, {})


def run(module: Executor) -> Outcome:
    return module.execute(STEP, ["an image"], inputs)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("raise RuntimeError('Canary^Nightingale')", "spots stopped with RuntimeError."),
        ("open('/nonexistent')", "spots stopped with FileNotFoundError."),
        ("raise SystemExit(3)", "spots stopped with SystemExit."),
        ("volume.array[...] = 0", "spots stopped with ValueError."),
        ("labels *= np.uint8(7)", "spots gave the label 7, which no segment describes."),
        ("labels = labels[1:]", "spots gave a label map of uint8 (7, 8, 8), not uint8 (8, 8, 8)."),
    ],
)
def test_what_its_code_does_is_its_failure(tmp_path: Path, line: str, said: str) -> None:
    code = GOOD.replace("    return", f"    {line}\n    return")
    outcome = run(executor(tmp_path, f"sha256:{line}", code=code))
    assert isinstance(outcome, Failure)
    assert (outcome.code, outcome.message) == (Code.MODULE_FAILED, said)
    assert not (tmp_path / "cache").exists()


def test_a_full_disk_met_by_its_code_is_not_kept_as_its_failure(tmp_path: Path) -> None:
    code = GOOD.replace(
        "    return", "    raise OSError(28, 'No space left on device')\n    return"
    )
    with pytest.raises(OSError, match="No space"):
        run(executor(tmp_path, "sha256:full", code=code))


def test_a_network_that_gives_no_numbers_fails_its_module(tmp_path: Path) -> None:
    module = executor(tmp_path, "sha256:nan", code=None)
    weights = tmp_path / "spots" / "models" / "model.safetensors"
    spoilt = {name: value * float("nan") for name, value in load_file(weights).items()}
    save_file({**load_file(weights), **{n: v for n, v in spoilt.items() if "conv" in n}}, weights)
    outcome = run(module)
    assert isinstance(outcome, Failure)
    assert outcome.message == "The network of spots gave values that are no numbers."


def test_a_figure_of_another_library_is_kept_as_a_plain_number(tmp_path: Path) -> None:
    code = GOOD.replace("float(labels.sum() * volume.voxel_volume / 1000)", "labels.sum()")
    module = executor(tmp_path, "sha256:count", code=code)
    first, second = run(module), run(module)
    assert isinstance(first, Result)
    assert isinstance(second, Result)
    assert second.cached
    assert first.prediction.measurements == second.prediction.measurements
    assert type(first.prediction.measurements[0].value) is float


def test_trouble_with_its_input_is_not_the_modules(tmp_path: Path) -> None:
    module = executor(tmp_path, "sha256:disk")

    def gone() -> Inputs:
        raise FileNotFoundError

    with pytest.raises(FileNotFoundError):
        module.execute(STEP, ["an image"], gone)


def test_a_bundle_that_cannot_be_loaded_concerns_every_study(tmp_path: Path) -> None:
    module = executor(tmp_path, "sha256:broken", code="import a_library_nobody_has\n")
    with pytest.raises(BundleError, match="cannot be imported"):
        run(module)


def test_with_debug_an_unexpected_error_is_raised(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="Canary"):
        run(executor(tmp_path, "sha256:debug", code=bundles.CRASHER, debug=True))
