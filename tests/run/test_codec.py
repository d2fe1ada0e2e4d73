from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from pipeline.digest import digest
from pipeline.run.codec import decode, encode
from pipeline.types import Assessment, Concept, Finding, Measurement, Prediction, Role, Verdict

finite = st.floats(allow_nan=False, allow_infinity=False)
concepts = st.builds(Concept, st.text(), st.text(), st.text())
measurements = st.builds(
    Measurement,
    st.text(),
    finite,
    st.text(),
    concepts,
    st.none() | st.sampled_from(Role),
    st.text(),
)
findings = st.builds(
    Finding, st.integers(1, 99), finite, finite, st.tuples(finite, finite, finite), finite
)
assessments = st.builds(Assessment, st.sampled_from(Role), st.sampled_from(Verdict), st.text())
labels = st.none() | arrays(np.uint8, array_shapes(min_dims=3, max_dims=3, max_side=4))


@given(
    labels,
    st.lists(measurements, max_size=3),
    st.lists(findings, max_size=3),
    st.lists(assessments, max_size=3),
)
def test_a_prediction_survives(array, measured, found, assessed) -> None:
    before = Prediction(array, tuple(measured), tuple(found), tuple(assessed))
    after = decode(encode(before))
    if array is None:
        assert after.labels is None
    else:
        np.testing.assert_array_equal(after.labels, array)
    assert (after.measurements, after.findings, after.assessments) == (
        before.measurements,
        before.findings,
        before.assessments,
    )


def test_the_digest_changes_with_a_single_voxel() -> None:
    labels = np.zeros((3, 3, 3), np.uint8)
    other = labels.copy()
    other[1, 1, 1] = 1
    assert digest(encode(Prediction(labels))) != digest(encode(Prediction(other)))


def test_the_digest_does_not_depend_on_memory_order() -> None:
    labels = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    assert encode(Prediction(labels)) == encode(Prediction(np.asfortranarray(labels)))


@pytest.mark.parametrize("data", [b"", b"\x05\0\0\0\0\0\0\0abc", encode(Prediction())[:-3]])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises((ValueError, KeyError)):
        decode(data)
