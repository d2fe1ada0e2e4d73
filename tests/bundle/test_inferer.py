"""The inferer of a bundle: what is read, and what is refused."""

from __future__ import annotations

import pytest

from pipeline.bundle.inferer import read_inferer
from pipeline.bundle.windows import Windows
from pipeline.errors import BundleError


@pytest.mark.parametrize("settings", [{"inferer": {"_target_": "SimpleInferer"}}, {}])
def test_a_simple_inferer_has_no_windows(settings: dict[str, object]) -> None:
    assert read_inferer(settings, 16) is None


def test_settings_are_read_and_those_of_speed_passed_over() -> None:
    entry = {
        "_target_": "monai.inferers.SlidingWindowInferer",
        "roi_size": [96, 96, 64],
        "sw_batch_size": 4,
        "overlap": 0.5,
        "mode": "gaussian",
    }
    assert read_inferer({"inferer": entry}, 16) == Windows((96, 96, 64), 0.5, True)


@pytest.mark.parametrize(
    "entry",
    [
        {"_target_": "SaliencyInferer"},
        {"_target_": "SlidingWindowInferer", "roi_size": [96, 96]},
        {"_target_": "SlidingWindowInferer", "roi_size": "@size"},
        {"_target_": "SlidingWindowInferer", "roi_size": [96, 96, 96], "overlap": 1.0},
        {"_target_": "SlidingWindowInferer", "roi_size": [96, 96, 96], "padding_mode": "reflect"},
        {"_target_": "SlidingWindowInferer", "roi_size": [96, 96, 96], "mode": "cubic"},
        {"_target_": "SlidingWindowInferer", "roi_size": [96, 96, 100]},
    ],
)
def test_what_would_be_ignored_is_refused(entry: dict[str, object]) -> None:
    with pytest.raises(BundleError):
        read_inferer({"inferer": entry}, 16)
