"""docs/modules.md's example is typed in as it stands there, and runs."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from safetensors.torch import save_file

from pipeline.batch.batch import run_batch
from pipeline.batch.setting import open_setting
from pipeline.versions.bundles.admit import admit
from pipeline.versions.ensure import ensure
from pipeline.versions.pin import pin
from pipeline.workspace import Workspace
from tests.conftest import ROOT, write_study
from tests.faults.batch import Silent

FILE = re.compile(r"^`modules/(\S+)`\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_example_of_a_module_runs(small_workspace: Workspace, tmp_path: Path) -> None:
    registry = ensure(small_workspace)
    text = (ROOT / "docs" / "modules.md").read_text(encoding="utf-8")
    for name, content in FILE.findall(text):
        path = small_workspace.modules / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    head = small_workspace.modules / "head"
    (head / "models").mkdir()
    save_file({}, head / "models" / "model.safetensors")
    admit(registry, head, trust=True)
    pin(small_workspace, "head")
    write_study(tmp_path / "dicom", "one")
    run_batch([tmp_path / "dicom"], tmp_path / "out", open_setting(small_workspace), Silent())
    assert list((tmp_path / "out").rglob("head.seg.dcm"))
    (row,) = csv.DictReader((tmp_path / "out" / "cases.csv").read_text().splitlines())
    assert 350 < float(row["head volume (mL)"]) < 450, "a ball of 45 mm has 382 ml"
