"""Each fold's network on the cases it was kept from, for figures on cases nobody learnt from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.bundle.module import Module, load_module
from pipeline.result import ModuleRef
from pipeline.train.folds import read_folds, require_kept_from
from pipeline.versions.bundles.digest import bundle_digest


@dataclass(frozen=True)
class Fold:
    """One fold: its number from 1, the cases left out of it, and its network."""

    number: int
    cases: tuple[str, ...]
    module: Module


def read(workspace: Path, name: str) -> tuple[Fold, ...]:
    """The folds of a module as `tessera train --fold` and `tessera crossvalidate` left them.

    Raises
    ------
    SystemExit
        A fold's bundle is missing.
    UsageError
        A fold's weights were kept from other cases than today's.
    """
    names = read_folds(workspace / "modules" / name)
    return tuple(
        Fold(number, cases, _module(workspace, name, number, cases))
        for number, cases in enumerate(names, start=1)
    )


def _module(workspace: Path, name: str, number: int, cases: tuple[str, ...]) -> Module:
    place = workspace / ".training" / name / f"fold-{number}"
    require_kept_from(place, cases)
    bundle = place / "bundle"
    if not (bundle / "models" / "model.safetensors").is_file():
        raise SystemExit(
            f"Fold {number} of {name} is missing. Train it: tessera train {name} --fold {number}; "
            f"then tessera crossvalidate {name}."
        )
    found = bundle_digest(bundle)
    ref = ModuleRef(
        name, f"fold.{number}", 0, *(found.digest, found.weights), found.code, found.contract
    )
    return load_module(bundle, ref)
