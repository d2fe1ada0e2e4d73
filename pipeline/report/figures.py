"""Figures on their way to JSON."""

from __future__ import annotations

import math
from typing import Any


def plain(value: Any) -> Any:
    """Make NaN and infinity null and tuples lists, all the way down."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    return value
