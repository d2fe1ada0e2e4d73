"""Stock MONAI bundles: what their transforms do with files and geometry is done here already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Reading, orientation, spacing and writing belong to the pipeline, for every module alike.
OURS = frozenset(
    {
        *("LoadImaged", "EnsureChannelFirstd", "EnsureTyped", "Orientationd", "Spacingd"),
        *("ToDeviced", "CopyItemsd", "DeleteItemsd", "Invertd", "SaveImaged"),
    }
)


def own_steps(chain: Any) -> Any:
    """A ``Compose`` without the steps that load, turn, resample, invert or save; others as is.

    What is left works on intensities and scores, as a bundle in the layout of MONAI's Model Zoo
    means it.
    """
    if not isinstance(chain, Mapping) or not isinstance(chain.get("transforms"), list):
        return chain
    kept = [entry for entry in chain["transforms"] if target(entry) not in OURS]
    return {**chain, "transforms": kept}


def target(entry: Any) -> str:
    """A transform's class without its package; empty where it names none."""
    named = entry.get("_target_", "") if isinstance(entry, Mapping) else ""
    return str(named).rpartition(".")[2]
