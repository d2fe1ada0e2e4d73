from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.versions.policy.check import check_metrics
from pipeline.versions.policy.policy import Policy
from pipeline.versions.policy.read import parse_policy

COMPUTED = ("dice/whole", "hd95/whole", "volume/whole")
BETTER = {"dice/whole": "higher", "hd95/whole": "lower"}


def policy(**tables: object) -> Policy:
    return parse_policy(tables, Path("tumour.toml"), "sha256:0")


def test_what_is_computed_can_be_asked_for() -> None:
    floors = {"dice/whole": {"least": 0.5}, "hd95/whole": {"most": 20.0}}
    check_metrics(policy(floors=floors, margins={"dice/whole": 0.1}), COMPUTED, BETTER)


def test_a_metric_nobody_computes_is_refused_with_those_there_are() -> None:
    with pytest.raises(ConfigError, match="asks for dice/hole, which nobody computes") as caught:
        check_metrics(policy(worst_case={"dice/hole": 0.1}), COMPUTED, BETTER)
    assert "the nearest is dice/whole" in caught.value.message
    assert caught.value.remedy == "Computed are dice/whole, hd95/whole, volume/whole."


def test_a_metric_that_only_describes_is_refused() -> None:
    with pytest.raises(ConfigError, match="volume/whole, which only describes"):
        check_metrics(policy(margins={"volume/whole": 0.1}), COMPUTED, BETTER)


@pytest.mark.parametrize(
    ("floor", "say"),
    [({"hd95/whole": {"least": 3}}, "most"), ({"dice/whole": {"most": 1}}, "least")],
)
def test_a_floor_on_the_wrong_side_is_refused(floor: dict[str, object], say: str) -> None:
    with pytest.raises(ConfigError, match=f"Say {say}"):
        check_metrics(policy(floors=floor), COMPUTED, BETTER)
