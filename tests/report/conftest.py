"""Studies to report on: one that every module finished, one that broke."""

from __future__ import annotations

import pytest

from pipeline.bundle.contract import read_contract
from pipeline.errors import REMEDIES, Code
from pipeline.result import Alignment, CaseResult, Failure, Skipped
from pipeline.study import Candidate, Case, Study
from pipeline.types import Role, Verdict

from .phantom import (
    CANARY,
    MODULES,
    UID,
    head,
    quality,
    series,
    tissue_result,
    tissues,
    tumour,
    tumour_result,
)


@pytest.fixture(scope="session")
def case() -> Case:
    """Two series with a role, one without; a name stands in every free text and folder."""
    t1, t1c, spare = series(2, "T1"), series(5, "T1c"), series(7, "?", 5.0)
    said = (
        Candidate(t1.uid, Role.T1, 0.9, f"'{CANARY} T1 research' says T1; inversion at 900 ms"),
        Candidate(t1c.uid, Role.T1C, 0.8, f"contrast agent named; {UID}.5 follows {UID}.2"),
        Candidate(spare.uid, None, 0.0, f"/archive/{CANARY}/scan7.dcm is a localizer"),
    )
    study = Study(UID, (t1, t1c, spare))
    return Case(study, {Role.T1: t1, Role.T1C: t1c}, said, ("no series is clearly FLAIR",))


@pytest.fixture(scope="session")
def finished(case: Case) -> CaseResult:
    """Every module gave a result."""
    return CaseResult(
        pseudonym="tessera-4f1c",
        case=case,
        reference=Role.T1C,
        volumes={Role.T1: head(700.0), Role.T1C: head(900.0)},
        labels={"tissue": tissues(), "tumour": tumour()},
        segments={name: read_contract(MODULES / name).segments for name in ("tissue", "tumour")},
        alignment=(
            Alignment(Role.T1C, "reference", 0.0, "the series the tumour is best seen on"),
            Alignment(Role.T1, "rigid", 2.4, f"another frame of reference than {UID}.9"),
        ),
        geometry=head(900.0).get_geometry(),
        fingerprints={Role.T1: "sha256:" + "1" * 64, Role.T1C: "sha256:" + "2" * 64},
        outcomes=(
            quality(Role.T1, Verdict.WARN, "motion is likely (0.62)", 0.62),
            quality(Role.T1C, Verdict.PASS, "no artefact found", 0.05),
            tissue_result(),
            tumour_result(),
        ),
        lock="sha256:" + "ab" * 32,
        seconds={"read": 2.25, "align": 5.5, "modules": 41.0, "write": 3.0},
    )


@pytest.fixture(scope="session")
def broken(finished: CaseResult) -> CaseResult:
    """Tissue failed and tumour was skipped for it."""
    tissue = Failure(
        "tissue",
        None,
        Code.MODULE_FAILED,
        f"The network gave no finite value for /archive/{CANARY}/scan2.dcm.",
        REMEDIES[Code.MODULE_FAILED],
    )
    tumour = Skipped("tumour", None, Code.UPSTREAM, "tissue gave no result")
    return CaseResult(
        pseudonym="tessera-77b0",
        case=finished.case,
        reference=finished.reference,
        volumes=finished.volumes,
        labels={},
        segments={},
        alignment=finished.alignment,
        geometry=finished.geometry,
        fingerprints=finished.fingerprints,
        outcomes=(*finished.outcomes[:2], tissue, tumour),
        lock=finished.lock,
        seconds={"read": 2.0},
    )
