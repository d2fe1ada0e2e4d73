from __future__ import annotations

from dataclasses import replace

from pipeline.evaluation.comparison import Comparison
from pipeline.evaluation.scores import Counters, Evaluation
from pipeline.promote.request import Evidence, evidence_of
from pipeline.result import ModuleRef

ONE, TWO = (
    ModuleRef("tumour", number, 1, f"sha256:{digit * 64}", "w", "c", "m")
    for number, digit in (("1.0.0", "1"), ("1.1.0", "2"))
)


def test_evidence_names_both_versions_and_what_they_were_judged_by() -> None:
    nothing = Counters({}, {})
    reference = Evaluation(
        ONE, "site-b", "sha256:c", {}, "sha256:l", "sha256:p", (), {}, {}, nothing, "run-1"
    )
    candidate = replace(reference, module=TWO, run_id="run-2")
    comparison = Comparison(reference, candidate, (), (), (), 0)
    assert evidence_of([comparison], "sha256:p") == Evidence(
        ONE.digest, TWO.digest, "sha256:p", "sha256:c", "sha256:l", ("run-1", "run-2")
    )
    unlogged = replace(comparison, reference=replace(reference, run_id=""))
    assert evidence_of([unlogged], "").runs == ("run-2",)


def test_several_cohorts_are_all_named() -> None:
    nothing = Counters({}, {})
    first = Evaluation(ONE, "a", "sha256:a", {}, "", "", (), {}, {}, nothing, "run-1")
    second = replace(first, cohort="b", cohort_digest="sha256:b", run_id="run-2")
    both = [Comparison(one, one, (), (), (), 0) for one in (first, second)]
    assert evidence_of(both, "").cohort == "sha256:a sha256:b"
