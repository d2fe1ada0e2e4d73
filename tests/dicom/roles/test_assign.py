from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.config import RoleOverride
from pipeline.dicom.read.scan import scan
from pipeline.dicom.roles.assign import assign
from pipeline.study import Acquisition, Case, Instance, Series, Study
from pipeline.types import Role

SILENT = Acquisition(
    modality="MR",
    description="",
    protocol="",
    image_type=("ORIGINAL", "PRIMARY", "M"),
    scanning_sequence=(),
    sequence_name="",
    acquisition_type="2D",
    echo_time=None,
    repetition_time=None,
    inversion_time=None,
    contrast=False,
    body_part="",
    orientation="axial",
    slice_thickness=5.0,
    pixel_spacing=(0.9, 0.9),
    rows=256,
    columns=256,
    samples_per_pixel=1,
    sop_class_uid="1.2.840.10008.5.1.4.1.1.4",
    diffusion_b_value=None,
)
SPIN_T1 = replace(SILENT, scanning_sequence=("SE",), repetition_time=550.0, echo_time=12.0)
SPIN_T2 = replace(SILENT, scanning_sequence=("SE",), repetition_time=5000.0, echo_time=100.0)
FLUID = replace(
    SILENT,
    scanning_sequence=("SE", "IR"),
    repetition_time=9000.0,
    echo_time=90.0,
    inversion_time=2500.0,
)
MPRAGE = replace(
    SILENT,
    scanning_sequence=("GR", "IR"),
    repetition_time=1900.0,
    echo_time=2.5,
    inversion_time=900.0,
    acquisition_type="3D",
    slice_thickness=1.0,
    orientation="sagittal",
)
PROTON = replace(SPIN_T2, echo_time=20.0)
T1_FLAIR = replace(FLUID, repetition_time=2200.0, echo_time=12.0, inversion_time=860.0)


def series(
    acquisition: Acquisition, number: int = 1, slices: int = 25, **changes: object
) -> Series:
    instances = tuple(Instance(Path(f"{n}.dcm"), f"1.{number}.{n}", n, 1) for n in range(slices))
    acquired = replace(acquisition, **changes)  # type: ignore[arg-type]
    if acquired.acquisition_type == "3D":
        instances = (replace(instances[0], frames=170),)
    return Series(f"1.{number}", number, "1.9", acquired, instances)


def case(*members: Series, overrides: tuple[RoleOverride, ...] = ()) -> Case:
    return assign(Study("1", members), overrides)


def role_of(acquisition: Acquisition, description: str, **changes: object) -> Role | None:
    (candidate,) = case(series(acquisition, description=description, **changes)).candidates
    assert candidate.reason
    return candidate.role


@pytest.mark.parametrize(
    ("acquisition", "description", "expected"),
    [
        # English, American and British habits.
        (SPIN_T1, "AX T1", Role.T1),
        (SPIN_T1, "Ax T1 SE +C", Role.T1C),
        (SPIN_T1, "AXT1 POST GD", Role.T1C),
        (SPIN_T1, "AX T1 PRE", Role.T1),
        (SPIN_T1, "T1 AX W/O CONTRAST", Role.T1),
        (SPIN_T1, "T1 AX non-contrast", Role.T1),
        (SPIN_T1, "T1 AX WITH CONTRAST FS", Role.T1C),
        (SPIN_T1, "T1 axial post fossa", Role.T1),
        (SPIN_T1, "t1ce", Role.T1C),
        (SPIN_T1, "T1 AX -C", Role.T1),
        (SPIN_T1, "T1 AX C+", Role.T1C),
        (replace(SPIN_T1, image_type=("ORIGINAL", "PRIMARY", "OTHER")), "Ax T1", Role.T1),
        (SPIN_T2, "AX T2 FSE", Role.T2),
        (SPIN_T2, "T2W_TSE", Role.T2),
        (FLUID, "AX T2 FLAIR", Role.FLAIR),
        (FLUID, "FLAIR_longTR", Role.FLAIR),
        # Siemens.
        (MPRAGE, "t1_mprage_sag_p2_iso", Role.T1),
        (MPRAGE, "t1_mpr_ns_sag_p2_iso_KM", Role.T1C),
        (SPIN_T1, "t1_se_tra_KM", Role.T1C),
        (SPIN_T2, "t2_tse_tra_512", Role.T2),
        (FLUID, "t2_tirm_tra_dark-fluid", Role.FLAIR),
        (FLUID, "t2_spc_da-fl_sag_p2_iso", Role.FLAIR),
        (SPIN_T2, "t2_spc_sag_p2_iso", Role.T2),
        (SPIN_T1, "t1_spc_sag_fs_iso_post", Role.T1C),
        # GE.
        (replace(MPRAGE, inversion_time=450.0, repetition_time=8.2), "SAG 3D BRAVO", Role.T1),
        (replace(MPRAGE, inversion_time=None, repetition_time=7.0), "3D FSPGR +C", Role.T1C),
        (T1_FLAIR, "AX T1 FLAIR", Role.T1),
        (T1_FLAIR, "AX T1 FLAIR +C", Role.T1C),
        (replace(FLUID, inversion_time=1650.0, echo_time=120.0), "SAG CUBE T2 FLAIR", Role.FLAIR),
        # Philips.
        (replace(MPRAGE, inversion_time=None, repetition_time=6.5), "3D T1 TFE GADO", Role.T1C),
        (FLUID, "3D_BRAIN_VIEW_FLAIR", Role.FLAIR),
        (SPIN_T1, "T1W_SE sin contraste", Role.T1),
        # German, French, Spanish, Italian, Portuguese.
        (SPIN_T1, "T1 tra nach KM", Role.T1C),
        (SPIN_T1, "T1 tra nativ", Role.T1),
        (SPIN_T1, "T1 tra ohne KM", Role.T1),
        (SPIN_T1, "T1 AX après gado", Role.T1C),
        (SPIN_T1, "AX T1 sans injection", Role.T1),
        (SPIN_T1, "T1 AX sans gadolinium", Role.T1),
        (SPIN_T1, "T1 axial con contraste", Role.T1C),
        (SPIN_T1, "T1 ax dopo mdc", Role.T1C),
        (SPIN_T1, "T1 ax senza mdc", Role.T1),
        (SPIN_T1, "T1 AX pós contraste", Role.T1C),
    ],
)
def test_words_and_timing_give_the_role(
    acquisition: Acquisition, description: str, expected: Role
) -> None:
    assert role_of(acquisition, description) is expected


