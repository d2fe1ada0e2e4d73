"""A cohort with fewer contrasts a case: what a module is worth to those who have no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.errors import UsageError
from pipeline.evaluate.cohort.cohort import Cohort
from pipeline.types import Role


def roles_of(text: str) -> tuple[Role, ...]:
    """Roles from a list such as ``T1c,FLAIR``; raises UsageError where one is unknown."""
    try:
        return tuple(Role(name.strip()) for name in text.split(","))
    except ValueError as error:
        raise UsageError(
            f"{text} is no list of roles.", f"Name some of: {', '.join(Role)}."
        ) from error


def narrow(cohort: Cohort, roles: Sequence[Role]) -> Cohort:
    """Keep only some roles of every case; its name says which.

    Raises
    ------
    UsageError
        Cases are DICOM studies, whose series take their roles when read, or a case has none of
        the roles.
    """
    cases = tuple(
        replace(case, images={role: case.images[role] for role in roles if role in case.images})
        for case in cohort.cases
    )
    for case in cases:
        if not case.images:
            raise UsageError(
                f"Cohort {cohort.name}, case {case.name}: none of {', '.join(roles)} to keep.",
                "Name roles that every case has as image files.",
            )
    return replace(cohort, name=f"{cohort.name}[{'+'.join(roles)}]", cases=cases)
