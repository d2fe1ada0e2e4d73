"""The seven studies of the demo cohort, each there for one thing it puts to the test."""

from __future__ import annotations

from pipeline.demo.contrast import Sequence
from pipeline.demo.protocol import Machine, Plan, Scan, Weighting
from pipeline.demo.scanner import Conditions
from pipeline.demo.stack import Stack
from pipeline.demo.tumour import Growth
from pipeline.errors import Code
from pipeline.types import Role, Verdict

SIEMENS = Machine("SIEMENS", "Tessera Demo 3T", "syngo MR E11", 3.0, 12, False, 420.0)
SIEMENS_XA = Machine("Siemens Healthineers", "Tessera Demo XA", "syngo MR XA30", 3.0, 12, False, 380.0)
GE = Machine("GE MEDICAL SYSTEMS", "Tessera Demo 1.5T", "27\\LX\\MR", 1.5, 16, True, 2300.0)
PHILIPS = Machine("Philips Medical Systems", "Tessera Demo 3T", "5.7.1", 3.0, 12, False, 600.0, 1.7, 0.0)

THICK = Stack("axial", 256, 256, 26, 0.9, 5.0, 5.5)
OBLIQUE = Stack("axial", 256, 256, 24, 0.94, 5.0, 6.0, tilt_degrees=-14.0)
FINE = Stack("axial", 240, 192, 40, 1.0, 3.5, 3.9, tilt_degrees=-6.0)
CUBE = Stack("sagittal", 192, 192, 144, 1.25, 1.25, 1.25, centre_mm=(0.0, 8.0, -5.0))
SLAB = Stack("axial", 192, 160, 96, 1.25, 1.6, 1.6)
SCOUTS = tuple(Stack(plane, 128, 128, 1, 2.2, 8.0, 8.0) for plane in ("axial", "coronal", "sagittal"))

MPRAGE = Weighting(
    Sequence("GR", 2300, 2.98, 1000),
    ("GR", "IR"), ("SK", "SP", "MP"), ("M", "ND", "NORM"), "*tfl3d1_16ns", "3D", 9.0,
)  # fmt: skip
MPRAGE_AGENT = Weighting(
    Sequence("GR", 2300, 2.98, 1000, agent=True),
    ("GR", "IR"), ("SK", "SP", "MP"), ("M", "ND", "NORM"), "*tfl3d1_16ns", "3D", 9.0,
)  # fmt: skip
TSE = Weighting(
    Sequence("SE", 4500, 99), ("SE",), ("SK", "SP"), ("M", "ND", "NORM"), "*tse2d1_15", "2D", 150.0, 15
)
TIRM = Weighting(
    Sequence("IR", 9000, 117, 2450),
    ("SE", "IR"), ("SK", "SP", "MP"), ("M", "ND", "NORM"), "*tir2d1_16", "2D", 150.0, 16,
)  # fmt: skip
SCOUT = Weighting(Sequence("GR", 20, 5), ("GR",), ("SP",), ("M", "NORM"), "*fl2d1", "2D", 40.0)

GE_T1 = Weighting(Sequence("SE", 560, 11, tesla=1.5), ("SE",), ("NONE",), ("OTHER",), "", "2D")
GE_T1_AGENT = Weighting(
    Sequence("SE", 560, 11, tesla=1.5, agent=True), ("SE",), ("NONE",), ("OTHER",), "", "2D"
)
GE_T2 = Weighting(
    Sequence("SE", 4800, 102, tesla=1.5), ("SE",), ("SK", "SS"), ("OTHER",), "fse-xl", "2D", 90.0, 16
)
GE_FLAIR = Weighting(
    Sequence("IR", 9002, 121, 2430, 1.5), ("SE", "IR"), ("SK", "OSP"), ("OTHER",), "flairfse", "2D", 90.0, 24
)

