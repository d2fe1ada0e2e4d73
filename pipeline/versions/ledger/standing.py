"""What the aliases of a module must be, by what the ledger says was done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.config import CHAMPION
from pipeline.versions.ledger.entry import CHALLENGER, PREVIOUS, Action, Move, Release


@dataclass(frozen=True)
class Standing:
    """Whom the aliases name.

    Attributes
    ----------
    champions : tuple of Release
        The champion last, before it those a rollback would return to, oldest first; each once.
    challenger : Release or None
        The one on trial.
    """

    champions: tuple[Release, ...] = ()
    challenger: Release | None = None

    @property
    def champion(self) -> Release | None:
        """The version in use."""
        return self.champions[-1] if self.champions else None

    @property
    def previous(self) -> Release | None:
        """The version a rollback restores."""
        return self.champions[-2] if len(self.champions) > 1 else None

    @property
    def aliases(self) -> Mapping[str, Release | None]:
        """By alias; None where it must not be there."""
        return {
            PREVIOUS: self.previous,
            CHAMPION: self.champion,
            CHALLENGER: self.challenger,
        }


def standing(moves: Iterable[Move], first: Release | None = None) -> Standing:
    """Follow `moves`; until one moves the champion it is `first`, the version registered first.

    A rollback steps back: rolled back twice, a module is two champions earlier, and what was
    found wanting does not return, however often it was promoted. A challenger that becomes champion
    is no challenger any more.
    """
    found = Standing()
    for move in moves:
        found = _after(found, move)
    return found if found.champions or first is None else replace(found, champions=(first,))


def _after(found: Standing, move: Move) -> Standing:
    if move.alias == CHALLENGER:
        return replace(found, challenger=move.after)
    if move.action is Action.ROLLBACK:
        return replace(found, champions=_last(found.champions[:-1], move.after))
    before = found.champions or ((move.before,) if move.before else ())
    challenger = None if found.challenger == move.after else found.challenger
    return Standing(_last(before, move.after), challenger)


def _last(champions: Sequence[Release], release: Release) -> tuple[Release, ...]:
    """Those of `champions` that are not `release`, and that one in the end."""
    return (*(one for one in champions if one != release), release)
