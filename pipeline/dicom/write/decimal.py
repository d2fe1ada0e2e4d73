"""Numbers that a decimal string (DS) of sixteen characters can hold."""

from __future__ import annotations

from collections.abc import Sequence

from pydicom.valuerep import DS, format_number_as_ds

LONGEST = 16


def decimal(value: float) -> float:
    """The same number, or its nearest of ten digits where it would be written too long.

    pydicom cuts the digits to the room there is before it rounds: 9.999999999999998 becomes
    10.00000000000000, one character more than DICOM allows.
    """
    fits = len(format_number_as_ds(float(value))) <= LONGEST
    return float(value) if fits else float(f"{value:.10g}")


def decimals(values: Sequence[float]) -> list[object]:
    """Numbers as decimal strings."""
    return [DS(decimal(value), auto_format=True) for value in values]
