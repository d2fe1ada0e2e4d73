"""One [[structures]] table of a cohort file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.evaluate.cohort.cohort import Structure
from pipeline.evaluate.cohort.value import flag, length, numbers, require_some, text, texts
from pipeline.versions.registry.key import is_key

FLAGS = ("lesions", "inside_image")
KEYS = {"name", "reference", "segments", "near", "near_mm", *FLAGS}


def read_structure(entry: Mapping[str, Any]) -> Structure:
    """Read one; raises ValueError or KeyError where a key is unknown, missing or misused."""
    unknown = set(entry) - KEYS
    if unknown:
        raise ValueError(f"{min(unknown)} is no key of a structure")
    reference, segments = numbers(entry, "reference"), texts(entry, "segments")
    require_some("reference", reference)
    require_some("segments", segments)
    near = texts(entry, "near") if "near" in entry else ()
    reach = length(entry, "near_mm", 0.0)
    if bool(near) != (reach > 0):
        raise ValueError("near and near_mm, above 0, go together")
    flags = {key: flag(entry, key) for key in FLAGS}
    name = metric(text(entry, "name"))
    return Structure(name, reference, segments, near=near, near_mm=reach, **flags)


def metric(name: str) -> str:
    """The name, which ends those of metrics; refused now and not when all cases have run."""
    if not is_key(name):
        raise ValueError(f"{name!r} cannot end a metric's name in MLflow")
    return name
