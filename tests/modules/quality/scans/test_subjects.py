from __future__ import annotations

import pytest


@pytest.fixture(scope="module")
def parts(code, data, bundle):
    return code("scans.subjects").split(bundle, data)


def test_nobody_is_on_two_sides(parts):
    sides = (parts.train, parts.weighed, parts.calibration, parts.test)
    people = [{subject.name for subject in side} for side in sides]
    assert all(people)
    assert len(set().union(*people)) == sum(map(len, people))


def test_known_bad_images_are_on_no_side(parts):
    bad = {(subject.name, subject.image) for subject in parts.defective}
    assert ("BraTS2021_01482", "t1") in bad
    for side in (parts.train, parts.weighed, parts.calibration, parts.test):
        assert not bad & {(subject.name, subject.image) for subject in side}
