"""What a contract's parts must agree on, beside each being well written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.bundle.contract_table import Table

if TYPE_CHECKING:
    from pipeline.bundle.contract import Contract


def require_sense(contract: Contract, table: Table) -> None:
    """Raise BundleError where the contract contradicts itself; `table` is its needs as written."""
    needs = contract.needs
    strangers = [role for role in needs.at_least if role not in needs.roles]
    if strangers:
        said = f"names {', '.join(strangers)}, which roles does not"
        raise table.wrong("at_least", said, "Name it in roles as well, or leave it out.")
    if needs.mask and needs.mask not in needs.upstream:
        said = f"is {needs.mask!r}, which upstream does not name"
        raise table.wrong("mask", said, f"Add {needs.mask!r} to upstream, or leave mask out.")
    if needs.level == "series" and (needs.upstream or contract.segments):
        said = "is series, where nothing has run before and no label map has a place"
        raise table.wrong(
            "level", said, 'Write level = "case", or leave upstream and segments out.'
        )
