"""A short run; `make fuzz` is the long one."""

from __future__ import annotations

import pytest

from tests.dicom.fuzz.mutate import MUTATIONS, mutated
from tests.dicom.fuzz.run import fuzz


@pytest.mark.slow
def test_damaged_series_are_read_or_refused_in_time_and_in_memory() -> None:
    counts = fuzz(range(240))
    assert counts.sound, counts.broken
    assert counts.codes["read"] > 5
    assert len([code for code in counts.codes if code != "read"]) > 6
    assert len(counts.mutations) == len(MUTATIONS)


def test_one_number_is_one_damage() -> None:
    data = bytes(128) + b"DICM" + bytes(range(256)) * 8
    for number in range(40):
        assert mutated(data, number) == mutated(data, number)
