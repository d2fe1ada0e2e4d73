from __future__ import annotations

from pipeline.report.quality import quality_lines, quality_roles
from pipeline.result import CaseResult
from pipeline.types import Role


def test_figures_of_all_series_lie_side_by_side_probabilities_first(finished: CaseResult) -> None:
    assert quality_roles(finished) == (Role.T1, Role.T1C)
    lines = [(line.name, line.probability, line.values) for line in quality_lines(finished)]
    assert lines == [
        ("motion probability", True, (0.62, 0.05)),
        ("noise probability", True, (0.04, 0.04)),
        ("signal-to-noise ratio", False, (31.4, 31.4)),
    ]
