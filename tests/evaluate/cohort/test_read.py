from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import ConfigError, UsageError
from pipeline.evaluate.cohort.read import cohort_names, read_cohort
from pipeline.types import Role
from pipeline.workspace import Workspace

TEXT = """\
title = "Two heads"
module = "tumour"
root = "${DATA_OF_TEST}"
images = { T1 = "{case}/t1.nii", FLAIR = "{case}/flair.nii" }
reference = "{case}/seg.nii"

[[structures]]
name = "whole"
reference = [1, 2]
segments = ["oedema", "core"]
lesions = true

[[cases]]
name = "a"
scanner = "Siemens"
field = 3

[[cases]]
name = "b"
"""

TWICE = """\
[[structures]]
name = "whole"
reference = [4]
segments = ["enhancing"]

[[cases]]"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    made = Workspace(tmp_path / "site")
    made.cohorts.mkdir(parents=True)
    (made.cohorts / "heads.toml").write_text(TEXT)
    for name in ("a/t1.nii", "a/flair.nii", "a/seg.nii", "b/flair.nii", "b/seg.nii"):
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    monkeypatch.setenv("DATA_OF_TEST", str(tmp_path / "data"))
    return made


def test_a_pattern_stands_for_every_case(place: Workspace, tmp_path: Path) -> None:
    cohort = read_cohort(place, "heads")
    first, second = cohort.cases
    assert first.images == {
        Role.T1: tmp_path / "data/a/t1.nii",
        Role.FLAIR: tmp_path / "data/a/flair.nii",
    }
    assert first.reference == tmp_path / "data/a/seg.nii"
    assert first.groups == {"scanner": "Siemens", "field": "3"}
    assert set(second.images) == {Role.FLAIR}, "a contrast that is not there is left out"


def test_structures_map_labels_to_segments(place: Workspace) -> None:
    (whole,) = read_cohort(place, "heads").structures
    assert (whole.reference, whole.segments, whole.lesions) == ((1, 2), ("oedema", "core"), True)


def test_what_lies_near_a_structure_can_count_as_well(place: Workspace) -> None:
    path = place.cohorts / "heads.toml"
    near = 'near = ["cavity"]\nnear_mm = 2'
    path.write_text(TEXT.replace("lesions = true", near, 1))
    (whole,) = read_cohort(place, "heads").structures
    assert (whole.near, whole.near_mm) == (("cavity",), 2.0)


def test_an_unknown_cohort_names_those_there_are(place: Workspace) -> None:
    assert cohort_names(place) == ("heads",)
    with pytest.raises(UsageError, match="heads"):
        read_cohort(place, "tails")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title", "titel", "titel"),
        ("lesions = true", "lesion = true", "lesion"),
        ("lesions = true", 'near = ["oedema"]', "near and near_mm, above 0, go together"),
        ("lesions = true", "near_mm = 2.0", "near and near_mm, above 0, go together"),
        ('name = "b"', 'name = "a"', "cases need names, each its own"),
        ("[[cases]]", TWICE, "structures need names, each its own"),
        ("[1, 2]", '["x"]', r"reference takes a list of whole numbers"),
        ("[1, 2]", "[1.7]", r"reference takes a list of whole numbers.*not \[1.7\]"),
        ("[1, 2]", "[true]", "reference takes a list of whole numbers"),
        ("[1, 2]", "1", "reference takes a list of whole numbers"),
        ("[1, 2]", "[]", "reference is empty"),
        ('["oedema", "core"]', '"oedema"', "segments takes a list of names.*not 'oedema'"),
        ('["oedema", "core"]', "[]", "segments is empty"),
        ('["oedema", "core"]', '[""]', "segments takes a list of names"),
        ("lesions = true", 'lesions = "false"', "lesions takes true or false.*not 'false'"),
        ("lesions = true", 'near = "oedema"\nnear_mm = 1', "near takes a list of names"),
        ("lesions = true", 'near = ["oedema"]\nnear_mm = true', "near_mm takes a number of mm"),
        ('title = "Two heads"', "tolerance_mm = -1", "tolerance_mm takes a number of mm"),
        ('title = "Two heads"', 'tolerance_mm = "2"', "tolerance_mm takes a number of mm"),
        ('title = "Two heads"', "tolerance_mm = inf", "tolerance_mm takes a number of mm"),
        ("field = 3", 'refrence = "x.nii"', "refrence is no key of a case, but reference is"),
        ("field = 3", 'Study = "x"', "Study is no key of a case, but study is"),
        ("field = 3", "image = 3", "image is no key of a case, but images is"),
        ('name = "b"', 'name = "1"\n[[cases]]\nname = 1', "cases need names, each its own"),
        ('module = "tumour"', "", "module"),
        ("${DATA_OF_TEST}", "${NOT_SET_ANYWHERE}", "NOT_SET_ANYWHERE is not set"),
        ("T1 =", "T9 =", "T9"),
        ('name = "whole"', 'name = "whole (all)"', r"whole \(all\).* cannot end a metric"),
        ('name = "whole"', 'name = ".."', "cannot end a metric"),
        ('name = "b"', 'name = "b"\ntruth = { "a+b" = 1 }', "cannot end a metric"),
    ],
)
def test_what_is_wrong_is_named(place: Workspace, old: str, new: str, said: str) -> None:
    path = place.cohorts / "heads.toml"
    path.write_text(TEXT.replace(old, new, 1))
    with pytest.raises(ConfigError, match=said):
        read_cohort(place, "heads")


def test_a_missing_file_is_named_before_anything_runs(place: Workspace, tmp_path: Path) -> None:
    (tmp_path / "data/b/seg.nii").unlink()
    with pytest.raises(ConfigError, match=r"case b: .*seg\.nii is missing"):
        read_cohort(place, "heads")