PHILIPS_T1 = Weighting(
    Sequence("SE", 600, 10), ("SE",), ("OSP",), ("M_SE", "M", "SE"), "SE", "2D", 70.0
)
PHILIPS_T2 = Weighting(
    Sequence("SE", 3200, 80), ("SE",), ("SK",), ("M_SE", "M", "SE"), "TSE", "2D", 90.0, 15
)
PHILIPS_FLAIR = Weighting(
    Sequence("IR", 11000, 125, 2530), ("IR",), ("SK", "MP"), ("M_IR", "M", "IR"), "TIR", "2D", 90.0, 28
)

PLANS = (
    Plan(
        "frontal",
        SIEMENS,
        (
            Scan(None, "localizer", SCOUT, SCOUTS),
            Scan(Role.T1, "t1_mprage_sag_p2_iso", MPRAGE, (CUBE,)),
            Scan(Role.T2, "t2_tse_tra_5mm", TSE, (THICK,)),
            Scan(Role.FLAIR, "t2_tirm_tra_dark-fluid", TIRM, (THICK,)),
            Scan(Role.T1C, "t1_mprage_tra_KM", MPRAGE_AGENT, (SLAB,)),
        ),
        Growth((-30.0, -20.0, 28.0), 10.0, 16.0, 60.0),
        agent="Gadovist",
    ),
    Plan(
        "repositioned",
        GE,
        (
            Scan(Role.T1, "Ax T1 SE", GE_T1, (OBLIQUE,)),
            Scan(Role.T2, "Ax T2 FRFSE", GE_T2, (OBLIQUE,), elsewhere=True),
            Scan(Role.FLAIR, "Ax T2 FLAIR", GE_FLAIR, (OBLIQUE,)),
            Scan(Role.T1C, "Ax T1 SE POST GAD", GE_T1_AGENT, (OBLIQUE,)),
        ),
        Growth((34.0, 30.0, 20.0), 22.0, 20.0, 80.0),
        agent="15 cc Multihance",
    ),
    Plan(
        "healthy",
        PHILIPS,
        (
            Scan(Role.T1, "T1W_SE axial sin contraste", PHILIPS_T1, (FINE,)),
            Scan(Role.T2, "T2W_TSE axial", PHILIPS_T2, (FINE,)),
            Scan(Role.FLAIR, "FLAIR_longTR axial", PHILIPS_FLAIR, (FINE,)),
        ),
    ),
    Plan(
        "two-contrasts",
        SIEMENS_XA,
        (
            Scan(Role.FLAIR, "FLAIR axial", TIRM, (THICK,), enhanced=True),
            Scan(Role.T1C, "T1 MPRAGE axial gado", MPRAGE_AGENT, (SLAB,), enhanced=True),
        ),
        Growth((-38.0, 18.0, 18.0), 3.0, 9.0, 30.0),
        agent="Dotarem",
    ),
    Plan(
        "single",
        SIEMENS,
        (Scan(Role.T1, "t1_mprage_sag_nativ", MPRAGE, (CUBE,)),),
        code=Code.NOT_ENOUGH_ROLES,
    ),
    Plan(
        "restless",
        PHILIPS,
        (
            Scan(Role.T1, "T1 ax sans injection", PHILIPS_T1, (THICK,)),
            Scan(Role.T2, "T2 TSE ax", PHILIPS_T2, (THICK,)),
            Scan(Role.FLAIR, "FLAIR ax", PHILIPS_FLAIR, (THICK,)),
        ),
        conditions=Conditions(noise=0.04, motion_mm=5.0),
        verdict=Verdict.FAIL,
        code=Code.QUALITY_GATE,
    ),
    Plan(
        "incomplete",
        GE,
        (
            Scan(Role.FLAIR, "Ax T2 FLAIR", GE_FLAIR, (OBLIQUE,)),
            Scan(Role.T1C, "Ax T1 SE +C", GE_T1_AGENT, (OBLIQUE,)),
        ),
        Growth((24.0, -32.0, 24.0), 5.0, 8.0, 25.0),
        verdict=Verdict.ABSTAIN,
        code=Code.MISSING_SLICE,
        agent="Gadavist",
        damaged=True,
    ),
)
