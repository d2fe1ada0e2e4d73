from __future__ import annotations

import pytest
from pydicom import Dataset

from pipeline.dicom.read.acquisition import read_acquisition
from pipeline.dicom.read.agent import names_agent


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "-",
            "--",
            "0",
            "0.0",
            "0 ml",
            "0ml",
            "N",
            "no",
            "NON",
            "None",
            "none given",
            "n/a",
        ),
        *(
            "n.a.",
            "NA",
            "NIHIL",
            "nil",
            "NO CONTRAST",
            "NO CONTRAST GIVEN",
            "not given",
            "not used",
        ),
        *(
            "without",
            "W/O contrast",
            "kein",
            "keine KM",
            "ohne KM",
            "nein",
            "nicht gegeben",
            "nativ",
        ),
        *("aucun", "sans", "pas de contraste", "ninguno", "sin contraste", "nenhum", "não"),
        *(
            "sem contraste",
            "nessuno",
            "senza mdc",
            "geen",
            "zonder",
            "uden",
            "ingen",
            "inget",
            "nej",
        ),
        *("brak", "bez kontrastu", "yok", "Gadovist not given", "pre-contrast", "unenhanced"),
    ],
)
def test_what_denies_an_agent_names_none(text: str) -> None:
    assert not names_agent(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Gadovist",
            "GADAVIST 7.5 ml",
            "Dotarem 0.1 mmol/kg",
            "0.1 mmol/kg Gadovist",
            "10 ml",
            "GD",
        ),
        *("Gd-DTPA", "KM", "contrast", "yes", "IV", "Non-ionic gadolinium", "NOVAGAD", "Nanogad"),
        *("gadolinium", "Kontrastmittel", "Гадовист", "造影剤", "unknown"),
    ],
)
def test_anything_else_does(text: str) -> None:
    assert names_agent(text)


@pytest.mark.parametrize(("text", "given"), [("NO CONTRAST", False), ("Clariscan", True)])
def test_the_header_is_read_so(text: str, given: bool) -> None:
    header = Dataset()
    header.ContrastBolusAgent = text
    assert read_acquisition(header).contrast is given
    header.ContrastBolusVolume = 7.5
    assert read_acquisition(header).contrast
