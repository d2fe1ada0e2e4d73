"""The JSON files of a bundle's configs folder."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import BundleError


def read_json(bundle: Path, name: str) -> dict[str, Any]:
    """A file of the bundle's configs folder.

    Raises
    ------
    BundleError
        It is missing, no JSON, or no object.
    """
    path = bundle / "configs" / name
    try:
        document: object = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BundleError(
            f"{path} is missing.",
            "Restore it; only this file is read, so a YAML configuration has to become it.",
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        raise BundleError(
            f"{path} cannot be read as JSON.", "Restore the bundle folder."
        ) from error
    if not isinstance(document, dict):
        raise BundleError(
            f"{path} holds a {type(document).__name__}, no object.",
            "Write it as MONAI's bundles do, in braces.",
        )
    return document


def divisor(metadata: Mapping[str, Any]) -> int:
    """The n of ``"16*n"`` in the metadata's spatial shape, 1 where sides are free or fixed."""
    try:
        sides = metadata["network_data_format"]["inputs"]["image"]["spatial_shape"]
    except KeyError:
        return 1
    found = [re.fullmatch(r"(\d+)\s*\*\s*[a-z]", str(side)) for side in sides]
    return max((int(match[1]) for match in found if match), default=1)
