from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.evaluate.cohort.cohort import Cohort, CohortCase, Structure
from pipeline.evaluate.cohort.digest import cohort_digest
from pipeline.types import Role


def cohort(folder: Path) -> Cohort:
    (folder / "dicom").mkdir(parents=True, exist_ok=True)
    (folder / "dicom" / "1").write_bytes(b"first")
    (folder / "seg.nii").write_bytes(b"labels")
    case = CohortCase("a", None, {Role.T1: folder / "dicom"}, folder / "seg.nii")
    return Cohort("c", "", "tumour", 2.0, (Structure("whole", (1,), ("x",)),), (case,))


def test_the_same_bytes_elsewhere_have_the_same_digest(tmp_path: Path) -> None:
    first = cohort_digest(cohort(tmp_path / "here"))
    shutil.copytree(tmp_path / "here", tmp_path / "there")
    assert cohort_digest(cohort(tmp_path / "there")) == first


@pytest.mark.parametrize(
    "change", ["byte", "file", "group", "tolerance", "structure", "near", "truth"]
)
def test_any_change_changes_it(tmp_path: Path, change: str) -> None:
    made = cohort(tmp_path)
    before = cohort_digest(made)
    (case,) = made.cases
    if change == "byte":
        (tmp_path / "seg.nii").write_bytes(b"Labels")
    elif change == "file":
        (tmp_path / "dicom" / "2").write_bytes(b"")
    elif change == "group":
        made = replace(made, cases=(replace(case, groups={"scanner": "GE"}),))
    elif change == "truth":
        made = replace(made, cases=(replace(case, truth={"noise": 1.0}),))
    elif change == "near":
        made = replace(
            made, structures=(Structure("whole", (1,), ("x",), near=("y",), near_mm=2.0),)
        )
    elif change == "tolerance":
        made = replace(made, tolerance_mm=1.0)
    else:
        made = replace(made, structures=(Structure("whole", (1, 2), ("x",)),))
    assert cohort_digest(made) != before


def test_a_vanished_file_is_named(tmp_path: Path) -> None:
    made = cohort(tmp_path)
    (tmp_path / "seg.nii").unlink()
    with pytest.raises(ConfigError, match=r"seg\.nii"):
        cohort_digest(made)
