"""Headers in the habits of five vendors and several languages, with the role a reader would give.

No patient's: written from what vendors' protocol names and timings look like. `None` stands for a
series that must not get a role.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydicom import Dataset
from pydicom.uid import MRImageStorage

from pipeline.dicom.read.acquisition import read_acquisition
from pipeline.study import Acquisition, Instance, Series
from pipeline.types import Role

T1, T1C, T2, FLAIR = Role.T1, Role.T1C, Role.T2, Role.FLAIR
# Sequence, TR, TE, TI in ms, dimensions, slice thickness in mm: what scanners are set to.
KINDS: dict[str, tuple[tuple[str, ...], float, float, float | None, str, float]] = {
    "se": (("SE",), 550, 12, None, "2D", 5),
    "tse": (("SE",), 4800, 102, None, "2D", 5),
    "pd": (("SE",), 3000, 22, None, "2D", 4),
    "dark": (("SE", "IR"), 9000, 95, 2500, "2D", 5),
    "dark3": (("SE", "IR"), 5000, 390, 1800, "3D", 1),
    "cube": (("SE",), 3200, 410, None, "3D", 1),
    "mprage": (("GR", "IR"), 2000, 2.6, 900, "3D", 1),
    "bravo": (("GR",), 8.2, 3.2, 450, "3D", 1),
    "spoiled": (("GR",), 7.1, 3.0, None, "3D", 1),
    "space": (("SE",), 600, 11, None, "3D", 1),
    "t1ir": (("SE", "IR"), 2100, 20, 850, "2D", 5),
    "t2star": (("GR",), 620, 20, None, "2D", 5),
    "swi": (("GR",), 28, 20, None, "3D", 2),
    "tof": (("GR",), 21, 3.6, None, "3D", 1),
    "epi": (("EP", "SE"), 5200, 90, None, "2D", 5),
    "scout": (("GR",), 8.6, 4.0, None, "2D", 6),
    "stir": (("SE", "IR"), 4500, 60, 150, "2D", 4),
    "dir": (("SE", "IR"), 7500, 320, 3000, "3D", 1.3),
}
Entry = tuple[str, str, Role | None]


@dataclass(frozen=True)
class Labelled:
    """A series, who would have made it, and its right role."""

    vendor: str
    series: Series
    role: Role | None


SIEMENS: tuple[Entry, ...] = (
    ("t1_mprage_sag_p2_iso", "mprage", T1),
    ("t1_mprage_tra_p2_iso_KM", "mprage", T1C),
    ("t1_mpr_ns_sag_pat2_iso post", "mprage", T1C),
    ("t1_se_tra", "se", T1),
    ("t1_se_tra_320 KM", "se", T1C),
    ("t1_tse_tra nach KM", "se", T1C),
    ("t1_space_sag_p2_iso +KM", "space", T1C),
    ("t1_vibe_fs_tra_post_gd", "spoiled", T1C),
    ("t1_fl3d_sag_iso", "spoiled", T1),
    ("t2_tse_tra_p2_448", "tse", T2),
    ("t2_blade_tra", "tse", T2),
    ("t2_space_sag_p2_iso", "cube", T2),
    ("t2_tirm_tra_dark-fluid_FS", "dark", FLAIR),
    ("t2_space_dark-fluid_sag_p2_iso_MPR", "dark3", FLAIR),
    ("t2_spc_da-fl_sag_p2_iso", "dark3", FLAIR),
    ("AAHead_Scout", "scout", None),
    ("localizer", "scout", None),
    ("ep2d_diff_3scan_trace_p2_TRACEW", "epi", None),
    ("ep2d_diff_3scan_trace_p2_ADC", "epi", None),
    ("t2_fl2d_tra_hemo", "t2star", None),
    ("SWI_Images", "swi", None),
    ("mIP_Images(SW)", "swi", None),
    ("TOF_3D_multi-slab", "tof", None),
    ("gre_field_mapping", "scout", None),
    ("pd+t2_tse_tra", "pd", None),
    ("t2_tirm_cor_STIR", "stir", None),
    ("t1_mp2rage_sag_UNI_Images", "mprage", None),
    ("t1_tse_sag Hypophyse KM", "se", None),
    ("t2_ci3d_tra_IAC", "spoiled", None),
    ("space_dir_sag_p3_iso", "dir", None),
    ("ep2d_perf_p2", "epi", None),
    ("t1_tra Subtraktion", "se", None),
)
GE: tuple[Entry, ...] = (
    ("Sag T1 FLAIR", "t1ir", T1),
    ("Ax T1 FSE", "se", T1),
    ("Ax T1 SE +C", "se", T1C),
    ("AX T1 POST", "se", T1C),
    ("Ax T1 FLAIR +C Propeller", "t1ir", T1C),
    ("SAG 3D BRAVO", "bravo", T1),
    ("AX BRAVO +C", "bravo", T1C),
    ("Ax 3D FSPGR C+", "bravo", T1C),
    ("Sag CUBE T1 +C", "space", T1C),
    ("Ax T2 PROPELLER", "tse", T2),
    ("Ax T2 FRFSE FS", "tse", T2),
    ("Sag CUBE T2", "cube", T2),
    ("Ax T2 FLAIR", "dark", FLAIR),
    ("Sag CUBE T2 FLAIR", "dark3", FLAIR),
    ("AX FLAIR FS +C", "dark", FLAIR),
    ("3-Plane Localizer", "scout", None),
    ("ASSET calibration", "scout", None),
    ("Ax DWI b=1000", "epi", None),
    ("Apparent Diffusion Coefficient (mm2/s)", "epi", None),
    ("Ax SWAN", "swi", None),
    ("AX T2* GRE", "t2star", None),
    ("3D TOF COW", "tof", None),
    ("(Transit delay corrected) CBF", "epi", None),
    ("Ax FIESTA IAC", "spoiled", None),
    ("AX PD", "pd", None),
    ("COR STIR", "stir", None),
    ("Sag T1 C-SPINE", "se", None),
    ("Ax T1 w/wo", "se", None),
    ("SCREEN SAVE", "se", None),
    ("Inhance 3D Velocity", "tof", None),
)
PHILIPS: tuple[Entry, ...] = (
    ("T1W_SE_ax", "se", T1),
    ("T1W_TSE GADO", "se", T1C),
    ("s3DI_T1_TFE sag", "spoiled", T1),
    ("3D T1 TFE +C", "spoiled", T1C),
    ("T1W_3D_TFE post contrast", "spoiled", T1C),
    ("sT1W_3D_FFE na contrast", "spoiled", T1C),
    ("T2W_TSE_ax", "tse", T2),
    ("T2W_TSE_MV", "tse", T2),
    ("3D_Brain_VIEW_T2", "cube", T2),
    ("FLAIR_longTR", "dark", FLAIR),
    ("3D_Brain_VIEW_FLAIR_SHC", "dark3", FLAIR),
    ("T2W_FLAIR_SPIR", "dark", FLAIR),
    ("Survey", "scout", None),
    ("SmartBrain", "scout", None),
    ("DWI_3b", "epi", None),
    ("dReg - DWI_SSh", "epi", None),
    ("sB0 map", "scout", None),
    ("Ref scan SENSE", "scout", None),
    ("SWIp", "swi", None),
    ("T2_FFE", "t2star", None),
    ("s3DI_MC_HR TOF", "tof", None),
    ("3D_bFFE", "spoiled", None),
    ("DRIVE_CLEAR", "cube", None),
    ("PDW_TSE", "pd", None),
    ("STIR_longTE", "stir", None),
    ("DelRec - T1 map", "spoiled", None),
    ("pCASL", "epi", None),
    ("VIEW DIR", "dir", None),
)
CANON: tuple[Entry, ...] = (
    ("T1 SE AX", "se", T1),
    ("T1WI axial", "se", T1),
    ("T1 FE3D SAG", "spoiled", T1),
    ("CE T1 AX", "se", T1C),
    ("T1W AX+Gd", "se", T1C),
    ("3D MPRAGE CE", "mprage", T1C),
    ("T2 FSE2D AX", "tse", T2),
    ("T2WI AX JET", "tse", T2),
    ("T2 MPV SAG", "cube", T2),
    ("FLAIR AX", "dark", FLAIR),
    ("FLAIR MPV 3D", "dark3", FLAIR),
    ("T2 FLAIR AX FatSAT", "dark", FLAIR),
    ("Locator", "scout", None),
    ("DWI AX b1000", "epi", None),
    ("ADC", "epi", None),
    ("FSBB", "swi", None),
    ("T2*WI", "t2star", None),
    ("TOF MRA", "tof", None),
    ("PD AX", "pd", None),
    ("MAP Shimming", "scout", None),
    ("MRA MIP", "tof", None),
    ("ASL PERFUSION", "epi", None),
)
FUJIFILM: tuple[Entry, ...] = (
    ("T1 SE Ax", "se", T1),
    ("T1W RADAR Ax", "se", T1),
    ("T1 isoFSE Sag Gd", "space", T1C),
    ("T1 Ax CE", "se", T1C),
    ("3D GEIR T1 Sag", "mprage", T1),
    ("T2 FSE Ax", "tse", T2),
    ("T2W RADAR-FSE", "tse", T2),
    ("isoFSE T2 Sag", "cube", T2),
    ("FLAIR Ax RADAR", "dark", FLAIR),
    ("T2 FLAIR Ax", "dark", FLAIR),
    ("Scanogram", "scout", None),
    ("Scout", "scout", None),
    ("DWI SE-EPI", "epi", None),
    ("BSI", "swi", None),
    ("T2* GE Ax", "t2star", None),
    ("TOF 3D", "tof", None),
    ("BASG thin", "spoiled", None),
    ("PDW FSE", "pd", None),
    ("Fat sat STIR Cor", "stir", None),
)
LANGUAGES: tuple[Entry, ...] = (
    ("T1 tra nativ", "se", T1),
    ("T1 sag ohne KM", "se", T1),
    ("T1 cor nach Kontrastmittel", "se", T1C),
    ("Übersicht", "scout", None),
    ("T1 AX SANS GADO", "se", T1),
    ("T1 AX APRÈS INJECTION", "se", T1C),
    ("AX T2 SE écho de gradient T2 étoile", "t2star", None),
    ("Repérage", "scout", None),
    ("T1 AX SIN CONTRASTE", "se", T1),
    ("T1 AXIAL CON CONTRASTE", "se", T1C),
    ("Difusión", "epi", None),
    ("T1 assiale senza mdc", "se", T1),
    ("T1 assiale dopo mdc", "se", T1C),
    ("FLAIR assiale", "dark", FLAIR),
    ("T1 AX PÓS GADOLÍNIO", "se", T1C),
    ("T1 SEM CONTRASTE", "se", T1),
    ("T1 voor contrast", "se", T1),
    ("T2 TRA", "tse", T2),
    ("T1 造影後", "se", T1C),
    ("Т1 с контрастом", "se", T1C),
    ("造影T1", "se", T1C),
    ("T2 横断", "tse", T2),
    ("T1 med kontrast", "se", T1C),
    ("T1 uten kontrast", "se", T1),
    ("T1 före kontrast", "se", T1),
    ("T1 efter kontrast", "se", T1C),
    ("T1 po kontraście", "se", T1C),
    ("T1 bez kontrastu", "se", T1),
    ("T1 kontrastsız", "se", T1),
    ("T1 öncesi kontrast", "se", T1),
    ("T1 ilman kontrastia", "se", T1),
    ("T1 fără contrast", "se", T1),
    ("T1 nélkül kontraszt", "se", T1),
    ("T1 χωρίς contrast", "se", T1),
    ("T1 sau tiêm contrast", "se", T1C),
    ("T1 kontrast", "se", T1C),
    ("T1 平扫", "se", T1),
)
VENDORS: dict[str, tuple[str, tuple[Entry, ...]]] = {
    "Siemens": ("SIEMENS", SIEMENS),
    "GE": ("GE MEDICAL SYSTEMS", GE),
    "Philips": ("Philips Medical Systems", PHILIPS),
    "Canon": ("CANON_MEC", CANON),
    "Fujifilm": ("FUJIFILM Healthcare Corporation", FUJIFILM),
    "languages": ("SIEMENS", LANGUAGES),
}


def labelled() -> list[Labelled]:
    """All of them, read as a scan would read their headers."""
    return [
        Labelled(vendor, _series(f"{vendor} {number}", maker, *entry[:2]), entry[2])
        for vendor, (maker, entries) in VENDORS.items()
        for number, entry in enumerate(entries)
    ]


def _series(uid: str, maker: str, description: str, kind: str) -> Series:
    acquisition = header(maker, description, kind)
    slices = 170 if acquisition.acquisition_type == "3D" else 26
    instances = tuple(Instance("", f"{uid}.{n}", n, 1) for n in range(slices))  # type: ignore[arg-type]
    return Series(uid, 1, "1.2.3", acquisition, instances)


def header(maker: str, description: str, kind: str) -> Acquisition:
    """What is read from such a header."""
    sequence, repetition, echo, inversion, dimensions, thickness = KINDS[kind]
    values: dict[str, Any] = {
        "SpecificCharacterSet": "ISO_IR 192",
        "SOPClassUID": MRImageStorage,
        "Modality": "MR",
        "Manufacturer": maker,
        "SeriesDescription": description,
        "ImageType": ["ORIGINAL", "PRIMARY", "M"],
        "ScanningSequence": list(sequence),
        "MRAcquisitionType": dimensions,
        "RepetitionTime": repetition,
        "EchoTime": echo,
        "SliceThickness": thickness,
        "PixelSpacing": [0.9, 0.9],
        "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
        "Rows": 256,
        "Columns": 256,
        "SamplesPerPixel": 1,
    }
    if inversion is not None:
        values["InversionTime"] = inversion
    dataset = Dataset()
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    return read_acquisition(dataset)
