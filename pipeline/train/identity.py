"""What makes two trainings the same one, as a digest."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from pipeline.digest import digest
from pipeline.train.recipe import Recipe
from pipeline.versions.bundles.digest import bundle_digest, file_sha256


def identity(bundle: Path, recipe: Recipe, fold: int | None = None) -> str:
    """Digest of all that a training learns from and by.

    Parameters
    ----------
    bundle : pathlib.Path
        The module's folder; its Python files and configs/train.json count, its documents do not.
    recipe : Recipe
        Its data, schedule, cases and the shape of its network count.
    fold : int, optional
        The fold that is left out.

    Returns
    -------
    str
        ``sha256:`` and the hexadecimal digest.
    """
    parts = {
        "code": bundle_digest(bundle).code,
        "settings": file_sha256(bundle / "configs" / "train.json"),
        "data": data_digest(recipe.files),
        "network": [[k, list(v.shape)] for k, v in recipe.network.state_dict().items()],
        "schedule": asdict(recipe.schedule),
        "shared": recipe.shared,
        "cases": recipe.cases,
        "fold": fold,
    }
    return digest(json.dumps(parts, sort_keys=True).encode())


def instructions(bundle: Path) -> str:
    """Digest of what can be told of a recipe without its data: code and configs/train.json."""
    parts = f"{bundle_digest(bundle).code} {file_sha256(bundle / 'configs' / 'train.json')}"
    return digest(parts.encode())


def data_digest(files: Iterable[Path]) -> str:
    """``sha256:`` and the digest of the files' contents in order; empty where none are named."""
    found = [file_sha256(path) for path in files]
    return digest(" ".join(found).encode()) if found else ""
