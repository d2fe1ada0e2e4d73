"""The seven studies of the demo cohort, each there for one thing it puts to the test."""

from __future__ import annotations

from pipeline.demo import vendor
from pipeline.demo.protocol import Plan, Scan
from pipeline.demo.scanner import Conditions
from pipeline.demo.stack import Stack
from pipeline.demo.tumour import Growth
from pipeline.errors import Code
from pipeline.types import Role, Verdict

THICK = Stack("axial", 256, 256, 26, 0.9, 5.0, 5.5)
OBLIQUE = Stack("axial", 256, 256, 28, 0.94, 5.0, 6.0, tilt_degrees=-14.0)
FINE = Stack("axial", 240, 192, 40, 1.0, 3.5, 3.9, tilt_degrees=-6.0)
CUBE = Stack("sagittal", 192, 192, 144, 1.25, 1.25, 1.25, centre_mm=(0.0, 8.0, -5.0))
SLAB = Stack("axial", 192, 160, 96, 1.25, 1.6, 1.6)
SCOUTS = tuple(
    Stack(plane, 128, 128, 1, 2.2, 8.0, 8.0) for plane in ("axial", "coronal", "sagittal")
)

PLANS = (
    Plan(
        "frontal",
        vendor.SIEMENS,
        (
            Scan(None, "localizer", vendor.SCOUT, SCOUTS),
            Scan(Role.T1, "t1_mprage_sag_p2_iso", vendor.MPRAGE, (CUBE,)),
            Scan(Role.T2, "t2_tse_tra_5mm", vendor.TSE, (THICK,)),
            Scan(Role.FLAIR, "t2_tirm_tra_dark-fluid", vendor.TIRM, (THICK,)),
            Scan(Role.T1C, "t1_mprage_tra_KM", vendor.MPRAGE_AGENT, (SLAB,)),
        ),
        Growth((-30.0, -20.0, 28.0), 10.0, 16.0, 60.0),
        agent="Gadovist",
    ),
    Plan(
        "repositioned",
        vendor.GE,
        (
            Scan(Role.T1, "Ax T1 SE", vendor.GE_T1, (OBLIQUE,)),
            Scan(Role.T2, "Ax T2 FRFSE", vendor.GE_T2, (OBLIQUE,), elsewhere=True),
            Scan(Role.FLAIR, "Ax T2 FLAIR", vendor.GE_FLAIR, (OBLIQUE,)),
            Scan(Role.T1C, "Ax T1 SE POST GAD", vendor.GE_T1_AGENT, (OBLIQUE,)),
        ),
        Growth((34.0, 30.0, 20.0), 22.0, 20.0, 80.0),
        agent="15 cc Multihance",
    ),
    Plan(
        "healthy",
        vendor.PHILIPS,
        (
            Scan(Role.T1, "T1W_SE axial sin contraste", vendor.PHILIPS_T1, (FINE,)),
            Scan(Role.T2, "T2W_TSE axial", vendor.PHILIPS_T2, (FINE,)),
            Scan(Role.FLAIR, "FLAIR_longTR axial", vendor.PHILIPS_FLAIR, (FINE,)),
        ),
    ),
    Plan(
        "two-contrasts",
        vendor.SIEMENS_XA,
        (
            Scan(Role.FLAIR, "FLAIR axial", vendor.TIRM, (THICK,), enhanced=True),
            Scan(Role.T1C, "T1 MPRAGE axial gado", vendor.MPRAGE_AGENT, (SLAB,), enhanced=True),
        ),
        Growth((-38.0, 18.0, 18.0), 3.0, 9.0, 30.0),
        agent="Dotarem",
    ),
    Plan(
        "single",
        vendor.SIEMENS,
        (Scan(Role.T1, "t1_mprage_sag_nativ", vendor.MPRAGE, (CUBE,)),),
        code=Code.NOT_ENOUGH_ROLES,
    ),
    Plan(
        "restless",
        vendor.PHILIPS,
        (
            Scan(Role.T1, "T1 ax sans injection", vendor.PHILIPS_T1, (THICK,)),
            Scan(Role.T2, "T2 TSE ax", vendor.PHILIPS_T2, (THICK,)),
            Scan(Role.FLAIR, "FLAIR ax", vendor.PHILIPS_FLAIR, (THICK,)),
        ),
        conditions=Conditions(noise=0.04, motion_mm=5.0),
        verdict=Verdict.FAIL,
        code=Code.QUALITY_GATE,
    ),
    Plan(
        "incomplete",
        vendor.GE,
        (
            Scan(Role.FLAIR, "Ax T2 FLAIR", vendor.GE_FLAIR, (OBLIQUE,)),
            Scan(Role.T1C, "Ax T1 SE +C", vendor.GE_T1_AGENT, (OBLIQUE,)),
        ),
        Growth((24.0, -32.0, 24.0), 5.0, 8.0, 25.0),
        verdict=Verdict.ABSTAIN,
        code=Code.MISSING_SLICE,
        agent="Gadavist",
        damaged=True,
    ),
)
