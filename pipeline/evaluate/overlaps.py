"""How far two versions' label maps overlap by segment, and what of them has no counterpart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray

from pipeline.bundle.contract import Contract
from pipeline.metrics import dice

Labels = NDArray[np.uint8]
# Of the reference and of the candidate.
Maps = tuple[Labels | None, Labels | None]
Contracts = tuple[Contract, Contract]


def overlaps(labels: Maps, contracts: Contracts) -> Iterator[tuple[str, float]]:
    """``dice/<segment>`` for each segment that both versions have, whatever its number in either.

    Parameters
    ----------
    labels : tuple of ndarray or None
        The reference's and the candidate's label map.
    contracts : tuple of Contract
        What their numbers mean.
    """
    if not _both(labels) or not _on_one_grid(labels, contracts):
        return
    before, after = labels
    former, numbers = (contract.numbers for contract in contracts)
    for name, number in numbers.items():
        if name in former:
            yield f"dice/{name}", dice(before == former[name], after == number)
    if max(len(former), len(numbers)) > 1:
        yield "dice/all segments", dice(before > 0, after > 0)


def beyond_compare(labels: Maps, contracts: Contracts) -> Iterator[str]:
    """Say in words why an overlap is missing."""
    if not _both(labels):
        return
    if not _on_one_grid(labels, contracts):
        yield "grids differ, overlap not computed"
        return
    before, after = (contract.numbers for contract in contracts)
    for side, names in (("reference", [*before]), ("candidate", [*after])):
        alone = [name for name in names if name not in before or name not in after]
        if alone:
            yield f"only the {side} has {', '.join(alone)}"


def _both(labels: Maps) -> TypeGuard[tuple[Labels, Labels]]:
    return labels[0] is not None and labels[1] is not None


def _on_one_grid(labels: tuple[Labels, Labels], contracts: Contracts) -> bool:
    """Grids are laid over one image, so spacing and shape tell them apart."""
    before, after = (contract.needs for contract in contracts)
    return before.spacing_mm == after.spacing_mm and labels[0].shape == labels[1].shape
