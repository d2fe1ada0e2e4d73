"""The part of a bundle's configs/metadata.json that its registration reads."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import BundleError

SEMVER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", re.ASCII)


@dataclass(frozen=True)
class Metadata:
    """A bundle's version, what changed in it, and the scores it was published with."""

    version: str
    change: str
    scores: Mapping[str, float]


def read_metadata(bundle: Path) -> Metadata:
    """Read `bundle`/configs/metadata.json.

    Raises
    ------
    BundleError
        Missing, no JSON object, ``version`` not like 1.2.3, or a score that is no figure.
    """
    path = bundle / "configs" / "metadata.json"
    try:
        return _parse(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise BundleError(
            f"{path} is missing or wrong: {type(error).__name__} {error}.",
            'It is a JSON object with a "version" like "1.2.3" and, if any, numeric "scores".',
        ) from error


def sort_key(version: str) -> tuple[int, ...]:
    """Return what sorts 1.10.0 after 1.9.0."""
    return tuple(int(part) for part in version.split("."))


def _parse(document: Mapping[str, Any]) -> Metadata:
    version = document["version"]
    if not SEMVER.fullmatch(version):
        raise ValueError(f"version {version!r}")
    scores = {name: float(value) for name, value in document.get("scores", {}).items()}
    if not all(math.isfinite(value) for value in scores.values()):
        raise ValueError("scores are finite figures")
    return Metadata(version, str(document.get("changelog", {}).get(version, "")), scores)
