from __future__ import annotations

from benchmarks.coverage import Seen, lost


def test_what_is_lost_is_counted_from_the_same_persons_clean_images():
    seen = [
        Seen("one", "", 0.0, 0.1, 0.9),
        Seen("one", "noise", 0.9, 0.8, 0.7),
        Seen("two", "", 0.0, 0.1, 0.5),
        Seen("two", "noise", 0.9, 0.8, 0.45),
    ]
    assert [round(float(loss), 3) for loss in lost(seen)] == [0, 0.2, 0, 0.05]
