from __future__ import annotations

import numpy as np
import pytest


@pytest.fixture
def trial(code):
    made = code("trial").Trial
    return lambda *chances: made(None, True, "", 0.0, np.array(chances, float))


def test_thresholds_lie_above_nearly_all_clean_scans(code, trial):
    rng = np.random.default_rng(0)
    clean = [trial(*rng.uniform(0, 0.9, 7)) for _ in range(1000)]
    found = code("calibrate").thresholds(clean)
    chances = np.array([t.chances for t in clean])
    for number, name in enumerate(code("artefacts").OUTPUTS):
        assert (chances[:, number] >= found[f"{name}_warn"]).mean() <= 0.02
        assert (chances[:, number] >= found[f"{name}_fail"]).mean() <= 0.01


def test_quiet_outputs_do_not_get_thresholds_near_zero(code, trial):
    found = code("calibrate").thresholds([trial(*[0.01] * 7)] * 20)
    assert found["noise_warn"] == 0.2
    assert found["noise_fail"] == 0.3


def test_what_can_be_corrected_fails_only_when_extreme(code, trial):
    found = code("calibrate").thresholds([trial(*[0.01] * 7)] * 20)
    assert found["bias_warn"] == 0.2
    assert found["bias_fail"] == 0.8
