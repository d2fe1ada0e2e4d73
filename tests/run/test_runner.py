"""Why a module is skipped on a case that has the series it needs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from highdicom import Volume

from pipeline.batch.setting import open_setting
from pipeline.dicom.read.scan import scan
from pipeline.dicom.roles.assign import assign
from pipeline.errors import Code, InputError
from pipeline.result import Failure, Result, Skipped
from pipeline.run.prepare import Images, read
from pipeline.run.runner import Runner
from pipeline.types import Role
from pipeline.workspace import Workspace
from tests import bundles
from tests.conftest import write_study


@pytest.fixture
def runner(small_workspace: Workspace) -> Runner:
    return open_setting(small_workspace).runner


@pytest.fixture
def images(tmp_path: Path) -> Images:
    """A T1, the reference, and the FLAIR without which tumour cannot run."""
    write_study(tmp_path / "dicom", "one", (Role.T1, Role.FLAIR))
    return read(assign(scan([tmp_path / "dicom"]).studies[0]))


def skipped(runner: Runner, images: Images) -> dict[str, Code]:
    outcomes = runner.on_images(images).outcomes
    return {one.module: one.code for one in outcomes if isinstance(one, Skipped)}


def flat(volume: Volume) -> Volume:
    """Noise alone, which the gate stops."""
    return volume.with_array(volume.array % 2)


def test_a_contrast_that_cannot_be_aligned_is_not_called_stopped_by_the_gate(
    runner: Runner, images: Images, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise InputError(Code.REGISTRATION, "FLAIR shows nothing in common with the reference.")

    monkeypatch.setattr("pipeline.run.prepare.align", fail)
    assert skipped(runner, images) == {"tumour": Code.REGISTRATION}


def test_a_contrast_that_the_gate_stopped_is(runner: Runner, images: Images) -> None:
    stopped = {**images.native, Role.FLAIR: flat(images.native[Role.FLAIR])}
    assert skipped(runner, replace(images, native=stopped)) == {"tumour": Code.QUALITY_GATE}


@pytest.fixture
def in_place(small_workspace: Workspace) -> Workspace:
    """With a module that runs before tissue, on the same grid, and writes into what it is given."""
    code = bundles.LABELLER.replace("    labels", "    volume.array[...] -= 400\n    labels")
    bundles.write_bundle(
        small_workspace.modules / "first", code=code, parameters={"threshold": 500.0}
    )
    return small_workspace


def test_a_module_that_writes_into_its_input_fails_and_changes_no_other(
    in_place: Workspace, images: Images
) -> None:
    before = {role: volume.array.copy() for role, volume in images.native.items()}
    outcomes = open_setting(in_place).runner.on_images(images).outcomes
    failed = [(one.module, one.code) for one in outcomes if isinstance(one, Failure)]
    assert failed == [("first", Code.MODULE_FAILED)]
    (tissue,) = (o for o in outcomes if isinstance(o, Result) and o.module.name == "tissue")
    assert tissue.prediction.measurements[0].value == pytest.approx(400.9, abs=0.05)
    for role, array in before.items():
        np.testing.assert_array_equal(images.native[role].array, array)
