"""Where training computes."""

from __future__ import annotations

import torch


def accelerator() -> torch.device:
    """The graphics processor where there is one, else the central processor."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
