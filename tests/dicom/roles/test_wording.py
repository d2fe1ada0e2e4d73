"""What hospitals write of a contrast agent, in their languages and abbreviations."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dicom.roles.wording import Agent, agent, plain, weightings
from pipeline.types import Role

from .test_assign import SILENT

GIVEN = (
    # English
    *("T1POST", "axt1post", "T1POSTGD", "T1WPOST", "MPRAGEPOST", "POSTGD T1", "T1 PGD", "T1 pgad"),
    *(
        "T1 ENH",
        "T1 CONTR",
        "T1 C+",
        "T1 +IV",
        "T1 w/ cont",
        "T1 Vueway",
        "T1 Elucirem",
        "T1 Omniscan",
    ),
    *("AX T1 POST TRA", "T1 post radial", "PREOP T1 +C", "T1 PRE OP GD", "T1 POST OP GD"),
    *("T1 delayed post", "T1WI contrast"),
    # German
    *("T1 nKM", "T1 mKM", "T1 n. KM", "T1 m. KM", "T1nachKM", "T1 K.M.", "T1 KM 5min", "T1 kontr"),
    # French
    *("T1 inj", "AX T1 INJ", "T1 EG 3D INJ", "T1 SE INJ", "T1 injectée", "T1 après IV", "T1 PdC"),
    # Spanish, Portuguese, Italian
    *(
        "T1 C/CONTRASTE",
        "T1 c/c",
        "T1 c/gado",
        "T1 con CIV",
        "T1 con gadolinio",
        "T1 pós-contraste",
    ),
    *("T1 tras contraste", "T1 M.d.C.", "T1 dopo m.d.c.", "T1 c/mdc", "T1 post iniezione"),
    # Dutch, the Scandinavian languages
    *("T1 na Gd", "T1 met contrast", "T1 m/kontrast", "T1 m/k", "T1 efter Gd", "T1 etter kontrast"),
    # Polish, Czech, Turkish
    *("T1 z kontrastem", "T1 po k", "T1 +K", "T1 po podaniu kontrastu", "T1 po KL", "T1 s KL"),
    *("T1 s kontrastní látkou", "T1 kontrast sonrası", "T1 kontrastlı", "T1 IVKM"),
)
WITHHELD = (
    *("T1PRE", "T1PREGD", "T1 PRECON", "T1 noncon", "T1 WO", "T1 w/o", "T1 unenh", "T1 non enh"),
    *(
        "T1 -KM",
        "T1 o. KM",
        "T1 oKM",
        "T1 v. KM",
        "T1ohneKM",
        "T1 KM-frei",
        "T1 KM frei",
        "T1 nativ",
    ),
    *(
        "T1 sans inj",
        "T1 ss inj",
        "T1 non injecté",
        "T1 NON INJ",
        "T1 avant injection",
        "T1 sans IV",
    ),
    *(
        "T1 S/CONTRASTE",
        "T1 s/c",
        "T1 s/mdc",
        "T1 sin civ",
        "T1 no CIV",
        "T1 senza mdc",
        "T1 basale",
    ),
    *("T1 blanco", "T1 geen contrast", "T1 voor Gd", "T1 u/kontrast", "T1 u/k", "T1 uden k"),
    *("T1 utan Gd", "T1 ej kontrast", "T1 ikke kontrast", "T1 natywny", "T1 bez KL"),
    *("T1 przed podaniem kontrastu", "T1 kontrastsız", "T1 kontrast yok", "T1 nativ 5min"),
)
# What may mean an agent, or something else: no role is better than a wrong one.
UNCLEAR = (
    *(
        "T1+",
        "T1 +",
        "T1 (+)",
        "T1+ tra",
        "T1 PC",
        "T1 p.c.",
        "T1 p.i.",
        "T1 IV",
        "T1 i.v.",
        "T1 KL",
    ),
    *(
        "T1 late",
        "T1 spät",
        "T1 delayed",
        "T1 10 min",
        "MPRAGE C",
        "T1 with",
        "T1 avec",
        "T1 post RT",
    ),
    *("T1 a gado", "T1 e. Gd", "T1 s Gd", "T1 z contrast", "T1 w/wo", "T1 c/s contraste"),
    *("T1 s/c y c/c", "T1 pre + post Gd"),
)
UNSAID = (
    *("T1", "T1W_SE", "T1W 3D", "t1_mprage_sag_p2_iso", "T1 SE S", "T1 +FS", "T1 10 cm", "T1 IR"),
    *("T1 POST OP", "T1 postop", "T1 post-surgery", "T1 post biopsy", "T1 post chemo", "T1 PREOP"),
    *("T1 pre op", "T1 post fossa", "T1 posterior", "T1 injury", "T1 control", "T1 Kontrolle"),
)


def said(description: str) -> Agent:
    return agent(replace(SILENT, description=description))


@pytest.mark.parametrize("description", GIVEN)
def test_words_that_give_an_agent(description: str) -> None:
    assert said(description) is Agent.GIVEN


@pytest.mark.parametrize("description", WITHHELD)
def test_words_that_deny_an_agent(description: str) -> None:
    assert said(description) is Agent.WITHHELD


@pytest.mark.parametrize("description", UNCLEAR)
def test_words_that_leave_it_open(description: str) -> None:
    assert said(description) is Agent.UNCLEAR


@pytest.mark.parametrize("description", UNSAID)
def test_words_that_say_nothing_of_an_agent(description: str) -> None:
    assert said(description) is Agent.UNSAID


@given(
    description=st.sampled_from(GIVEN + WITHHELD + UNCLEAR),
    plane=st.sampled_from(("ax", "SAG", "cor ", "tra_", "3D ", "FS ", "NAVI ")),
    case=st.sampled_from((str.lower, str.upper, str.title)),
)
def test_a_plane_in_front_and_other_letters_change_nothing(
    description: str, plane: str, case: object
) -> None:
    assert callable(case)
    assert said(case(f"{plane} {description}")) is said(description)


@given(description=st.sampled_from(WITHHELD))
def test_a_header_that_names_an_agent_against_the_words_leaves_it_open(description: str) -> None:
    acquisition = replace(SILENT, description=description, contrast=True)
    assert agent(acquisition) is Agent.UNCLEAR


@given(st.text(max_size=64))
def test_any_text_is_read(text: str) -> None:
    assert said(text) in Agent


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("sT1W_3D_TFE", {Role.T1}),
        ("WIP sT1W_3D_FFE", {Role.T1}),
        ("irT1", {Role.T1}),
        ("eT2W_TSE", {Role.T2}),
        ("dT2W_FLAIR", {Role.FLAIR}),
        ("test1", set()),
        ("part1", set()),
        ("unit2", set()),
        ("t10", set()),
    ],
)
def test_a_vendors_letter_before_the_weighting(description: str, expected: set[Role]) -> None:
    assert weightings(plain(replace(SILENT, description=description))) == expected
