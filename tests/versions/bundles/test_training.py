from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import BundleError
from pipeline.train.record import write_training
from pipeline.versions.bundles.training import CURVE, RECORD, Point, Training, read_training

figures = st.floats(-1e6, 1e6).map(lambda value: float(f"{value:.6g}"))
texts = st.dictionaries(st.text(max_size=20), st.text(max_size=20), max_size=5)
curves = st.lists(
    st.builds(
        lambda step, loss, rate: Point(step, {"loss": loss, "learning_rate": rate}),
        *(st.integers(0, 10**6), figures, figures),
    ),
    max_size=5,
).map(tuple)
trainings = st.builds(
    Training, texts, texts, st.floats(0, 1e7).map(lambda value: round(value, 1)), curves
)


def record(bundle: Path, text: str, curve: str = "step,loss\n50,0.5\n") -> None:
    (bundle / "docs").mkdir()
    (bundle / RECORD).write_text(text)
    (bundle / CURVE).write_text(curve)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(trainings)
def test_what_was_written_is_read(tmp_path: Path, training: Training) -> None:
    write_training(tmp_path, training)
    assert read_training(tmp_path) == training


def test_a_bundle_may_bring_no_record(tmp_path: Path) -> None:
    assert read_training(tmp_path) is None


def test_a_record_needs_no_curve(tmp_path: Path) -> None:
    record(tmp_path, '{"settings": {"seed": 0}, "tags": {}, "wall_seconds": 3}')
    (tmp_path / CURVE).unlink()
    assert read_training(tmp_path) == Training({"seed": "0"}, {}, 3.0, ())


@pytest.mark.parametrize(
    ("text", "curve"),
    [
        ("no JSON", "step,loss\n"),
        ("[]", "step,loss\n"),
        ('{"settings": {}, "tags": {}}', "step,loss\n"),
        ('{"settings": {}, "tags": {}, "wall_seconds": "long"}', "step,loss\n"),
        ('{"settings": {}, "tags": {}, "wall_seconds": 1}', "loss\n0.5\n"),
        ('{"settings": {}, "tags": {}, "wall_seconds": 1}', "step,loss\n50,much\n"),
        ('{"settings": {}, "tags": {}, "wall_seconds": 1}', "step,loss\n50,nan\n"),
        ('{"settings": {}, "tags": {}, "wall_seconds": 1}', "step,loss\n50\n"),
        ('{"settings": {}, "tags": {}, "wall_seconds": 1}', "step,loss\n50,1,2\n"),
        ('{"settings": {}, "tags": {}, "wall_seconds": 1}', "step,loss\n" + "1,1\n" * 20001),
    ],
)
def test_a_wrong_record_is_named(tmp_path: Path, text: str, curve: str) -> None:
    record(tmp_path, text, curve)
    with pytest.raises(BundleError, match="training") as caught:
        read_training(tmp_path)
    assert "tessera train" in caught.value.remedy
