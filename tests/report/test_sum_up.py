from __future__ import annotations

import math
from dataclasses import replace

from pipeline.errors import REMEDIES, Code
from pipeline.report.row import Status
from pipeline.report.sum_up import failed_row, row_of, status_of
from pipeline.result import CaseResult
from pipeline.types import Concept, Measurement, Prediction, Role, Verdict

from .phantom import CANARY, UID, result


def test_a_finished_study_in_one_line(finished: CaseResult) -> None:
    row = row_of(finished)
    assert (row.pseudonym, row.status, row.code) == ("tessera-4f1c", Status.DONE, None)
    assert (row.message, row.remedy) == ("", "")
    assert row.roles == (Role.T1, Role.T1C)
    assert row.verdicts == {Role.T1: Verdict.WARN, Role.T1C: Verdict.PASS}
    assert (row.volumes_ml.csf, row.volumes_ml.brain) == (210.4, 1363.7)
    assert (row.volumes_ml.whole_tumour, row.volumes_ml.tumour_core) == (61.25, 30.5)
    assert row.lesions == 2
    assert [module.name for module in row.versions] == ["quality", "tissue", "tumour"]
    assert row.seconds == 51.75


def test_a_failure_counts_before_what_it_caused(broken: CaseResult) -> None:
    row = row_of(replace(broken, outcomes=broken.outcomes[::-1]))
    assert (row.status, row.code) == (Status.PARTLY, Code.MODULE_FAILED)
    assert row.message == "The network gave no finite value for [withheld]."
    assert math.isnan(row.volumes_ml.brain)
    assert row.lesions is None


def test_a_skipped_module_comes_with_its_remedy(broken: CaseResult) -> None:
    row = row_of(replace(broken, outcomes=broken.outcomes[-1:]))
    assert (row.status, row.code) == (Status.FAILED, Code.UPSTREAM)
    assert (row.message, row.remedy) == ("tissue gave no result", REMEDIES[Code.UPSTREAM])


UNDECIDED = "FLAIR: series 3, 4 fit equally well, none was taken."


def undecided(result: CaseResult) -> CaseResult:
    return replace(result, case=replace(result.case, undecided={Role.FLAIR: UNDECIDED}))


def test_a_role_that_stayed_undecided_is_said(finished: CaseResult) -> None:
    row = row_of(undecided(finished))
    assert (row.status, row.code) == (Status.PARTLY, Code.UNDECIDED)
    assert (row.message, row.remedy) == (UNDECIDED, REMEDIES[Code.UNDECIDED])


def test_it_counts_behind_a_failure_and_before_what_was_skipped(broken: CaseResult) -> None:
    assert row_of(undecided(broken)).code is Code.MODULE_FAILED
    skipped = replace(undecided(broken), outcomes=broken.outcomes[-1:])
    assert (row_of(skipped).status, row_of(skipped).code) == (Status.FAILED, Code.UNDECIDED)


def test_no_outcome_is_no_success() -> None:
    assert status_of(()) is Status.FAILED


def test_no_lesion_is_not_the_same_as_not_looked(finished: CaseResult) -> None:
    *others, tumour = finished.results
    clean = replace(tumour, prediction=replace(tumour.prediction, findings=()))
    assert row_of(replace(finished, outcomes=(*others, clean))).lesions == 0
    assert row_of(replace(finished, outcomes=tuple(others))).lesions is None


def test_a_fourth_modules_figures_are_kept(finished: CaseResult) -> None:
    age = Measurement("brain age", 61.0, "a", Concept("x", "99T", "Brain age"))
    fourth = result("age", Prediction(measurements=(age,)))
    assert row_of(replace(finished, outcomes=(*finished.outcomes, fourth))).others == (age,)


def test_a_name_that_two_modules_give_is_told_apart(finished: CaseResult) -> None:
    volume = Measurement("brain volume", 1.0, "mL", Concept("x", "99T", "Brain volume"))
    fourth = result("age", Prediction(measurements=(volume,)))
    row = row_of(replace(finished, outcomes=(*finished.outcomes, fourth)))
    assert row.volumes_ml.brain == 1363.7
    assert [(one.name, one.value) for one in row.others] == [("age: brain volume", 1.0)]


def test_a_study_that_gave_nothing_names_no_place() -> None:
    message = f"/archive/{CANARY}/a.dcm of {UID} is cut off."
    row = failed_row("tessera-0", Code.TRUNCATED, message, REMEDIES[Code.TRUNCATED])
    assert row.status is Status.FAILED
    assert row.message == "[withheld] of [withheld] is cut off."
