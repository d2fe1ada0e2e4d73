"""Find the repeat among series that are alike: one is made again because the first was bad."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from pipeline.dicom.roles import words
from pipeline.dicom.roles.wording import plain
from pipeline.study import Acquisition, Series

# Two reconstructions of one acquisition began within this of each other; no repeat does.
APART = timedelta(seconds=10)
# Figures of a header that differ by no more than this share are the same, planned once more.
LIKE = 0.1


def repeat_among(series: Sequence[Series]) -> Series | None:
    """Pick the one that was made last, where all are alike in description, sequence and geometry.

    Only the scanner's clock, or a word such as ``REPEAT``, tells which; None where neither does.
    """
    if not all(_alike(one.acquisition, other.acquisition) for one, other in pairwise(series)):
        return None
    last = _last(series)
    called = [one for one in series if is_called_repeat(one)]
    if last is None and len(called) == 1 and not any(is_later(one, called[0]) for one in series):
        return called[0]
    return last


def is_called_repeat(series: Series) -> bool:
    """Whether its description says so."""
    return re.search(words.REPEAT, plain(series.acquisition)) is not None


def is_later(series: Series, than: Series) -> bool:
    """Whether the scanner's clock says that one began clearly after another."""
    one, other = series.acquisition.acquired, than.acquisition.acquired
    return one is not None and other is not None and one - other >= APART


def _last(series: Sequence[Series]) -> Series | None:
    for one in series:
        if all(is_later(one, other) for other in series if other is not one):
            return one
    return None


def _alike(one: Acquisition, other: Acquisition) -> bool:
    return _named(one) == _named(other) and all(
        a == b or (bool(a and b) and abs(a - b) <= LIKE * max(a, b))
        for a, b in zip(_figures(one), _figures(other), strict=True)
    )


def _named(acquisition: Acquisition) -> tuple[object, ...]:
    said = re.sub(words.REPEAT, " ", plain(acquisition)).split()
    kind = acquisition.acquisition_type, acquisition.orientation, acquisition.scanning_sequence
    return (*said, *kind)


def _figures(acquisition: Acquisition) -> tuple[float, ...]:
    times = acquisition.echo_time, acquisition.repetition_time, acquisition.inversion_time
    edges = *(acquisition.pixel_spacing or (0.0, 0.0)), acquisition.slice_thickness
    return tuple(figure or 0.0 for figure in (*times, *edges))
