from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest


@pytest.fixture
def evaluate(code):
    return code("appraise.evaluate")


@pytest.mark.parametrize(("share", "grade"), [(0.02, 0.2), (0.12, 0.5), (0.3, 0.9)])
def test_another_programs_movement_is_graded_by_what_it_changed(evaluate, code, head, share, grade):
    clean = code("scans.native").Scan(head, (1.0, 1.0, 1.0), True, np.full(3, 47.5))
    assert evaluate.graded(clean, replace(clean, image=(1 + share) * head)) == grade
