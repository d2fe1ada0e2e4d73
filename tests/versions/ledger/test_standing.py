from __future__ import annotations

from dataclasses import replace

from pipeline.versions.ledger.entry import Action, Move
from pipeline.versions.ledger.standing import Standing, standing
from tests.versions.ledger.conftest import promotion, release

ZERO, ONE, TWO = map(release, range(3))


def back(after: int) -> Move:
    return promotion("t", after + 1, action=Action.ROLLBACK, after=release(after))


def trial(number: int) -> Move:
    return promotion("t", 0, action=Action.SHADOW, alias="challenger", after=release(number))


def test_without_an_entry_the_first_version_is_champion() -> None:
    assert standing((), ZERO).aliases == {"previous": None, "champion": ZERO, "challenger": None}
    assert standing(()).champion is None


def test_a_promotion_keeps_the_former_champion_whatever_was_registered_first_here() -> None:
    assert standing([promotion("t", 0)], TWO) == Standing((ZERO, ONE))


def test_rolling_back_twice_is_two_champions_earlier() -> None:
    moves = [promotion("t", 0), promotion("t", 1)]
    assert standing(moves).champions == (ZERO, ONE, TWO)
    assert standing([*moves, back(1)]).aliases == {
        "previous": ZERO,
        "champion": ONE,
        "challenger": None,
    }
    assert standing([*moves, back(1), back(0)]) == Standing((ZERO,))
    assert standing([*moves, back(1), back(0)]).previous is None


def test_a_challenger_stays_until_it_is_champion() -> None:
    assert standing([trial(1)], ZERO) == Standing((ZERO,), ONE)
    assert standing([trial(2), promotion("t", 0)]) == Standing((ZERO, ONE), TWO)
    assert standing([trial(1), promotion("t", 0)]) == Standing((ZERO, ONE))
    assert standing([trial(1), trial(2)]).challenger == TWO


def test_a_first_champion_may_follow_nobody() -> None:
    assert standing([replace(promotion("t", 0), before=None)]) == Standing((ONE,))


def test_a_champion_that_is_promoted_again_stands_once() -> None:
    to_one, to_two = promotion("t", 0), promotion("t", 1)
    again = replace(to_one, action=Action.OVERRIDE, before=ONE)
    assert standing([to_one, again]).champions == (ZERO, ONE)
    assert standing([to_one, again, back(0)]) == Standing((ZERO,))
    there = [to_one, to_two, replace(to_one, before=TWO), to_two]
    assert standing(there).champions == (ZERO, ONE, TWO)
    assert standing([*there, back(1)]).aliases["previous"] == ZERO


def test_a_rollback_to_the_version_that_went_is_told_as_it_was_recorded() -> None:
    """An older Tessera made such entries; the aliases are where they were set."""
    again = promotion("t", 0, action=Action.OVERRIDE, before=ONE)
    assert standing([promotion("t", 0), again, back(1)]).champions == (ZERO, ONE)
