"""Versions of one major number keep one interface: what goes in, what comes out, how it is judged.

A higher major number may have another. Titles, summaries, the wording of codes and colours are
free: nothing downstream is computed from them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.bundle.contract import Contract, read_contract
from pipeline.errors import ContractError
from pipeline.result import ModuleRef
from pipeline.versions.bundles.metadata import sort_key
from pipeline.versions.registry.download import download
from pipeline.versions.registry.store import Store
from pipeline.versions.registry.version import Version

if TYPE_CHECKING:
    from mlflow import MlflowClient


def require_interface(
    client: MlflowClient,
    store: Store,
    bundle: Path,
    module: ModuleRef,
    known: Sequence[Version],
) -> None:
    """Raise ContractError where `bundle` breaks the interface of its own major number."""
    major = sort_key(module.version)[0]
    kin = [version for version in known if sort_key(version.module.version)[0] == major]
    # The same file needs no look inside, and all kin agree: each was held against one before it.
    if not kin or any(version.module.contract == module.contract for version in kin):
        return
    parts = _differing(_contract(client, store, kin[-1]), read_contract(bundle))
    if parts:
        raise ContractError(
            f"{module.name} {module.version} changes the contract of {kin[-1].module.version}: "
            f"{', '.join(parts)}.",
            f'Raise "version" in configs/metadata.json to {_next(known)}, or restore module.toml.',
        )


def interface(contract: Contract) -> Contract:
    """Return `contract` without what may change freely."""
    blank = tuple(
        replace(
            segment,
            category=replace(segment.category, meaning=""),
            type=replace(segment.type, meaning=""),
            colour=(0, 0, 0),
        )
        for segment in contract.segments
    )
    needs = replace(contract.needs, at_least=tuple(sorted(contract.needs.at_least)))
    return replace(contract, title="", summary="", needs=needs, segments=blank)


def _differing(former: Contract, new: Contract) -> tuple[str, ...]:
    pairs = interface(former), interface(new)
    return tuple(
        part
        for part in ("needs", "segments", "metrics")
        if getattr(pairs[0], part) != getattr(pairs[1], part)
    )


def _contract(client: MlflowClient, store: Store, version: Version) -> Contract:
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch) / "bundle"
        download(client, store, version, place)
        return read_contract(place)


def _next(known: Sequence[Version]) -> str:
    return f"{max(sort_key(version.module.version)[0] for version in known) + 1}.0.0"
