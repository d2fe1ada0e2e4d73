from __future__ import annotations

from dataclasses import replace

from pipeline.report.quality import quality_lines, quality_roles
from pipeline.result import CaseResult
from pipeline.types import Concept, Measurement, Prediction, Role

from .phantom import result


def measured(finished: CaseResult, *figures: Measurement) -> CaseResult:
    return replace(finished, outcomes=(result("quality", Prediction(measurements=figures)),))


def test_figures_of_all_series_lie_side_by_side_probabilities_first(finished: CaseResult) -> None:
    assert quality_roles(finished) == (Role.T1, Role.T1C)
    lines = [(line.name, line.probability, line.values) for line in quality_lines(finished)]
    assert lines == [
        ("Probability of motion or ghosting", True, (0.62, 0.05)),
        ("Probability of noise", True, (0.04, 0.04)),
        ("Signal-to-noise ratio", False, (31.4, 31.4)),
    ]


def test_a_meaning_says_what_is_a_probability_and_not_the_name(finished: CaseResult) -> None:
    likely = Concept("noise", "99T", "Probability of noise")
    ratio = Concept("odd", "99T", "Odds")
    study = measured(
        finished,
        Measurement("odds probability", 3.0, "1", ratio, Role.T1),
        Measurement("noise", 0.9, "1", likely, Role.T1),
    )
    assert [(line.name, line.probability) for line in quality_lines(study)] == [
        ("Probability of noise", True),
        ("Odds", False),
    ]


def test_a_shared_meaning_leaves_the_names(finished: CaseResult) -> None:
    ratio = Concept("118586006", "SCT", "Ratio")
    names = ("snr", "cnr")
    study = measured(finished, *(Measurement(n, 2.0, "1", ratio, Role.T1) for n in names))
    assert tuple(line.name for line in quality_lines(study)) == names


def test_probabilities_and_severities_have_two_decimals(finished: CaseResult) -> None:
    study = measured(
        finished,
        *(
            Measurement(f"{kind}{role}", value, "1", Concept(kind, "99T", f"{kind} of blur"), role)
            for kind in ("Probability", "Severity")
            for role, value in ((Role.T1, 0.9), (Role.T2, 0.0021))
        ),
    )
    assert {line.texts for line in quality_lines(study)} == {("0.90", "–"), ("–", "0.00")}