@pytest.mark.parametrize(
    ("acquisition", "description"),
    [
        (SPIN_T2, "3-plane LOC"),
        (SPIN_T2, "Survey"),
        (SPIN_T2, "ep2d_diff_3scan_trace_p2"),
        (SPIN_T2, "ADC (10^-6 mm²/s)"),
        (SPIN_T2, "DTI_32dir"),
        (MPRAGE, "T2* GRE"),
        (MPRAGE, "t2_fl2d_tra_hemo"),
        (MPRAGE, "Mag_Images SWI"),
        (MPRAGE, "TOF_3D_multi-slab"),
        (MPRAGE, "gre_field_mapping"),
        (MPRAGE, "t1_mp2rage_sag_INV1"),
        (SPIN_T1, "T1 map"),
        (SPIN_T1, "T1 subtraction"),
        (MPRAGE, "MIP T1 MPRAGE"),
        (SPIN_T2, "STIR COR"),
        (SPIN_T2, "t2_trufi_cor"),
        (SPIN_T2, "T2 TrueFI tra"),
        (SPIN_T2, "T2 True FISP sag"),
        (SPIN_T2, "T2 sag HWS"),
        (SPIN_T1, "T1 sag Sella KM"),
        (SPIN_T2, "DSC perfusion"),
        (PROTON, "AX PD"),
        (SPIN_T2, "PD/T2 double echo"),
        (replace(FLUID, echo_time=30.0, repetition_time=4000.0), "DIR"),
    ],
)
def test_other_series_get_no_role(acquisition: Acquisition, description: str) -> None:
    assert role_of(acquisition, description) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"image_type": ("DERIVED", "SECONDARY", "MPR")},
        {"image_type": ("ORIGINAL", "PRIMARY", "LOCALIZER")},
        {"image_type": ("ORIGINAL", "PRIMARY", "P", "ND")},
        {"image_type": ("DERIVED", "PRIMARY", "DIFFUSION", "ADC")},
        {"scanning_sequence": ("EP",)},
        {"sequence_name": "*ep2d1_128"},
        {"diffusion_b_value": 1000.0},
        {"body_part": "CSPINE"},
        {"slice_thickness": 1.0},
    ],
)
def test_headers_rule_out_what_the_description_does_not_tell(changes: dict[str, object]) -> None:
    assert role_of(SPIN_T2, "t2_tse_tra") is Role.T2
    assert role_of(SPIN_T2, "t2_tse_tra", **changes) is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"modality": "CT"}, "not MR: modality CT"),
        ({"modality": "SMITHJOHN"}, "not MR: modality unknown"),
        ({"samples_per_pixel": 3}, "colour"),
        ({"sop_class_uid": "1.2.840.10008.5.1.4.1.1.7"}, "not MR"),
    ],
)
def test_only_grey_mr_images_are_eligible_even_by_override(
    changes: dict[str, object], words: str
) -> None:
    member = series(SPIN_T1, description="t1", **changes)
    found = case(member, overrides=(RoleOverride(Role.T1, "t1"),))
    assert found.roles == {}
    assert words in found.candidates[0].reason


def test_a_reason_repeats_only_what_the_rules_know() -> None:
    (candidate,) = case(series(SPIN_T2, description="t2", body_part="KNEE SMITH")).candidates
    assert candidate.reason == "another region: body part knee"


