"""What would run on a case and why; decided from headers and contracts, without computing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.bundle.contract import Contract
from pipeline.bundle.contract_needs import Needs
from pipeline.errors import Code
from pipeline.run.graph import order
from pipeline.types import Role


@dataclass(frozen=True)
class Step:
    """One module on one case, or on one of its series; `code` is None where it runs."""

    module: str
    role: Role | None
    code: Code | None
    reason: str


def steps(roles: Iterable[Role], contracts: Mapping[str, Contract]) -> tuple[Step, ...]:
    """Decide for every module whether it can run on a case that has `roles`.

    Parameters
    ----------
    roles : iterable of Role
        Roles that a series was found for.
    contracts : mapping of str to Contract
        The pinned modules.

    Returns
    -------
    tuple of Step
        In running order; one step per series for series-level modules.
    """
    present = tuple(role for role in Role if role in set(roles))
    found: list[Step] = []
    for name in order(contracts):
        needs = contracts[name].needs
        if needs.level == "series":
            found += [
                Step(name, role, None, "once per series") for role in present if role in needs.roles
            ]
        else:
            found.append(_case_step(name, needs, present, found))
    return tuple(found)


def missing(needs: Needs, present: Iterable[Role]) -> str:
    """What is lacking, in words; empty where the module can run."""
    if set(needs.at_least) & set(present):
        return ""
    return f"needs at least one of {', '.join(needs.at_least)}"


def _case_step(name: str, needs: Needs, present: tuple[Role, ...], before: list[Step]) -> Step:
    lacking = missing(needs, present)
    if lacking:
        return Step(name, None, Code.NOT_ENOUGH_ROLES, lacking)
    blocked = [step.module for step in before if step.module in needs.upstream and step.code]
    if blocked:
        return Step(name, None, Code.UPSTREAM, f"needs {', '.join(blocked)}, which cannot run")
    used = [role for role in needs.roles if role in present]
    used = used[:1] if needs.take == "first" else used
    return Step(name, None, None, f"on {', '.join(used)}")
