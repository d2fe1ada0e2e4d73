"""A module's contract, read from module.toml: what it needs, what its labels and figures mean."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.bundle.contract_needs import Needs, read_needs, require_sense
from pipeline.bundle.contract_segments import read_segments
from pipeline.bundle.contract_table import Table
from pipeline.errors import BundleError
from pipeline.types import Segment


@dataclass(frozen=True)
class Contract:
    """What a module promises.

    `metrics` names the figures it is judged by and which way is better (``higher`` or ``lower``).
    """

    name: str
    title: str
    summary: str
    needs: Needs
    segments: tuple[Segment, ...]
    metrics: Mapping[str, str]

    @property
    def numbers(self) -> Mapping[str, int]:
        """By a segment's name, its number in a label map."""
        return {segment.name: segment.number for segment in self.segments}


def read_contract(bundle: Path) -> Contract:
    """Read `bundle`/module.toml.

    Raises
    ------
    BundleError
        The file is missing, is no TOML, lacks or misspells a field, or contradicts itself.
    """
    path = bundle / "module.toml"
    try:
        return parse_contract(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise BundleError(f"{path} is missing.", "A module folder needs a module.toml.") from error
    except BundleError as error:
        said = f"{path} is not a valid contract: {error.message}"
        raise BundleError(said, error.remedy) from error
    except ValueError as error:
        raise BundleError(
            f"{path} is not a valid contract: {type(error).__name__} {error}.",
            "Compare it with the contract of a shipped module.",
        ) from error


def parse_contract(document: Mapping[str, Any]) -> Contract:
    """Turn a parsed module.toml into a Contract; raises BundleError that names the key."""
    top = Table(document)
    metrics = top.table("metrics", {})
    contract = Contract(
        name=top.text("name"),
        title=top.text("title"),
        summary=top.text("summary"),
        needs=read_needs(top.table("needs")),
        segments=read_segments(top),
        metrics={figure: _better(metrics, figure) for figure in metrics.entries},
    )
    require_sense(contract.needs, contract.segments, top.table("needs"))
    return contract


def _better(metrics: Table, figure: str) -> str:
    if metrics.entries[figure] not in ("higher", "lower"):
        raise metrics.wrong(figure, "is not higher or lower", f'Write it like: {figure} = "higher"')
    return str(metrics.entries[figure])
