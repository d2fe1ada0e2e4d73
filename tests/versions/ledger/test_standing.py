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
