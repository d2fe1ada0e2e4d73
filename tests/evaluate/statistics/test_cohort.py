from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from pipeline.errors import BundleError
from pipeline.evaluate.statistics.cohort import (
    cohort_figure,
    cohort_metrics,
    contributions,
    is_raw,
)
from pipeline.metrics import auroc, calibration_error
from tests.evaluate.evaluations import scored


def judged(number: int = 40, seed: int = 0) -> dict[str, list[float]]:
    """Chances of noise and blur that know something of the truth."""
    rng = np.random.default_rng(seed)
    values: dict[str, list[float]] = {}
    for event in ("noise", "blur"):
        truth = rng.random(number) < 0.4
        values[f"truth/{event}"] = list(truth.astype(float))
        values[f"chance/{event}"] = list(
            1 / (1 + np.exp(-(rng.normal(size=number) + 2 * truth - 1)))
        )
    return values


def delong(chances: np.ndarray, truth: np.ndarray) -> float:
    """DeLong's standard error of an AUROC (Biometrics 44:837, 1988), from placements."""
    above = (chances[truth][:, None] > chances[~truth]) + 0.5 * (
        chances[truth][:, None] == chances[~truth]
    )
    parts = [above.mean(axis=axis).var(ddof=1) / above.shape[1 - axis] for axis in (0, 1)]
    return math.sqrt(sum(parts))


def test_a_figure_of_one_event_is_the_metric_over_its_cases() -> None:
    values = judged()
    truth, chances = np.array(values["truth/noise"]) > 0, np.array(values["chance/noise"])
    assert cohort_figure(scored(values), "auroc/noise") == pytest.approx(
        roc_auc_score(truth, chances)
    )


def test_the_plain_ranking_is_the_mean_over_events_and_calibration_pools_them() -> None:
    values = judged()
    cases = scored(values)
    each = [cohort_figure(cases, f"auroc/{event}") for event in ("noise", "blur")]
    assert cohort_figure(cases, "auroc") == pytest.approx(np.mean(each))
    pooled = (np.array([*values[f"{k}/noise"], *values[f"{k}/blur"]]) for k in ("chance", "truth"))
    chances, truth = pooled
    expected = calibration_error(chances, truth > 0)
    assert cohort_figure(cases, "calibration_error") == pytest.approx(expected)


@pytest.mark.parametrize("number", [30, 120])
def test_what_cases_contribute_gives_delongs_standard_error(number: int) -> None:
    values = judged(number, seed=4)
    cases = scored(values)
    parts = np.array(list(contributions(cases, "auroc/noise").values()))
    truth, chances = np.array(values["truth/noise"]) > 0, np.array(values["chance/noise"])
    assert parts.mean() == pytest.approx(auroc(chances, truth), abs=1e-9)
    error = parts.std(ddof=1) / math.sqrt(number)
    assert error == pytest.approx(delong(chances, truth), rel=0.05)


def test_an_event_that_hardly_any_case_shows_does_not_enter_the_mean() -> None:
    values = judged()
    values["truth/spikes"] = [1.0] + [0.0] * 39
    values["chance/spikes"] = [0.0] + [1.0] * 39
    cases = scored(values)
    without = scored(judged())
    assert cohort_figure(cases, "auroc") == cohort_figure(without, "auroc")
    assert math.isnan(cohort_figure(cases, "auroc/spikes"))
    assert contributions(cases, "auroc/spikes") == {}


def test_a_case_that_tells_nothing_contributes_nothing() -> None:
    values = judged()
    values["chance/noise"][0] = values["chance/blur"][0] = math.nan
    parts = contributions(scored(values), "auroc")
    assert "case-00" not in parts
    assert len(parts) == 39


def test_cases_without_chances_have_no_such_figure() -> None:
    cases = scored({"dice/whole": [0.5, 0.6]})
    assert cohort_metrics(cases) == ()
    assert math.isnan(cohort_figure(cases, "auroc"))
    assert is_raw("chance/noise")
    assert not is_raw("dice/whole")


def test_what_is_no_chance_is_refused_with_the_case_named() -> None:
    values = judged()
    values["chance/noise"][3] = 1.5
    with pytest.raises(BundleError, match=r"case-03: the module gives noise a chance of 1\.5"):
        cohort_figure(scored(values), "auroc")
