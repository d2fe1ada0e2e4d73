"""Scanners and the sequences they run, with the tags each vendor writes for them."""

from __future__ import annotations

from pipeline.demo.contrast import Sequence
from pipeline.demo.protocol import Machine, Weighting

SIEMENS = Machine("SIEMENS", "Tessera Demo 3T", "syngo MR E11", 3.0, 12, False, 420.0)
SIEMENS_XA = Machine(
    "Siemens Healthineers", "Tessera Demo XA", "syngo MR XA30", 3.0, 12, False, 380.0
)
GE = Machine("GE MEDICAL SYSTEMS", "Tessera Demo 1.5T", "27\\LX\\MR", 1.5, 16, True, 2300.0)
PHILIPS = Machine(
    "Philips Medical Systems", "Tessera Demo 3T", "5.7.1", 3.0, 12, False, 600.0, 1.7, 0.0
)

MPRAGE = Weighting(
    Sequence("GR", 2300, 2.98, 1000),
    ("GR", "IR"), ("SK", "SP", "MP"), ("M", "ND", "NORM"), "*tfl3d1_16ns", "3D", 9.0,
)  # fmt: skip
MPRAGE_AGENT = Weighting(
    Sequence("GR", 2300, 2.98, 1000, agent=True),
    ("GR", "IR"), ("SK", "SP", "MP"), ("M", "ND", "NORM"), "*tfl3d1_16ns", "3D", 9.0,
)  # fmt: skip
TSE = Weighting(
    Sequence("SE", 4500, 99),
    ("SE",),
    ("SK", "SP"),
    ("M", "ND", "NORM"),
    "*tse2d1_15",
    "2D",
    150.0,
    15,
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
    Sequence("SE", 4800, 102, tesla=1.5),
    ("SE",),
    ("SK", "SS"),
    ("OTHER",),
    "fse-xl",
    "2D",
    90.0,
    16,
)
GE_FLAIR = Weighting(
    Sequence("IR", 9002, 121, 2430, 1.5),
    ("SE", "IR"),
    ("SK", "OSP"),
    ("OTHER",),
    "flairfse",
    "2D",
    90.0,
    24,
)

PHILIPS_T1 = Weighting(
    Sequence("SE", 600, 10), ("SE",), ("OSP",), ("M_SE", "M", "SE"), "SE", "2D", 70.0
)
PHILIPS_T2 = Weighting(
    Sequence("SE", 3200, 80), ("SE",), ("SK",), ("M_SE", "M", "SE"), "TSE", "2D", 90.0, 15
)
PHILIPS_FLAIR = Weighting(
    Sequence("IR", 11000, 125, 2530),
    ("IR",),
    ("SK", "MP"),
    ("M_IR", "M", "IR"),
    "TIR",
    "2D",
    90.0,
    28,
)
