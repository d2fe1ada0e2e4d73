from __future__ import annotations

from pipeline.evaluate.cohort.cohort import Structure
from pipeline.evaluate.pictures import outermost_first


def structure(name: str, *reference: int) -> Structure:
    return Structure(name, reference, (name,))


def test_a_whole_is_drawn_before_its_parts_wherever_the_cohort_names_it() -> None:
    parts = structure("CSF", 1), structure("WM", 3)
    whole = structure("brain", 1, 2, 3)
    for order in ((*parts, whole), (whole, *parts)):
        assert outermost_first(order)[0] == whole


def test_of_two_names_for_the_same_labels_the_first_lies_on_top() -> None:
    first, second = structure("GM", 2), structure("GM as IBSR counts it", 2)
    assert outermost_first((first, second))[-1] == first
