"""Quantising a tiny module: a bundle like any other, which runs in int8 or not at all."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from pipeline.bundle.contract import read_contract
from pipeline.bundle.runtimes.choose import OPENVINO, TORCH_CPU, Runtime
from pipeline.bundle.runtimes.int8 import INT8
from pipeline.bundle.runtimes.open import open_network
from pipeline.bundle.runtimes.settle import Source, settle
from pipeline.errors import BundleError, OutputError, UsageError
from pipeline.evaluate.cohort.read import read_cohort
from pipeline.evaluate.quantise import quantise
from pipeline.evaluate.validate import validate
from pipeline.types import Role
from pipeline.versions.bundles.describe import describe
from pipeline.versions.ensure import ensure
from pipeline.versions.registry.version import Version
from pipeline.workspace import Workspace
from tests.conftest import ball
from tests.evaluate.conftest import Silent


@pytest.fixture
def version(bench: Workspace) -> Version:
    return ensure(bench).version("tissue", "1.0.0")


@pytest.fixture
def made(bench: Workspace, version: Version, watch: Silent, tmp_path: Path) -> Path:
    place = tmp_path / "int8"
    cohort = read_cohort(bench, "tissue-balls")
    assert quantise(bench, version, cohort, 8, place, watch) == "1.1.0"
    return place


def test_it_is_the_next_minor_version_and_says_where_it_comes_from(made: Path) -> None:
    metadata = json.loads((made / "configs" / "metadata.json").read_text())
    assert metadata["version"] == "1.1.0"
    assert metadata["changelog"]["1.1.0"] == "int8, from 1.0.0 on 4 images of tissue-balls"
    assert describe(made).name == "tissue"


def test_it_is_validated_like_any_other_and_computes_in_int8(
    bench: Workspace, made: Path, watch: Silent
) -> None:
    candidate = ensure(bench).register(made, trust=True)
    done = validate(bench, candidate, read_cohort(bench, "tissue-balls"), watch)
    assert done.summary["dice/bright"].n == 4
    run = ensure(bench).client.get_run(done.run_id)
    assert INT8 in {**run.data.tags, **run.data.params}.values()


def test_its_output_is_near_what_single_precision_gives(
    bench: Workspace, version: Version, made: Path, tmp_path: Path
) -> None:
    runtime = Runtime(OPENVINO, tmp_path / "networks")
    registry = ensure(bench)
    whole = Source(registry.fetch(version), version.module, read_contract(made))
    small = Source(made, describe(made), whole.contract)
    assert (settle(small, runtime), settle(whole, runtime)) == (INT8, OPENVINO)
    image = ball(1200.0).array[None]
    ours, theirs = (open_network(s, settle(s, runtime), runtime)(image) for s in (small, whole))
    assert not np.array_equal(ours, theirs), "eight bits are fewer than thirty-two"
    assert np.abs(ours - theirs).max() < 0.1 * np.abs(theirs).max()


def test_it_does_not_run_as_something_else_than_was_validated(made: Path) -> None:
    source = Source(made, describe(made), read_contract(made))
    with pytest.raises(BundleError, match="torch-cpu computes here"):
        settle(source, Runtime(TORCH_CPU))


def test_a_lost_network_is_named(made: Path, tmp_path: Path) -> None:
    (made / "models" / "int8.bin").unlink()
    source = Source(made, describe(made), read_contract(made))
    with pytest.raises(BundleError, match="tessera quantise"):
        open_network(source, INT8, Runtime(OPENVINO, tmp_path / "networks"))


def test_nothing_is_written_where_no_case_can_be_run(
    bench: Workspace, version: Version, watch: Silent, tmp_path: Path
) -> None:
    cohort = read_cohort(bench, "tissue-balls")
    lost = {Role.T1: tmp_path / "lost.nii.gz"}
    gone = tuple(dataclasses.replace(case, images=lost) for case in cohort.cases)
    with pytest.raises(UsageError, match="No case of tissue-balls"):
        quantise(bench, version, dataclasses.replace(cohort, cases=gone), 8, tmp_path / "x", watch)
    assert not (tmp_path / "x").exists()


def test_a_folder_that_cannot_be_written_is_met_before_a_case_is_looked_at(
    bench: Workspace, version: Version, watch: Silent, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("a file")
    with pytest.raises(OutputError, match=rf"{tmp_path / 'file'} cannot be written"):
        quantise(
            bench, version, read_cohort(bench, "tissue-balls"), 8, tmp_path / "file" / "x", watch
        )
    assert watch.said == []


def test_a_full_disk_leaves_nothing_half_done(
    bench: Workspace,
    version: Version,
    watch: Silent,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipeline.evaluate.quantise.write_bundle", full)
    with pytest.raises(OutputError, match=r"made cannot be written: No space left on device"):
        quantise(
            bench, version, read_cohort(bench, "tissue-balls"), 2, tmp_path / "made" / "x", watch
        )
    assert list((tmp_path / "made").iterdir()) == []


def test_a_number_that_is_registered_is_passed_over(
    bench: Workspace, version: Version, made: Path, watch: Silent, tmp_path: Path
) -> None:
    first = ensure(bench).register(made, trust=True)
    cohort, place = read_cohort(bench, "tissue-balls"), tmp_path / "again"
    assert quantise(bench, version, cohort, 2, place, watch) == "1.2.0"
    metadata = json.loads((place / "configs" / "metadata.json").read_text())
    assert metadata["version"] == "1.2.0"
    assert metadata["changelog"]["1.2.0"] == "int8, from 1.0.0 on 2 images of tissue-balls"
    with pytest.raises(UsageError, match=r"tissue@1\.1\.0 computes in int8 already"):
        quantise(bench, first, cohort, 2, tmp_path / "twice", watch)


def test_a_folder_that_exists_is_left_alone(
    bench: Workspace, version: Version, made: Path, watch: Silent
) -> None:
    with pytest.raises(UsageError, match="exists"):
        quantise(bench, version, read_cohort(bench, "tissue-balls"), 8, made, watch)