def test_timing_speaks_for_itself_where_it_is_unmistakable() -> None:
    assert role_of(FLUID, "series 7") is Role.FLAIR
    assert role_of(SPIN_T2, "") is Role.T2
    assert role_of(MPRAGE, "HEAD") is Role.T1
    assert role_of(replace(MPRAGE, inversion_time=None, repetition_time=20.0), "HEAD") is None


def test_words_alone_count_where_the_header_gives_no_timing_but_count_less() -> None:
    timed = series(SPIN_T2, 1, description="T2")
    untimed = series(SILENT, 2, description="T2")
    assert case(untimed).roles == {Role.T2: untimed}
    assert case(timed, untimed).roles == {Role.T2: timed}
    assert role_of(SILENT, "brain") is None


def test_words_against_timing_give_nothing() -> None:
    assert role_of(SPIN_T2, "T1 axial") is None
    assert role_of(SPIN_T1, "T2 FLAIR") is None


def test_agent_in_the_header_makes_t1c_but_leaves_flair() -> None:
    assert role_of(SPIN_T1, "t1 tra", contrast=True) is Role.T1C
    assert role_of(FLUID, "flair tra", contrast=True) is Role.FLAIR


@pytest.mark.parametrize(
    ("description", "in_header"),
    [
        ("T1 ohne KM", True),
        ("T1 w/wo contrast", False),
        ("T1 pre + post Gd", False),
        ("T1 C", False),
    ],
)
def test_doubt_about_an_agent_gives_nothing(description: str, in_header: bool) -> None:
    (candidate,) = case(series(SPIN_T1, description=description, contrast=in_header)).candidates
    assert candidate.role is None
    assert "agent" in candidate.reason


def test_thin_3d_wins_over_thick_2d_and_the_loser_is_told() -> None:
    thick = series(SPIN_T1, 1, description="T1 tra")
    thin = series(MPRAGE, 2, description="mprage")
    found = case(thick, thin)
    assert found.roles == {Role.T1: thin}
    assert "series 2 was preferred" in found.candidates[0].reason


def test_axial_wins_among_planes_of_one_sequence() -> None:
    planes = ("sagittal", "axial", "coronal")
    members = [series(SPIN_T1, n, description="t1", orientation=o) for n, o in enumerate(planes)]
    assert case(*members).roles == {Role.T1: members[1]}


def test_the_corrected_of_two_reconstructions_is_taken() -> None:
    plain = series(SPIN_T1, 1, description="t1", image_type=("ORIGINAL", "PRIMARY", "M", "ND"))
    normal = series(SPIN_T1, 2, description="t1", image_type=("ORIGINAL", "PRIMARY", "M", "NORM"))
    assert case(plain, normal).roles == {Role.T1: normal}


def test_indistinguishable_repeats_leave_the_role_empty_with_a_note() -> None:
    found = case(series(SPIN_T1, 4, description="t1"), series(SPIN_T1, 5, description="t1"))
    assert found.roles == {}
    assert found.notes == ("T1: series 4, 5 fit equally well, none was taken.",)


def test_a_site_may_force_a_role() -> None:
    member = series(PROTON, description="Spezial-Sequenz 7")
    assert case(member).roles == {}
    assert case(member, overrides=(RoleOverride(Role.T2, "spezial*"),)).roles == {Role.T2: member}


def test_a_whole_examination_is_told_apart() -> None:
    members = {
        Role.T1: series(SPIN_T1, 2, description="T1 tra"),
        Role.T1C: series(MPRAGE, 6, description="mprage KM"),
        Role.T2: series(SPIN_T2, 3, description="T2 tra"),
        Role.FLAIR: series(FLUID, 4, description="FLAIR tra"),
    }
    others = (series(SPIN_T1, 1, description="localizer"), series(MPRAGE, 5, description="SWI"))
    assert case(*members.values(), *others).roles == members


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("philips_mixed", {Role.T1: 1301}),
        ("siemens_enhanced_mixed", {Role.T1: 6}),
        ("siemens_hfp", {Role.T1: 2}),
        ("siemens_hfdl", {Role.T1: 2}),
        ("ge_pd_axial", {}),
        ("ct_head", {}),
        ("transfer_syntaxes", {}),
        ("philips_enhanced_epi", {}),
    ],
)
def test_real_series(real_dicom: Path, folder: str, expected: dict[Role, int]) -> None:
    cases = [assign(study) for study in scan([real_dicom / folder]).studies]
    found = {role: taken.number for one in cases for role, taken in one.roles.items()}
    assert found == expected, [candidate for one in cases for candidate in one.candidates]


def test_series_of_two_patients_take_no_role() -> None:
    one, other = series(MPRAGE, 1, patient="one"), series(SPIN_T2, 2, patient="other")
    found = case(one, other)
    assert (found.roles, found.patients) == ({}, 2)
    assert found.notes == ("The study's images are of 2 patients.",)
    nobodys = series(SPIN_T2, 2, patient="")
    assert set(case(one, nobodys).roles) == {Role.T1, Role.T2}
