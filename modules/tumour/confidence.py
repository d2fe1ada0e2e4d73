"""How sure a lesion is, on a scale that was held against experts' labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

EDGE = 1e-4
LEAST_ML = 0.01


@dataclass(frozen=True)
class Line:
    """A line in log-odds, fitted on patients the network had not learnt from.

    Attributes
    ----------
    slope : float
        By the log-odds of the mean probability.
    volume_slope : float
        By the natural logarithm of the volume in ml: of two pale lesions the larger is the surer.
    offset : float
        What is added.
    """

    slope: float
    volume_slope: float
    offset: float


def calibrated(probability: float, volume_ml: float, line: Line) -> float:
    """Platt's scaling: the chance, from 0 to 1, that the lesion is one an expert would draw.

    Parameters
    ----------
    probability : float
        Mean probability of whole tumour inside the lesion.
    volume_ml : float
        Its volume.
    line : Line
        From the bundle's parameters.

    Notes
    -----
    Platt J., Probabilistic outputs for support vector machines. Advances in Large Margin
    Classifiers, 1999.
    """
    odds = line.slope * logit(np.clip(probability, EDGE, 1 - EDGE))
    return float(expit(odds + line.volume_slope * np.log(max(volume_ml, LEAST_ML)) + line.offset))
