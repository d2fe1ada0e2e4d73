from __future__ import annotations

import pytest

from pipeline.errors import ConfigError
from pipeline.train.recipe import Schedule


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"steps": "60"}, "steps takes a whole number, not '60'"),
        ({"steps": 60.5}, "steps takes a whole number, not 60.5"),
        ({"steps": 60, "batch": True}, "batch takes a whole number, not True"),
        ({"steps": 60, "learning_rate": "1e-3"}, "learning_rate takes a number, not '1e-3'"),
        ({"steps": 60, "settle": None}, "settle takes a number, not None"),
        ({"steps": 60, "restarts": 20}, "restarts takes a list of whole numbers, not 20"),
        ({"steps": 60, "restarts": ["20"]}, "restarts takes a list of whole numbers"),
    ],
)
def test_a_value_of_another_kind_is_named(values: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigError, match=f"The schedule's {said}"):
        Schedule(**values)


def test_what_json_gives_is_taken() -> None:
    schedule = Schedule(**{"steps": 60, "learning_rate": 1, "restarts": [20, 40]})
    assert max(schedule.restarts) == 40
