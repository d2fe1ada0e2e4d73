from __future__ import annotations

import json
from collections import Counter

import pytest

LISTS = ("evidence_only", "calibration", "held_out")


@pytest.fixture(scope="module")
def settings(bundle):
    return json.loads((bundle / "configs" / "train.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def parts(code, data, bundle):
    return code("scans.subjects").split(bundle, data)


def test_nobody_is_listed_twice(settings):
    listed = Counter(name for side in LISTS for name in settings[side])
    assert [name for name, count in listed.items() if count > 1] == []


def test_folders_of_one_volunteer_are_on_one_side(settings):
    """siemens_hfp and siemens_hfdl: one head, prone and on its left side."""
    same = {"siemens_hfp", "siemens_hfdl"}
    assert [len(same & set(settings[side])) for side in LISTS] == [2, 0, 0]


def test_all_who_are_listed_are_there(settings, parts):
    everyone = (
        *parts.train,
        *parts.evidence_only,
        *parts.calibration,
        *parts.test,
        *parts.defective,
    )
    there = {subject.name for subject in everyone}
    images = {f"{subject.name}/{subject.image}" for subject in everyone}
    assert {name for side in LISTS for name in settings[side]} <= there
    assert set(settings["defective"]) <= images


def test_who_is_listed_is_not_learnt_from(settings, parts):
    learnt = {subject.name for subject in parts.train}
    assert learnt
    assert not learnt & {name for side in LISTS for name in settings[side]}


def test_every_image_knows_its_files_and_shares_none(parts):
    """The digest of what was learnt from is theirs."""
    files = [
        path for part in (parts.train, parts.test) for subject in part for path in subject.files
    ]
    assert all(subject.files for subject in (*parts.train, *parts.test))
    assert all(path.is_file() for path in files)
    assert len(files) == len(set(files))
