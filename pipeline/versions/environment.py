"""The libraries that can change a result, as they are installed here."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import metadata

LIBRARIES = (
    *("torch", "monai", "SimpleITK", "openvino", "numpy"),
    *("scipy", "scikit-image", "pydicom", "highdicom"),
)


def installed(name: str) -> str | None:
    """Return the version of a distribution without importing it, None where it is absent."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def environment() -> Mapping[str, str]:
    """Return the versions of those `LIBRARIES` that are here."""
    found = {name: installed(name) for name in LIBRARIES}
    return {name: version for name, version in found.items() if version is not None}


@functools.cache
def computing() -> str:
    """Return `environment` as one line for keys; looked up once, a process keeps its libraries."""
    return " ".join(f"{name} {version}" for name, version in environment().items())
