"""Which of several alike series is taken: the repeat, the one before an agent, or none."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pipeline.config import RoleOverride
from pipeline.study import Acquisition, Case, Series, Study
from pipeline.types import Role

from .test_assign import FLUID, MPRAGE, SPIN_T1, SPIN_T2, assign, case, series

NOON = datetime(2024, 2, 29, 12)


def at(minutes: float, acquisition: Acquisition, number: int, **changes: object) -> Series:
    acquired = NOON + timedelta(minutes=minutes)
    return series(acquisition, number, acquired=acquired, **changes)


def taken(found: Case) -> dict[Role, int]:
    return {role: one.number for role, one in found.roles.items()}


@pytest.mark.parametrize("numbers", [(4, 5), (5, 4)])
@pytest.mark.parametrize(
    ("acquisition", "description", "role"),
    [
        (FLUID, "AX FLAIR", Role.FLAIR),
        (SPIN_T2, "AX T2", Role.T2),
        (SPIN_T1, "AX T1 POST", Role.T1C),
        (SPIN_T1, "T1 nativ", Role.T1),
        (FLUID, "", Role.FLAIR),
    ],
)
def test_of_alike_series_the_one_made_last_is_the_repeat(
    acquisition: Acquisition, description: str, role: Role, numbers: tuple[int, int]
) -> None:
    first, second = numbers
    members = (
        at(0, acquisition, first, description=description),
        at(10, acquisition, second, description=description),
    )
    for found in (case(*members), assign(Study("1", members[::-1]))):
        assert taken(found) == {role: second}
        assert found.notes == (
            f"{role}: series {second} was taken as the repeat of series {first}.",
        )
        assert not found.undecided


@pytest.mark.parametrize("seconds", [0, 5])
def test_two_reconstructions_of_one_acquisition_are_no_repeat(seconds: float) -> None:
    members = at(0, FLUID, 4), at(seconds / 60, FLUID, 5)
    found = case(*members)
    assert found.roles == {}
    assert found.undecided == {Role.FLAIR: "FLAIR: series 4, 5 fit equally well, none was taken."}


def test_without_a_time_nothing_is_a_repeat() -> None:
    assert case(at(0, FLUID, 4), series(FLUID, 5)).roles == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"description": "AX FLAIR PROPELLER"},
        {"echo_time": 120.0},
        {"inversion_time": 2000.0},
        {"slice_thickness": 5.8},
    ],
)
def test_what_differs_is_no_repeat(changes: dict[str, object]) -> None:
    first = at(0, FLUID, 4, description="AX FLAIR")
    other = replace(first.acquisition, **changes)  # type: ignore[arg-type]
    assert Role.FLAIR in case(first, at(10, other, 5)).undecided


def test_a_repeat_may_be_planned_a_little_otherwise() -> None:
    again = at(10, FLUID, 5, repetition_time=9200.0, slice_thickness=4.8)
    assert taken(case(at(0, FLUID, 4), again)) == {Role.FLAIR: 5}


@pytest.mark.parametrize("word", ["REPEAT", "rpt", "Wdh.", "bis", "répété", "ripetuta", "tekrar"])
def test_a_word_tells_a_repeat_where_no_clock_does(word: str) -> None:
    first = series(SPIN_T1, 4, description="AX T1")
    again = series(SPIN_T1, 5, description=f"AX T1 {word}")
    assert taken(case(first, again)) == {Role.T1: 5}


def test_a_word_against_the_clock_gives_nothing() -> None:
    called = at(0, FLUID, 4, description="FLAIR repeat")
    assert taken(case(called, series(FLUID, 5, description="FLAIR"))) == {Role.FLAIR: 4}
    assert taken(case(called, at(10, FLUID, 5, description="FLAIR"))) == {Role.FLAIR: 5}


def test_two_silent_t1_may_be_from_before_and_after_an_agent() -> None:
    found = case(at(0, MPRAGE, 4), at(10, MPRAGE, 5))
    assert found.roles == {}
    assert "before and after a contrast agent" in found.undecided[Role.T1]
    assert found.notes == tuple(found.undecided.values())


def test_silent_t1_from_before_an_agent_are_repeats() -> None:
    post = at(30, MPRAGE, 6, description="mprage KM")
    found = case(at(0, MPRAGE, 4), at(10, MPRAGE, 5), post)
    assert taken(found) == {Role.T1: 5, Role.T1C: 6}


def test_a_sites_own_rule_settles_what_a_silent_t1_is() -> None:
    members = (at(m, MPRAGE, n, description="iso") for m, n in ((0, 4), (10, 5)))
    found = case(*members, overrides=(RoleOverride(Role.T1, "iso"),))
    assert taken(found) == {Role.T1: 5}


def test_a_silent_t1_from_after_an_agent_is_none() -> None:
    before = at(0, SPIN_T1, 3, description="AX T1")
    post = at(20, SPIN_T1, 4, description="AX T1 +C")
    thin = at(25, MPRAGE, 5, description="SAG MPRAGE")
    found = case(before, post, thin)
    assert taken(found) == {Role.T1: 3, Role.T1C: 4}
    assert "after series 4" in found.candidates[2].reason
    nextday = at(25 * 60, MPRAGE, 5, description="SAG MPRAGE")
    assert taken(case(before, post, nextday)) == {Role.T1: 5, Role.T1C: 4}
    nativ = at(25, MPRAGE, 5, description="MPRAGE nativ")
    assert taken(case(before, post, nativ)) == {Role.T1: 5, Role.T1C: 4}


@pytest.mark.parametrize(
    "after",
    [
        series(FLUID, 5, description="AX FLAIR POST"),
        series(FLUID, 5, description="AX FLAIR", contrast=True),
    ],
)
def test_flair_is_taken_from_before_the_agent(after: Series) -> None:
    before = at(0, FLUID, 3, description="AX FLAIR")
    post = at(20, SPIN_T1, 4, description="AX T1 +C")
    found = case(before, post, after)
    assert taken(found) == {Role.T1C: 4, Role.FLAIR: 3}
    assert found.notes == (
        "FLAIR: series 3 was taken, from before the contrast agent; series 5 fits as well.",
    )


def test_a_flair_that_names_no_agent_is_a_repeat_even_after_one() -> None:
    post = at(20, SPIN_T1, 4, description="AX T1 +C")
    members = (at(m, FLUID, n, description="AX FLAIR") for m, n in ((0, 3), (30, 5)))
    assert taken(case(post, *members)) == {Role.T1C: 4, Role.FLAIR: 5}


def test_words_and_header_outrank_a_header_that_names_the_agent_of_all_series() -> None:
    thin = series(MPRAGE, 3, description="mprage", contrast=True)
    post = series(SPIN_T1, 4, description="AX T1 POST", contrast=True)
    assert taken(case(thin, post)) == {Role.T1C: 4}
    early = at(0, MPRAGE, 3, description="mprage", contrast=True)
    late = at(30, MPRAGE, 5, description="mprage", contrast=True)
    timed = at(20, SPIN_T1, 4, description="AX T1 POST", contrast=True)
    assert taken(case(early, timed)) == {Role.T1C: 4}
    assert taken(case(timed, late)) == {Role.T1C: 5}


def test_a_series_in_doubt_leaves_a_role_undecided_only_where_one_is_empty() -> None:
    doubt = series(SPIN_T1, 5, description="T1 w/wo")
    pre, post = (series(SPIN_T1, n, description=d) for n, d in ((3, "T1"), (4, "T1 post")))
    assert set(case(pre, doubt).undecided) == {Role.T1C}
    assert not case(pre, post, doubt).undecided
    told = case(doubt)
    assert told.undecided == {
        Role.T1: "T1 or T1c: nothing tells whether series 5 had a contrast agent, none was taken."
    }
    assert told.notes == tuple(told.undecided.values())


def test_a_t1_of_another_sequence_is_told_where_no_series_names_an_agent() -> None:
    thick, thin = series(SPIN_T1, 3, description="AX T1 SE"), series(MPRAGE, 4, description="3D T1")
    (note,) = case(thick, thin).notes
    assert note.startswith("T1: series 4 was taken, 3 is of another sequence")
    assert not case(thick, thin).undecided
    post = series(SPIN_T1, 5, description="AX T1 POST")
    assert case(thick, thin, post).notes == ()


@pytest.mark.parametrize("suppressed", ["AX T2 FS", "T2 TSE fatsat ax", "ax T2_SPIR"])
def test_of_a_pair_with_and_without_fat_the_one_with_it_is_taken(suppressed: str) -> None:
    members = series(SPIN_T2, 4, description=suppressed), series(SPIN_T2, 5, description="AX T2")
    assert taken(case(*members)) == {Role.T2: 5}
    assert taken(case(members[0])) == {Role.T2: 4}
