"""Figures of merit, pure; part of the public face that a bundle's own code may import.

Chosen as Metrics Reloaded advises (Maier-Hein, Reinke et al., Nature Methods 21:195, 2024): an
overlap, a boundary figure and a count of lesions side by side, since each hides what another shows
(Reinke et al., Nature Methods 21:182, 2024). What cannot be measured is NaN; each figure says when.

Masks are arrays of bool with axes (x, y, z); spacing is in mm along the same axes.
"""

from pipeline.metrics.figures import FIGURES, Figure, better
from pipeline.metrics.lesions import Lesions, count_lesions
from pipeline.metrics.overlap import dice
from pipeline.metrics.ranking import auprc, auroc, brier, calibration_error
from pipeline.metrics.surface import hd95, nsd
from pipeline.metrics.volume import volume, volume_bias, volume_error

__all__ = [
    "FIGURES",
    "Figure",
    "Lesions",
    "auprc",
    "auroc",
    "better",
    "brier",
    "calibration_error",
    "count_lesions",
    "dice",
    "hd95",
    "nsd",
    "volume",
    "volume_bias",
    "volume_error",
]
