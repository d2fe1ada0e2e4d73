from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.report.veil import WITHHELD, veil, without_places
from pipeline.study import Case

from .phantom import CANARY, UID


@pytest.mark.parametrize(
    "sentence",
    [
        f"description '{CANARY} T1 research' says T1",
        f"DESCRIPTION {CANARY.upper()} T1 RESEARCH",
        f"{CANARY} protocol names no contrast",
        f"/archive/{CANARY}/scan2.dcm is cut off",
        f"folder /archive/{CANARY} holds two volumes",
        f"/elsewhere/{CANARY}/x.dcm",
        rf"C:\scans\{CANARY}\x.dcm",
    ],
)
def test_free_text_and_folders_are_blanked(case: Case, sentence: str) -> None:
    hidden = veil(case)(sentence)
    assert CANARY.lower() not in hidden.lower()
    assert WITHHELD in hidden


@pytest.mark.parametrize("sentence", [f"series {UID}.2 is a copy", f"{UID}.2.1, then more."])
def test_uids_are_blanked(sentence: str) -> None:
    assert "1.2.826" not in without_places(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "T1: inversion at 900 ms, echo at 3.5 ms",
        "slice 14 of 28 is missing",
        "tissue 1.10.2 gave no result; see `tessera plan`",
        "axial/coronal mix, 0.9 × 0.9 mm",
    ],
)
def test_plain_sentences_stay(case: Case, sentence: str) -> None:
    assert veil(case)(sentence) == sentence


def test_a_description_made_of_technical_words_stays(case: Case) -> None:
    series = case.study.series[0]
    acquisition = replace(series.acquisition, description="AX T1 MPRAGE", protocol="T1_mprage")
    study = replace(case.study, series=(replace(series, acquisition=acquisition),))
    said = "'AX T1 MPRAGE' names T1"
    assert veil(replace(case, study=study))(said) == said
