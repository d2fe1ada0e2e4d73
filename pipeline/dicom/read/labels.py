"""Read a Segmentation object back as one label map."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from highdicom import Volume


def read_labels(path: Path) -> Volume:
    """Read a SEG as a label map, segment numbers as labels, in the source's geometry (LPS)."""
    from highdicom.seg import segread

    found: Volume = segread(path).get_volume(combine_segments=True)
    return found
