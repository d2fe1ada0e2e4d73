"""Every finite number is written in the sixteen characters of a decimal string."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydicom.valuerep import DS, format_number_as_ds

from pipeline.dicom.write.decimal import decimal

SIZES = st.floats(-1e9, 1e9, allow_nan=False, allow_subnormal=False)


@pytest.mark.parametrize("value", [9.999999999999998, -9.999999999999998])
def test_what_rounds_up_to_one_digit_more_is_written_short(value: float) -> None:
    assert len(format_number_as_ds(value)) == 17, "without it"
    assert str(DS(decimal(value), auto_format=True)) == str(float(round(value)))


@given(SIZES)
@example(9.999999999999998)
def test_it_fits_and_is_the_same_to_ten_digits(value: float) -> None:
    written = DS(decimal(value), auto_format=True)
    assert len(str(written)) <= 16
    assert float(written) == pytest.approx(value, rel=1e-9, abs=1e-300)


def test_a_number_that_fits_is_left_alone() -> None:
    assert decimal(1470.9600000000003) == 1470.9600000000003
