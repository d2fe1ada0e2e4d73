"""The JSON files of a bundle's configs folder."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import BundleError


def read_json(bundle: Path, name: str) -> dict[str, Any]:
    """A file of the bundle's configs folder; raises BundleError where it is missing or no JSON."""
    path = bundle / "configs" / name
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BundleError(
            f"{path} cannot be read as JSON.", "Restore the bundle folder."
        ) from error
    return document


def divisor(metadata: Mapping[str, Any]) -> int:
    """The n of ``"16*n"`` in the metadata's spatial shape, 1 where sides are free or fixed."""
    try:
        sides = metadata["network_data_format"]["inputs"]["image"]["spatial_shape"]
    except KeyError:
        return 1
    found = [re.fullmatch(r"(\d+)\s*\*\s*[a-z]", str(side)) for side in sides]
    return max((int(match[1]) for match in found if match), default=1)
