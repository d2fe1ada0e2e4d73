from __future__ import annotations

import threading
import time

import pytest

from pipeline.batch.flow import Stage, flow


def test_items_come_out_in_order_through_every_stage() -> None:
    assert list(flow(range(20), (Stage(lambda n: n + 1), Stage(lambda n: n * 10)))) == [
        10 * (n + 1) for n in range(20)
    ]
    assert list(flow((), (Stage(str),))) == []


def test_stages_work_at_the_same_time() -> None:
    meet = threading.Barrier(3, timeout=10)

    def first(number: int) -> int:
        if number == 2:
            meet.wait()
        return number

    def second(number: int) -> int:
        if number == 1:
            meet.wait()
        return number

    def third(number: int) -> int:
        if number == 0:
            meet.wait()
        return number

    assert list(flow(range(3), (Stage(first), Stage(second), Stage(third)))) == [0, 1, 2]


def test_a_slow_consumer_holds_the_producer_back() -> None:
    taken: list[int] = []

    def items():
        for number in range(100):
            taken.append(number)
            yield number

    found = flow(items(), (Stage(lambda n: n), Stage(lambda n: n)))
    assert next(found) == 0
    time.sleep(0.3)
    assert len(taken) <= 4, "one with the consumer, one a stage, one to come"
    found.close()
    assert threading.active_count() < 10


def test_a_stage_works_ahead_as_far_as_it_may() -> None:
    made: list[int] = []

    def first(number: int) -> int:
        made.append(number)
        return number

    found = flow(range(100), (Stage(first, ahead=3), Stage(lambda n: n)))
    assert next(found) == 0
    time.sleep(0.3)
    assert made == [0, 1, 2, 3, 4], "one with the consumer, one given on, three ahead"
    found.close()


@pytest.mark.parametrize("where", [0, 1, 2])
def test_an_exception_ends_the_flow_and_its_threads(where: int) -> None:
    def stage(position: int):
        def work(number: int) -> int:
            if position == where and number == 3:
                raise ZeroDivisionError
            return number

        return work

    seen: list[int] = []
    before = threading.active_count()
    with pytest.raises(ZeroDivisionError):
        seen.extend(flow(range(10), [Stage(stage(n)) for n in range(3)]))
    assert seen == [0, 1, 2], "what came before it is not lost"
    assert threading.active_count() == before


def test_an_exception_of_the_items_is_raised() -> None:
    def items():
        yield 1
        raise OSError("for tests")

    with pytest.raises(OSError, match="for tests"):
        list(flow(items(), (Stage(str),)))
