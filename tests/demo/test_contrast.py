from __future__ import annotations

import pytest

from pipeline.demo.contrast import Sequence, Tissue, signal

T1 = Sequence("SE", 560, 11, tesla=1.5)
T1C = Sequence("SE", 560, 11, tesla=1.5, agent=True)
T2 = Sequence("SE", 4500, 99)
FLAIR = Sequence("IR", 9000, 117, 2450)
MPRAGE = Sequence("GR", 2300, 2.98, 1000)


@pytest.mark.parametrize("sequence", [T1, MPRAGE])
def test_white_matter_is_brightest_and_csf_darkest_on_t1(sequence: Sequence) -> None:
    csf, grey, white = (abs(signal(sequence, tissue)) for tissue in list(Tissue)[:3])
    assert csf < grey < white


def test_csf_is_brightest_and_white_matter_darkest_on_t2() -> None:
    csf, grey, white = (signal(T2, tissue) for tissue in list(Tissue)[:3])
    assert csf > grey > white


def test_flair_nulls_csf_and_lights_up_oedema() -> None:
    assert abs(signal(FLAIR, Tissue.CSF)) < 0.1 * signal(FLAIR, Tissue.GREY)
    assert signal(FLAIR, Tissue.OEDEMA) > 1.5 * signal(FLAIR, Tissue.WHITE)


def test_contrast_agent_brightens_the_enhancing_part_not_the_necrosis() -> None:
    gain = {
        tissue: signal(T1C, tissue) / signal(T1, tissue)
        for tissue in Tissue
        if tissue != Tissue.AIR
    }
    assert gain[Tissue.ENHANCING] > 1.5
    assert gain[Tissue.WHITE] < 1.1
    assert signal(T1C, Tissue.CORE) < signal(T1C, Tissue.WHITE) < signal(T1C, Tissue.ENHANCING)


def test_spin_echo_recovers_fully_after_a_long_wait() -> None:
    patient = Sequence("SE", 1e6, 1e-6)
    assert signal(patient, Tissue.WHITE) == pytest.approx(0.77, rel=1e-4)


def test_inversion_null_lies_at_ln2_times_t1() -> None:
    null = Sequence("IR", 1e6, 1e-6, 832 * 0.693147)
    assert signal(null, Tissue.WHITE) == pytest.approx(0, abs=1e-4)
