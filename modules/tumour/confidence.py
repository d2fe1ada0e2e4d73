"""How sure a lesion is, on a scale that was held against experts' labels."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, logit

EDGE = 1e-4


def calibrated(probability: float, slope: float, offset: float) -> float:
    """Platt's scaling: the chance, from 0 to 1, that the lesion is one an expert would draw.

    Parameters
    ----------
    probability : float
        Mean probability of whole tumour inside the lesion.
    slope, offset : float
        Of the line in log-odds, fitted on patients the network had not learnt from.

    Notes
    -----
    Platt J., Probabilistic outputs for support vector machines. Advances in Large Margin
    Classifiers, 1999.
    """
    return float(expit(slope * logit(np.clip(probability, EDGE, 1 - EDGE)) + offset))
