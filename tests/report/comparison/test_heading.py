from __future__ import annotations

from dataclasses import replace

from pipeline.evaluate.compare.compare import compare
from pipeline.evaluation.comparison import Comparison
from pipeline.evaluation.scores import Evaluation
from pipeline.report.comparison.heading import sides, title
from pipeline.report.comparison.lines.comparison import comparison_lines


def failing(found: Evaluation, *names: str) -> Evaluation:
    lost = {name: {"values": {}, "failure": "module_failed: it stopped."} for name in names}
    cases = tuple(replace(case, **lost.get(case.case, {})) for case in found.cases)
    return replace(found, cases=cases)


def test_two_versions_are_named_with_the_cases_they_share(found: Comparison) -> None:
    assert title(found) == "tumour 1.0.0 → 1.1.0 on real (n=3)"
    assert sides(found) == ("1.0.0", "1.1.0")
    one_lost = compare(found.reference, failing(found.candidate, "two"))
    assert title(one_lost) == "tumour 1.0.0 → 1.1.0 on real (n=2 of 3)"
    other_lost = compare(failing(found.reference, "two"), failing(found.candidate, "a|b"))
    assert title(other_lost) == "tumour 1.0.0 → 1.1.0 on real (n=1 of 3)"


def test_a_version_against_itself_is_no_change_upstream(found: Comparison) -> None:
    same = compare(found.reference, found.reference)
    assert title(same) == "tumour 1.0.0 and itself on real (n=3, 3 identical)"
    assert sides(same) == ("1.0.0 (reference)", "1.0.0 (candidate)")


def test_a_version_fed_otherwise_is(found: Comparison) -> None:
    fed = replace(found.reference, upstream={"tissue": "sha256:other"})
    other = compare(found.reference, fed)
    assert title(other) == "tumour 1.0.0, upstream changed on real (n=3, 3 identical)"
    assert sides(other) == ("fed as today", "fed by the candidate")


def test_a_candidate_that_fails_everywhere_still_has_its_title(found: Comparison) -> None:
    lost = compare(found.reference, failing(found.candidate, "a|b", "two", "<script>"))
    first, left_out, *_ = comparison_lines(lost)
    assert first.title == "tumour 1.0.0 → 1.1.0 on real (n=0 of 3)"
    assert first.rows == ()
    assert left_out.title.startswith("Left out")
