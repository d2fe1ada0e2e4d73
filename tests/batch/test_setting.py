from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from pipeline.batch.setting import open_setting
from pipeline.bundle.runtimes import settle
from pipeline.bundle.runtimes.parity import Tolerance
from pipeline.dicom.read.labels import read_labels
from pipeline.workspace import Workspace
from tests.batch.test_batch import run
from tests.conftest import write_study


def keys(out: Path) -> set[str]:
    record = json.loads(next(out.glob("*/result.json")).read_text())
    return {outcome["key"] for outcome in record["outcomes"]}


def test_the_runtime_is_part_of_every_key_and_changes_no_label(
    small_workspace: Workspace, tmp_path: Path
) -> None:
    write_study(tmp_path / "dicom", "one")
    run(small_workspace, tmp_path / "dicom", tmp_path / "openvino")
    small_workspace.settings.write_text('[run]\nruntime = "torch"\n')
    setting = open_setting(small_workspace)
    assert {setting.shelf.runtime_of(name) for name in setting.shelf.order} == {"torch-cpu"}
    run(small_workspace, tmp_path / "dicom", tmp_path / "torch")
    assert not keys(tmp_path / "openvino") & keys(tmp_path / "torch")
    for path in (tmp_path / "torch").glob("*/*.seg.dcm"):
        twin = tmp_path / "openvino" / path.relative_to(tmp_path / "torch")
        np.testing.assert_array_equal(read_labels(path).array, read_labels(twin).array)


def test_a_refused_runtime_is_a_note_and_torch_computes(
    small_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settle, "SINGLE", Tolerance(agreement=1.0, difference=-1.0))
    setting = open_setting(small_workspace)
    assert len(setting.notes) == 3
    assert "openvino-cpu is refused" in setting.notes[0]
    assert setting.shelf.runtime_of("tissue") == "torch-cpu"
