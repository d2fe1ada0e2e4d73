from __future__ import annotations

import pytest

from benchmarks.coverage import Seen, lost, verdicts


@pytest.fixture
def seen() -> list[Seen]:
    return [
        Seen("one", "", 0.0, 0.1, 0.9, failed=False),
        Seen("one", "noise", 0.9, 0.8, 0.7, failed=True),
        Seen("two", "", 0.0, 0.1, 0.5, failed=False),
        Seen("two", "noise", 0.9, 0.8, 0.45, failed=True),
        Seen("two", "blur", 0.9, 0.2, 0.3, failed=False),
    ]


def test_what_is_lost_is_counted_from_the_same_persons_clean_images(seen):
    assert [round(float(loss), 3) for loss in lost(seen)] == [0, 0.2, 0, 0.05, 0.2]


def test_a_verdict_is_worth_what_failing_studies_lose_more_than_others(seen):
    assert list(verdicts(seen)) == [
        "failing: n=2, mean lost 0.125, most lost 0.200",
        "let through: n=3, mean lost 0.067, most lost 0.200",
        "of n=2 that lose more than 0.1, 1 fail",
    ]
