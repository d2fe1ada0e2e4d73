"""How often the role rules are right, and how often they abstain, on labelled series.

    python -m benchmarks.roles

The series are those of tests/dicom/roles/labelled.py: headers in the habits of five vendors and
several languages. Precision: of the roles given, how many are right. Abstention: of the series that
have a role, how many got none. The first matters more: a wrong role is a wrong result.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.dicom.roles.judge import judge
from pipeline.types import Role
from tests.dicom.roles.labelled import Labelled, labelled


@dataclass(frozen=True)
class Judged:
    """A labelled series and what the rules made of it."""

    known: Labelled
    role: Role | None
    reason: str

    @property
    def wrong(self) -> bool:
        """Whether it got a role that is not its own."""
        return self.role is not None and self.role is not self.known.role

    @property
    def abstained(self) -> bool:
        """Whether it has a role and got none."""
        return self.known.role is not None and self.role is None


def main() -> None:
    """Print a line a vendor, then every wrong and every missed one."""
    found = judge_all(labelled())
    print(f"\n{'':<12}{'series':>8}{'given':>8}{'right':>8}{'wrong':>8}{'abstained':>11}")
    for vendor in dict.fromkeys(one.known.vendor for one in found):
        _line(vendor, [one for one in found if one.known.vendor == vendor])
    _line("all", found)
    print(f"precision {precision(found):.3f}, abstention {abstention(found):.3f}")
    for one in found:
        if one.wrong or one.abstained:
            said = one.known.series.acquisition.description
            verb = "WRONG" if one.wrong else "missed"
            print(f"  {verb:<7}{one.known.vendor:<10}{said!r}: {one.role}, {one.reason}")


def judge_all(known: Iterable[Labelled]) -> list[Judged]:
    """Judge each by itself."""
    verdicts = ((one, judge(one.series)) for one in known)
    return [Judged(one, candidate.role, candidate.reason) for one, candidate in verdicts]


def precision(found: Sequence[Judged]) -> float:
    """Right roles over roles given."""
    given = [one for one in found if one.role is not None]
    return sum(not one.wrong for one in given) / len(given)


def abstention(found: Sequence[Judged]) -> float:
    """Series with a role that got none, over series with a role."""
    having = [one for one in found if one.known.role is not None]
    return sum(one.abstained for one in having) / len(having)


def _line(name: str, found: Sequence[Judged]) -> None:
    given = sum(one.role is not None for one in found)
    wrong, abstained = (sum(getattr(o, k) for o in found) for k in ("wrong", "abstained"))
    print(f"  {name:<10}{len(found):>8}{given:>8}{given - wrong:>8}{wrong:>8}{abstained:>11}")


if __name__ == "__main__":
    main()
