"""The needs of a contract: what a module is given, and what must agree in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from pipeline.bundle.contract_table import (
    Table,
    is_length,
    is_margin,
    is_text,
    listed,
    one_of,
    whole,
)
from pipeline.types import Role, Segment


@dataclass(frozen=True)
class Needs:
    """What a module is given.

    Attributes
    ----------
    level : str
        ``series``: run once per series that has a role. ``case``: run once per study.
    roles : tuple of Role
        In channel order (``take`` = ``all``) or order of preference (``take`` = ``first``).
    at_least : tuple of Role
        One of these must be there.
    take : str
        ``all``: one channel a role, zeros where absent. ``first``: one channel, the first there.
    spacing_mm : tuple of float
        Voxel size of the grid, axes LPS.
    shape : tuple of int
        Fixed size of the grid, centred on the image; empty to cover the image.
    upstream : tuple of str
        Modules whose prediction it looks at.
    mask : str
        An upstream module: voxels outside its segments are zero in the input; empty for none.
    margin_mm : float
        How far beyond the mask voxels are kept all the same.
    """

    level: str
    roles: tuple[Role, ...]
    at_least: tuple[Role, ...]
    take: str
    spacing_mm: tuple[float, float, float]
    shape: tuple[int, ...] = ()
    upstream: tuple[str, ...] = ()
    mask: str = ""
    margin_mm: float = 0.0


def read_needs(table: Table) -> Needs:
    """Read the table ``needs``; raises BundleError that names the key."""
    x, y, z = table.read("spacing_mm", listed(is_length, (3,)), "three numbers above 0")
    needs = Needs(
        level=table.choice("level", ("series", "case")),
        roles=_roles(table, "roles"),
        at_least=_roles(table, "at_least"),
        take=table.choice("take", ("all", "first")),
        spacing_mm=(x, y, z),
        shape=tuple(table.read("shape", listed(whole(1), (0, 3)), "three whole numbers", ())),
        upstream=tuple(table.read("upstream", listed(is_text), "a list of modules' names", ())),
        mask=table.text("mask", ""),
        margin_mm=table.read("margin_mm", is_margin, "a number from 0", 0.0),
    )
    table.require_known([field.name for field in fields(Needs)])
    return needs


def require_sense(needs: Needs, segments: Sequence[Segment], table: Table) -> None:
    """Raise BundleError where a contract contradicts itself; `table` is its needs as written."""
    strangers = [role for role in needs.at_least if role not in needs.roles]
    if strangers:
        said = f"names {', '.join(strangers)}, which roles does not"
        raise table.wrong("at_least", said, "Name it in roles as well, or leave it out.")
    if needs.mask and needs.mask not in needs.upstream:
        said = f"is {needs.mask!r}, which upstream does not name"
        raise table.wrong("mask", said, f"Add {needs.mask!r} to upstream, or leave mask out.")
    if needs.level == "series" and (needs.upstream or segments):
        said = "is series, where nothing has run before and no label map has a place"
        raise table.wrong(
            "level", said, 'Write level = "case", or leave upstream and segments out.'
        )


def _roles(table: Table, key: str) -> tuple[Role, ...]:
    known = listed(one_of([*Role]), range(1, len(Role) + 1))
    return tuple(map(Role, table.read(key, known, f"a list of some of {', '.join(Role)}")))
